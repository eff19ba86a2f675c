"""The clients and users that are there at first, the same every time."""

import uuid

from providers.formance.sandbox.oauth.records import Accounts, Client, Secret, User

_SPACE = uuid.UUID("5d0b6a52-4c1f-4d56-9a57-0f6c1d3f9e11")
_CLIENTS = (
    ("back-office", "Tools of the operations team.", ["ledger:read", "payments:read"]),
    ("nightly-export", "Reads the ledgers every night.", ["ledger:read"]),
)
_USERS = ("Noor Haddad", "Tomas Lind")


def _id(*parts: str) -> str:
    return str(uuid.uuid5(_SPACE, "/".join(parts)))


def seeded() -> Accounts:
    """Two clients with a secret each, and two users."""
    clients = [
        Client(
            id=_id("client", name),
            name=name,
            description=description,
            scopes=scopes,
            secrets=[Secret(id=_id("secret", name), name="first", clear=_id("clear", name))],
        )
        for name, description, scopes in _CLIENTS
    ]
    users = [User(_id("user", name), name, f"{name.split()[0].lower()}@example.com") for name in _USERS]
    return Accounts({client.id: client for client in clients}, {user.id: user for user in users})
