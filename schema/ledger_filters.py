"""How to choose among what a ledger holds."""

from datetime import datetime

import strawberry

from schema.fields import described
from schema.scalars import BigInt


@strawberry.input(description="A note that must be there with exactly this value.")
class MetadataMatch:
    """GraphQL `MetadataMatch`; the resolvers turn it into `providers.domain.MetadataMatch`."""

    key: str = described("The note's name.")
    value: str = described("Its value.")


@strawberry.input(
    description="Conditions that all must hold. An omitted or null one holds for every account. Servers of the first "
    "generation know no `asset`, and one bound of the balance at a time: what they cannot look for is an error with "
    "the code `UNSUPPORTED`."
)
class LedgerAccountFilter:
    """GraphQL `LedgerAccountFilter`; the resolvers turn it into `providers.domain.LedgerAccountFilter`."""

    address: str | None = described(
        "Only accounts with this address. An empty segment stands for any: `users:` is every account of two segments "
        "of which the first is `users`.",
        default=None,
    )
    metadata: list[MetadataMatch] | None = described("Only accounts with all of these notes.", default=None)
    asset: str | None = described(
        "The asset of the balance that the bounds are about, such as `USD/2`; of any asset when omitted.", default=None
    )
    balance_from: BigInt | None = described("Only accounts with at least this balance, in minor units.", default=None)
    balance_below: BigInt | None = described("Only accounts with less than this balance, in minor units.", default=None)


@strawberry.input(
    description="Conditions that all must hold. An omitted or null one holds for every transaction. Addresses may have "
    "empty segments, which stand for any."
)
class LedgerTransactionFilter:
    """GraphQL `LedgerTransactionFilter`; the resolvers turn it into `providers.domain.LedgerTransactionFilter`."""

    account: str | None = described("Only transactions that touch an account with this address.", default=None)
    source: str | None = described("Only those in which money leaves an account with this address.", default=None)
    destination: str | None = described("Only those in which money reaches an account with this address.", default=None)
    reference: str | None = described("Only the one with exactly this reference.", default=None)
    since: datetime | None = described("Only those with this `timestamp` or a later one.", default=None)
    until: datetime | None = described("Only those with an earlier `timestamp`.", default=None)
    is_reverted: bool | None = described(
        "Only those that were reverted, or only those that were not. Servers of the first generation cannot look for "
        "this: it is an error with the code `UNSUPPORTED` there.",
        default=None,
    )
    metadata: list[MetadataMatch] | None = described("Only transactions with all of these notes.", default=None)
