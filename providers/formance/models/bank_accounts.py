"""What the payments service answers about bank accounts. Their numbers come obfuscated."""

from datetime import datetime

import msgspec


class RelatedAccount(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    """What a bank account became at a connector."""

    account_id: str | None = msgspec.field(name="accountID", default=None)
    connector_id: str | None = msgspec.field(name="connectorID", default=None)
    provider: str | None = None
    created_at: datetime | None = None


class BankAccount(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    """A bank account. What is empty is left out. v2 repeats the first related account at the top."""

    id: str
    name: str = ""
    country: str | None = None
    iban: str | None = None
    account_number: str | None = None
    swift_bic_code: str | None = None
    created_at: datetime | None = None
    metadata: dict[str, str] | None = None
    related_accounts: tuple[RelatedAccount, ...] | None = None
