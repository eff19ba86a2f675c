"""The same money as banks, payment providers, pools and ledgers have it."""

from datetime import datetime

import strawberry

from providers.domain import BalanceSource, Provider, ReconciliationSide
from resolvers import side_by_side
from schema.fields import backed_by, described
from schema.money import Money
from schema.problem import UpstreamProblem


@strawberry.type(description="What one side has of a currency, over all that could be read there.")
class SideAmount:
    """GraphQL `SideAmount`, backed by `providers.domain.SideAmount`."""

    money: Money = described("The sum. Ledger amounts have the ledger's own sign.")
    as_of: datetime | None = described(
        "The oldest time for which a part of it was stated. Null when the provider does not say it of some part."
    )
    fetched_at: datetime = described("When the first part of it was read from its provider.")
    age: int = described("Seconds since `asOf`, or since `fetchedAt` where that is null.")
    source: BalanceSource = described("How the providers came by it; `SUM` where that differs from part to part.")
    providers: list[Provider] = described("Who gave the parts.")
    parts: int = described("How many numbers were summed.")
    is_complete: bool = described("False when a part of this side could not be read; see `problems` of the report.")


@strawberry.type(
    description="How far sides that should agree are apart. A side that was read whole and lacks the currency counts "
    "as zero. Banks are compared with nobody: what a customer has there is other money."
)
class SideBySideDrift:
    """GraphQL `SideBySideDrift`, backed by `providers.domain.SideBySideDrift`."""

    ledger: Money | None = described(
        "Of a customer: what payment providers hold less what the ledger says that the customer has, so above zero "
        "when more is there than is owed. Of a pool: its sum plus the ledger's, whose accounts are expected to be "
        "overdrawn by what the pool holds; below zero when the pool lacks money. Zero means that they agree. Null "
        "when a side was not read whole or has no accounts."
    )
    pool: Money | None = described(
        "The pools' own sums less what the accounts in them hold, one by one. Zero means that they agree. Null when a "
        "side was not read whole or has no accounts."
    )


@strawberry.type(description="One currency as every side has it.")
class SideBySide:
    """GraphQL `SideBySide`, backed by `providers.domain.SideBySide`."""

    currency: str = described("The currency's ISO 4217 code, or the asset's code where there is none, such as `BTC`.")
    bank: SideAmount | None = described(
        "What accounts at banks and smart accounts hold: current or else cleared balances, debts left out. Null when "
        "there is none in this currency, and for pools, which hold payment accounts alone."
    )
    payment_provider: SideAmount | None = described(
        "What accounts at payment providers hold. Null when there is none in this currency."
    )
    pool: SideAmount | None = described(
        "The sum of the pool as the provider computes it; of a customer, of the pools that hold accounts of the "
        "customer's and nobody else's. Null when there is none, and for callers without the scope `pools:read`."
    )
    ledger: SideAmount | None = described(
        "What the ledger says, with the ledger's own sign. Of a customer: the balances of the customer's ledger "
        "accounts, above zero for what the organisation owes the customer. Of a pool: the balances of the accounts "
        "that its policies name, which are expected to be below zero, since what has come in is owed to somebody. "
        "Null when there is none in this currency."
    )
    drift: SideBySideDrift = described("How far sides that should agree are apart.")


@strawberry.type(description="Why a side lacks numbers, all or some.")
class SideProblem:
    """GraphQL `SideProblem`, backed by `resolvers.side_by_side.SideProblem`."""

    side: ReconciliationSide = described("Which side.")
    problem: UpstreamProblem = described("What the provider did not tell, and why.")


@strawberry.type(
    description="The same money as banks, payment providers, pools and ledgers have it, at one time as far as they can "
    "tell. A side that fails lacks its own numbers only."
)
class SideBySideReport:
    """GraphQL `SideBySideReport`, backed by `resolvers.side_by_side.SideBySideReport`."""

    at: datetime | None = described("The time that was asked for. Null when it is now.")
    currencies: list[SideBySide] = described("Every currency that any side has, by its code.")
    problems: list[SideProblem] = described(
        "What is missing. A failure is an entry of `errors` as well, with this report's path and the code "
        "`PARTIAL_RESULT`; what a provider does not offer is not."
    )

    is_type_of = backed_by(side_by_side.SideBySideReport)
