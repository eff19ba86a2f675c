"""What a payments server stores. Connectors and payments are replaced when a write changes them, others are changed."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Literal

import msgspec

Generation = Literal["v2", "v3"]
"""Which payments server answers `/api/payments`: the one of stacks before 3.0, or the one since."""


class Connector(msgspec.Struct, frozen=True):
    """An installed payment provider. `provider` is the documented word ("CURRENCY-CLOUD")."""

    id: str
    key: dict[str, str]
    """What the id encodes: `Provider`, whose case tells the installing generation, and `Reference`."""
    provider: str
    name: str
    created_at: datetime
    config: dict[str, str | int] = {}
    """Settings as they were given, secrets in clear text."""
    is_leaving: bool = False
    """An uninstallation has begun and has not ended."""


class Account(msgspec.Struct):
    """An account at a connector. Default asset and name are empty when the provider gave none."""

    id: str
    reference: str
    connector: Connector
    created_at: datetime
    kind: str
    name: str
    default_asset: str
    metadata: dict[str, str]
    raw: Mapping[str, object]


class Balance(msgspec.Struct):
    """What one poll after another saw, from `created_at` to `last_updated_at`, in minor units of the asset."""

    account_id: str
    asset: str
    amount: int
    created_at: datetime
    last_updated_at: datetime


class Adjustment(msgspec.Struct, frozen=True):
    """One step in a payment's life. The amount is null only in data that goes beyond the documentation."""

    reference: str
    created_at: datetime
    status: str
    amount: int | None
    raw: Mapping[str, object]


class Payment(msgspec.Struct, frozen=True):
    """A payment between two accounts, each of which may be unknown: then its id is empty. Adjustments: newest first."""

    id: str
    reference: str
    connector: Connector
    source: str
    destination: str
    kind: str
    status: str
    amount: int
    initial_amount: int
    scheme: str
    asset: str
    created_at: datetime
    adjustments: Sequence[Adjustment]
    metadata: Mapping[str, str]


class Pool(msgspec.Struct):
    """A named group of internal accounts. One with a query (v3) is dynamic: it takes no accounts by hand."""

    id: str
    name: str
    created_at: datetime
    accounts: list[str]
    query: dict[str, object] | None = None


class RelatedAccount(msgspec.Struct):
    """The account that a bank account became at a connector. Only v2 gives the relation an id of its own."""

    id: str
    account_id: str
    connector: Connector
    created_at: datetime


class BankAccount(msgspec.Struct):
    """A bank account that the stack's user stored. Empty texts were not given. Numbers are whole here."""

    id: str
    name: str
    created_at: datetime
    country: str
    iban: str
    account_number: str
    swift_bic_code: str
    metadata: dict[str, str]
    related: list[RelatedAccount] = []


class Step(msgspec.Struct):
    """One adjustment of a transfer initiation."""

    id: str
    created_at: datetime
    status: str
    error: str = ""


class Initiation(msgspec.Struct):
    """A transfer initiation. Steps are newest first, and payments are ids, newest first too."""

    id: str
    reference: str
    connector: Connector
    created_at: datetime
    scheduled_at: datetime | None
    description: str
    source: str
    destination: str
    kind: str
    amount: int
    initial_amount: int
    asset: str
    metadata: dict[str, str]
    steps: list[Step]
    payments: list[str] = []
    reversed: int = 0
    """How much of it was sent back, in minor units."""

    @property
    def status(self) -> str:
        """What the newest step says."""
        return self.steps[0].status


class Task(msgspec.Struct):
    """Work that a connector does again and again: a task of v2's scheduler, a schedule of v3's."""

    id: str
    connector: Connector
    created_at: datetime
    updated_at: datetime
    name: str
    key: str
    status: str


def timestamp(moment: datetime) -> str:
    """RFC 3339 in UTC, without trailing zeros in the fraction."""
    text = moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f").rstrip("0").rstrip(".")
    return text + "Z"


def metadata(generation: Generation, values: Mapping[str, object]) -> Mapping[str, object] | None:
    """Metadata as on the wire: where there is none, v3 says null and v2 an empty object."""
    return values or (None if generation == "v3" else {})
