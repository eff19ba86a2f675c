"""The vendor calls of one query, and what the answer lacks when one of them fails."""

from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from providers.domain import NodeType, Ref
from resolvers import ids
from tests.faults import bodies

QUERY = """
query ($id: ID!) {
  customer(id: $id) {
    id name
    accounts {
      totalCount
      problems { provider operation code retryable retryAfter vendorCode message }
      nodes {
        __typename id provider providerId kind name currency
        balances { ...B }
        payments(first: 3) { totalCount nodes { ...P } }
        pools { ...Q }
      }
    }
    payments(first: 5) { nodes { ...P } }
    pools { ...Q }
  }
}
fragment M on Money { amount currency asset minorUnits }
fragment B on Balance { kind source asOf money { ...M } }
fragment P on Payment { id status money { ...M } initialMoney { ...M } adjustments { status money { ...M } } }
fragment Q on Pool { id name balances { ...B } }
"""

MANY, ONE = "cus_0001", "cus_0002"
"""Customers of all three vendors: with several smart accounts, which are read as a list, and with one."""

Place = tuple[str | int, ...]
Lose = Callable[[Any], Sequence[Place]]


def customer_id(person: str) -> str:
    """The global id of a customer."""
    return ids.encode(Ref(NodeType.CUSTOMER, (person,)))


class Call(msgspec.Struct, frozen=True):
    """A vendor operation. `path` is the sandbox's, with a place for what `native_id` finds in a healthy answer.

    `lose` takes out of a healthy answer's customer what hangs on the call, and tells where an error is due. `body` is a
    good answer with a number in it.
    """

    provider: str
    operation: str
    path: str
    lose: Lose
    body: Callable[[str], str]
    native_id: Callable[[Any], str] = lambda _: ""
    is_list: bool = False
    """True when what is lost is a part of the merged list of accounts."""


def _without(provider: str) -> Lose:
    def lose(customer: Any) -> Sequence[Place]:
        accounts = customer["accounts"]
        accounts["nodes"] = [node for node in accounts["nodes"] if node["provider"] != provider]
        accounts["totalCount"] = None
        return [("accounts",)]

    return lose


def _accounts(customer: Any) -> Sequence[Place]:
    """Payments and pools are asked for by account."""
    places = [*_without("FORMANCE")(customer), ("payments",), ("pools",)]
    customer["payments"] = customer["pools"] = None
    return places


def _balances(provider: str) -> Lose:
    def lose(customer: Any) -> Sequence[Place]:
        index, node = _first(customer, provider)
        node["balances"] = None
        return [("accounts", "nodes", index, "balances")]

    return lose


def _of_each(field: str) -> Lose:
    """A field of every payment account, and of the customer."""

    def lose(customer: Any) -> Sequence[Place]:
        places: list[Place] = [(field,)]
        customer[field] = None
        for index, node in enumerate(customer["accounts"]["nodes"]):
            if node["provider"] == "FORMANCE":
                node[field] = None
                places.append(("accounts", "nodes", index, field))
        return places

    return lose


def _sums(customer: Any) -> Sequence[Place]:
    """One pool's, wherever it is shown."""
    lost, places = customer["pools"][0]["id"], []
    shown = [((), customer), *((("accounts", "nodes", i), one) for i, one in enumerate(customer["accounts"]["nodes"]))]
    for place, holder in shown:
        for index, pool in enumerate(holder["pools"] or ()):
            if pool["id"] == lost:
                pool["balances"] = None
                places.append((*place, "pools", index, "balances"))
    return places


def _first(customer: Any, provider: str) -> tuple[int, Any]:
    nodes = customer["accounts"]["nodes"]
    return next((index, node) for index, node in enumerate(nodes) if node["provider"] == provider)


def _first_id(provider: str) -> Callable[[Any], str]:
    return lambda customer: str(_first(customer, provider)[1]["providerId"])


def _pool_id(customer: Any) -> str:
    return ids.decode(customer["pools"][0]["id"], NodeType.POOL).native_id


_PAYMENTS = "/api/payments"
_SMART = "/payments/smart-accounts"

FINICITY = Call(
    "FINICITY",
    "GetCustomerAccounts",
    "/aggregation/v1/customers/*/accounts",
    _without("FINICITY"),
    bodies.finicity,
    is_list=True,
)
SMART_LIST = Call("PLUGGY", "smart_accounts_list", _SMART, _without("PLUGGY"), bodies.smart_account, is_list=True)
SMART_ONE = Call(
    "PLUGGY",
    "smart_account_retrieve",
    _SMART + "/{}",
    _without("PLUGGY"),
    bodies.smart_account,
    _first_id("PLUGGY"),
    is_list=True,
)
SMART_BALANCE = Call(
    "PLUGGY",
    "smart_account_balance_retrieve",
    _SMART + "/{}/balance",
    _balances("PLUGGY"),
    bodies.pluggy,
    _first_id("PLUGGY"),
)
ACCOUNTS = Call(
    "FORMANCE", "paymentslist_accounts", _PAYMENTS + "/accounts", _accounts, bodies.empty_page, is_list=True
)
ACCOUNT_BALANCES = Call(
    "FORMANCE",
    "get_account_balances",
    _PAYMENTS + "/accounts/{}/balances",
    _balances("FORMANCE"),
    bodies.account_balances,
    _first_id("FORMANCE"),
)
PAYMENTS = Call("FORMANCE", "list_payments", _PAYMENTS + "/payments", _of_each("payments"), bodies.payments)
POOLS = Call("FORMANCE", "list_pools", _PAYMENTS + "/pools", _of_each("pools"), bodies.empty_page)
POOL_BALANCES = Call(
    "FORMANCE",
    "get_pool_balances_latest",
    _PAYMENTS + "/pools/{}/balances/latest",
    _sums,
    bodies.pool_balances,
    _pool_id,
)

GROUPS: tuple[tuple[str, tuple[Call, ...]], ...] = (
    (MANY, (FINICITY, SMART_BALANCE, ACCOUNT_BALANCES)),
    (MANY, (SMART_LIST, PAYMENTS)),
    (ONE, (SMART_ONE, POOLS)),
    (MANY, (ACCOUNTS,)),
    (MANY, (POOL_BALANCES,)),
)
"""Every call once, with those of other vendors that can fail in the same query without hiding each other.

In each group, what takes accounts out of the list comes first: the places of the others are counted after it.
"""
