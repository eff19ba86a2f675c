"""What a field costs in vendor calls: as declared beside it, and as the SDL tells it to clients and gateways.

https://ibm.github.io/graphql-specs/cost-spec.html, in the form that federation routers read.
"""

from typing import Any

import msgspec
import strawberry
from strawberry.schema_directive import Location

from providers.costs import ACCOUNTS_EACH
from providers.domain import Provider

FIRST = "first"
"""The argument by which every connection is sliced."""

ITEMS = ["nodes", "edges"]
"""The fields of a connection that are as long as its slice."""


POOL = 25
"""Accounts that a pool is taken to hold."""

LEDGER_ENDS = 4
"""Accounts that a transaction of a ledger is taken to touch."""

HELD_BY = {
    "AggregatedAccount": Provider.FINICITY,
    "PaymentAccount": Provider.FORMANCE,
    "SmartAccount": Provider.PLUGGY,
    "Refresh": Provider.FINICITY,
    "Wallet": Provider.FORMANCE,
    "WalletBalance": Provider.FORMANCE,
    "Hold": Provider.FORMANCE,
}
"""The types of which one provider alone has objects: nobody else is asked for what belongs to them."""


class Load(msgspec.Struct, frozen=True, kw_only=True):
    """What a field asks the vendors for: the name of a loader, or of a method of the providers' protocols.

    `times`: keys for each parent. `follows`: needs the answer of the load before it. `is_common`: other fields of the
    same object that ask for it ask for the same, whatever their arguments. `given` and `absent` name arguments of which
    any must be given, or all left out.
    """

    name: str
    times: int = 1
    follows: bool = False
    is_common: bool = False
    given: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()


class Cost(msgspec.Struct, frozen=True, kw_only=True):
    """What a field costs, and how much it gives.

    `weight`: calls for a single parent at the worst, with every provider and the usual arguments. `for_bound`: other
    loads, for each customer of a caller that is bound to customers. `by_id` names the
    argument that holds global ids: the load is that of their types. `assumed`: how many objects a list is taken to
    have at most; `of_each`: how many of each provider. `gives`: the only types of an abstract type that there can be.
    `is_told`: there may be a value although no provider can be asked.
    """

    weight: int = 0
    loads: tuple[Load, ...] = ()
    for_bound: tuple[Load, ...] | None = None
    by_id: str = ""
    is_sliced: bool = False
    assumed: int = 0
    of_each: int = 0
    gives: tuple[str, ...] = ()
    is_told: bool = False


def load(name: str, **how: Any) -> tuple[Load, ...]:  # noqa: ANN401 - fields of `Load`
    """A single load."""
    return (Load(name=name, **how),)


def listed(name: str, weight: int = 1, *, for_bound: tuple[Load, ...] | None = None) -> Cost:
    """The cost of a window on a vendor's own list."""
    return Cost(weight=weight, loads=load(name), for_bound=for_bound, is_sliced=True)


ACCOUNTS = Load(name="accounts_by_customer", is_common=True)
"""The accounts of a customer, which its other fields need as well."""

PAYMENTS = (
    Load(name="payments_by_account", times=ACCOUNTS_EACH, follows=True, absent=("after",)),
    Load(name="list_payments_of_accounts", follows=True, given=("after",)),
)
"""The payments of a customer's accounts."""

POOLS = Load(name="pools_by_account", times=ACCOUNTS_EACH, follows=True)
"""The pools of a customer's accounts."""

LEDGER_ACCOUNTS = (
    Load(name="all_ledgers", is_common=True),
    Load(name="ledger_accounts_by_customer", follows=True, is_common=True),
)
"""The accounts of a customer in all ledgers."""
WALLETS = Load(name="wallets_by_customer", is_common=True)
"""The wallets of a customer, which its other fields need as well."""

OWNED: dict[str, Load | tuple[Load, ...]] = {
    "AggregatedAccount": Load(name="customer_ids_by_account", is_common=True),
    "Payment": Load(name="accounts_by_ref", times=2, is_common=True),
    "TransferInitiation": Load(name="accounts_by_ref", times=2, is_common=True),
    "Pool": Load(name="accounts_by_ref", times=POOL, is_common=True),
    "BankAccount": Load(name="accounts_by_ref", times=ACCOUNTS_EACH, is_common=True),
    "Refresh": Load(name="customer_ids_by_account", is_common=True),
    "WalletBalance": Load(name="wallets_by_ref", is_common=True),
    "Hold": Load(name="wallets_by_ref", is_common=True),
    "LedgerAccount": Load(name="wallets_by_ref", is_common=True),
    "LedgerTransaction": (
        Load(name="ledger_accounts_by_ref", times=LEDGER_ENDS, is_common=True),
        Load(name="wallets_by_ref", times=LEDGER_ENDS, is_common=True, follows=True),
    ),
}
"""What tells whose an object is: loaded before it is shown to a caller that is bound to customers."""

PAYMENT_ACCOUNT = Cost(weight=1, loads=load("accounts_by_ref"), gives=("PaymentAccount",))
"""The cost of an account that is named in a record of a payment provider."""


@strawberry.schema_directive(
    locations=[
        Location.ARGUMENT_DEFINITION,
        Location.ENUM,
        Location.FIELD_DEFINITION,
        Location.INPUT_FIELD_DEFINITION,
        Location.OBJECT,
        Location.SCALAR,
    ],
    name="cost",
    description="Vendor calls that a field takes at the most, for one parent.",
)
class CostDirective:
    """`@cost`."""

    weight: int


@strawberry.schema_directive(
    locations=[Location.FIELD_DEFINITION],
    name="listSize",
    description="How many items a list has at the most: by an argument, or as it is assumed.",
)
class ListSizeDirective:
    """`@listSize`."""

    assumed_size: int | None = strawberry.directive_field(name="assumedSize", default=strawberry.UNSET)
    slicing_arguments: list[str] | None = strawberry.directive_field(name="slicingArguments", default=strawberry.UNSET)
    sized_fields: list[str] | None = strawberry.directive_field(name="sizedFields", default=strawberry.UNSET)
    require_one_slicing_argument: bool | None = strawberry.directive_field(
        name="requireOneSlicingArgument", default=True
    )


def directives(cost: Cost) -> list[object]:
    """How the SDL tells a cost. A sliced list whose size is assumed as well is no longer than that."""
    told: list[object] = [CostDirective(weight=cost.weight)] if cost.weight else []
    size = cost.assumed or cost.of_each * 3
    if size:
        sized = ITEMS if cost.is_sliced else strawberry.UNSET
        told.append(ListSizeDirective(assumed_size=size, sized_fields=sized, require_one_slicing_argument=False))
    elif cost.is_sliced:
        told.append(
            ListSizeDirective(slicing_arguments=[FIRST], sized_fields=ITEMS, require_one_slicing_argument=False)
        )
    return told
