"""What the auth module remembers."""

import uuid
from collections.abc import Mapping

import msgspec

_SHOWN = 4
"""Characters of a secret that are still shown when it is not."""


class Secret(msgspec.Struct, kw_only=True):
    """One secret of a client. `clear` is told once, when it is made."""

    id: str
    name: str
    clear: str
    metadata: dict[str, object] = {}

    def wire(self) -> dict[str, object]:
        """As a client's record tells of it."""
        return {
            "id": self.id,
            "name": self.name,
            "lastDigits": self.clear[-_SHOWN:],
            "metadata": self.metadata,
        }


class Client(msgspec.Struct, kw_only=True):
    """Who may ask for tokens. One that is trusted gets every scope."""

    id: str
    name: str = ""
    public: bool = False
    description: str = ""
    trusted: bool = False
    redirect_uris: list[str] = []
    post_logout_redirect_uris: list[str] = []
    metadata: dict[str, object] = {}
    scopes: list[str] = []
    secrets: list[Secret] = []

    def wire(self) -> Mapping[str, object]:
        """As it is answered."""
        return {
            "id": self.id,
            "name": self.name,
            "public": self.public,
            "redirectUris": self.redirect_uris,
            "description": self.description,
            "trusted": self.trusted,
            "postLogoutRedirectUris": self.post_logout_redirect_uris,
            "metadata": self.metadata,
            "scopes": self.scopes,
            "secrets": [secret.wire() for secret in self.secrets],
        }

    def has(self, clear: str) -> bool:
        """Whether this is one of its secrets."""
        return any(secret.clear == clear for secret in self.secrets)


class User(msgspec.Struct, frozen=True):
    """Somebody who has logged in."""

    id: str
    subject: str
    email: str


class Accounts(msgspec.Struct):
    """Clients and users by their ids."""

    clients: dict[str, Client] = {}
    users: dict[str, User] = {}


def new_id() -> str:
    """What nothing else has."""
    return str(uuid.uuid4())
