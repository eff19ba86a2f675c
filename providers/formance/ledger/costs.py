"""What asking the ledger costs, which hangs on what its server can filter.

Objects that are asked for together are taken to be of at most `LEDGERS` ledgers, and a list of all ledgers to be one
page. The numbers of the batches are those of one call, 100, shared out over the ledgers.
"""

from providers.costs import ACCOUNTS_EACH, ALL, Costs, PageRate, Rate
from providers.formance.client import ledger
from providers.formance.client.payments import LIST_PAYMENTS
from providers.formance.filters import MOST_TERMS
from providers.formance.ledger.generation import V1, V2_1, V2_4
from providers.http import Endpoint

LEDGERS = 4
"""Ledgers that a stack is taken to have, and that objects which are asked for together are taken to be of."""

_EXISTING = Rate(operation=ledger.GET_INFO.operation, batch=ALL)
"""Which ledgers there are: asked first where asking about one would make it."""


def _each(endpoint: Endpoint, times: int = 1) -> tuple[Rate]:
    return (Rate(operation=endpoint.operation, each=times),)


def _once(endpoint: Endpoint) -> tuple[Rate]:
    return (Rate(operation=endpoint.operation, each=1, is_shared=False),)


def _page(endpoint: Endpoint) -> tuple[PageRate]:
    return (PageRate(operation=endpoint.operation),)


def _together(endpoint: Endpoint, one: Endpoint) -> tuple[Rate]:
    single = one.operation
    return (Rate(operation=endpoint.operation, batch=10, least=LEDGERS + 1, alone=1, single=single),)


_SHARED = Rate(operation=ledger.V2_LIST_TRANSACTIONS.operation, each=2, alone=1)
"""Pages that accounts share, and one call for each that they hold too little of."""

_BOTH: Costs = {
    "payments_by_reference": (Rate(operation=LIST_PAYMENTS.operation, batch=MOST_TERMS),),
}
_SECOND: Costs = {
    **_BOTH,
    "ledgers_by_ref": (
        Rate(operation=ledger.V2_LIST_LEDGERS.operation, batch=ALL, alone=1, single=ledger.V2_GET_LEDGER.operation),
    ),
    "all_ledgers": (Rate(operation=ledger.V2_LIST_LEDGERS.operation, batch=ALL),),
    "ledger_accounts_by_ref": _together(ledger.V2_LIST_ACCOUNTS, ledger.V2_GET_ACCOUNT),
    "ledger_balances_by_account": _together(ledger.V2_LIST_ACCOUNTS, ledger.V2_GET_ACCOUNT),
    "ledger_transactions_by_account": (_SHARED,),
    "ledger_transactions_by_reference": (
        Rate(operation=ledger.V2_LIST_TRANSACTIONS.operation, batch=16, least=LEDGERS),
    ),
    "ledger_accounts_by_customer": (Rate(operation=ledger.V2_LIST_ACCOUNTS.operation, batch=3, least=LEDGERS),),
    "list_ledgers": _page(ledger.V2_LIST_LEDGERS),
    "list_ledger_accounts": _page(ledger.V2_LIST_ACCOUNTS),
    "list_ledger_transactions": _page(ledger.V2_LIST_TRANSACTIONS),
    "list_ledger_logs": _page(ledger.V2_LIST_LOGS),
    "list_ledger_volumes": _page(ledger.V2_GET_VOLUMES_WITH_BALANCES),
    "count_ledger_accounts": _once(ledger.V2_COUNT_ACCOUNTS),
    "count_ledger_transactions": _once(ledger.V2_COUNT_TRANSACTIONS),
    "ledger_sums": _once(ledger.V2_GET_BALANCES_AGGREGATED),
    "ledger_statistics_by_ref": _each(ledger.V2_READ_STATS),
    "ledger_migrations_by_ref": _each(ledger.V2_GET_LEDGER_INFO),
    "ledger_server": _once(ledger.V2_GET_INFO),
}
_V2_4: Costs = {
    **_SECOND,
    "ledger_transactions_by_ref": _together(ledger.V2_LIST_TRANSACTIONS, ledger.V2_GET_TRANSACTION),
}
_V2_1: Costs = {**_SECOND, "ledger_transactions_by_ref": _each(ledger.V2_GET_TRANSACTION)}
_V1: Costs = {
    **_BOTH,
    "ledgers_by_ref": (_EXISTING,),
    "all_ledgers": (_EXISTING,),
    "ledger_accounts_by_ref": (*_each(ledger.GET_ACCOUNT), _EXISTING),
    "ledger_volumes_by_account": (*_each(ledger.GET_ACCOUNT), _EXISTING),
    "ledger_balances_by_account": (*_each(ledger.GET_ACCOUNT), _EXISTING),
    "ledger_transactions_by_ref": (*_each(ledger.GET_TRANSACTION), _EXISTING),
    "ledger_transactions_by_account": (*_each(ledger.LIST_TRANSACTIONS), _EXISTING),
    "ledger_transactions_by_reference": _each(ledger.LIST_TRANSACTIONS, LEDGERS),
    "ledger_accounts_by_customer": (
        *_each(ledger.LIST_ACCOUNTS, LEDGERS),
        *_each(ledger.GET_ACCOUNT, ACCOUNTS_EACH),
        _EXISTING,
    ),
    "list_ledgers": _page(ledger.GET_INFO),
    "list_ledger_accounts": _page(ledger.LIST_ACCOUNTS),
    "list_ledger_transactions": _page(ledger.LIST_TRANSACTIONS),
    "list_ledger_logs": _page(ledger.LIST_LOGS),
    "list_ledger_volumes": _page(ledger.GET_BALANCES),
    "count_ledger_accounts": _once(ledger.COUNT_ACCOUNTS),
    "count_ledger_transactions": _once(ledger.COUNT_TRANSACTIONS),
    "ledger_sums": _once(ledger.GET_BALANCES_AGGREGATED),
    "ledger_statistics_by_ref": _each(ledger.READ_STATS),
    "ledger_mappings_by_ref": _each(ledger.GET_MAPPING),
    "ledger_migrations_by_ref": _each(ledger.GET_LEDGER_INFO),
    "ledger_server": _once(ledger.GET_INFO),
}
_WORSE: Costs = {**_V1, "ledger_transactions_by_account": (_SHARED, _EXISTING)}


def ledger_costs(generation: str | None) -> Costs:
    """What reads cost on servers of a generation; the worst of all while it is not known."""
    return {V1: _V1, V2_1: _V2_1, V2_4: _V2_4}.get(generation or "", _WORSE)
