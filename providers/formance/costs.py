"""What asking Formance costs. It hangs on what the payments server can filter, which its generation tells.

Several of the vendor's limits meet in the numbers of a batch: 40 terms of a filter, and an URL of 8 KB in which the ids
of accounts, some 200 characters each, have room for 12 with both ends of a payment, and for 20 with one.
"""

from functools import lru_cache

from providers.costs import ACCOUNTS_EACH, ALL, WHOLE_LIST, Costs, PageRate, Rate, orders
from providers.formance import balances, filters, payment_scan
from providers.formance.client import accounts, bank_accounts, connectors, payments, pools, tasks, transfers
from providers.formance.client.stack import GET_VERSIONS
from providers.formance.ledger.costs import ledger_costs
from providers.formance.ledger.order_costs import ORDERS
from providers.formance.module_costs import MODULES
from providers.formance.orchestration.costs import COSTS as ORCHESTRATION
from providers.formance.reconciliation_costs import RATES as RECONCILIATION
from providers.formance.wallets import costs as wallets
from providers.http import Endpoint

_OF_CUSTOMERS = (Rate(operation=accounts.LIST_ACCOUNTS.operation, batch=filters.MOST_TERMS // (ACCOUNTS_EACH + 1)),)
"""A customer is one term, and each account that is linked to it is another."""


def _by_id(endpoint: Endpoint, one: Endpoint, *, least: int = 1) -> tuple[Rate]:
    """One alone by its id, or the pages that hold several."""
    many, single = endpoint.operation, one.operation
    return (Rate(operation=many, batch=filters.MOST_TERMS, least=least, alone=1, single=single),)


def _one(endpoint: Endpoint) -> tuple[Rate]:
    return (Rate(operation=endpoint.operation, each=1, is_shared=False),)


def _page(endpoint: Endpoint) -> tuple[PageRate]:
    return (PageRate(operation=endpoint.operation),)


def _whole(endpoint: Endpoint) -> tuple[Rate]:
    return (Rate(operation=endpoint.operation, batch=ALL, least=WHOLE_LIST),)


_BOTH: Costs = {
    **ORCHESTRATION,
    **MODULES,
    "accounts_by_ref": _by_id(accounts.LIST_ACCOUNTS, accounts.GET_ACCOUNT),
    "accounts_by_customer": _OF_CUSTOMERS,
    "derived_links_by_customer": _OF_CUSTOMERS,
    "balances_by_account": (Rate(operation=accounts.GET_ACCOUNT_BALANCES.operation, each=balances.MOST_PAGES),),
    "payments_by_ref": _by_id(payments.LIST_PAYMENTS, payments.GET_PAYMENT),
    "balances_by_pool": (
        Rate(operation=pools.GET_POOL_BALANCES_LATEST.operation, each=1),
        Rate(operation=pools.GET_POOL_BALANCES.operation, each=1),
    ),
    "connectors_by_ref": (Rate(operation=connectors.LIST_ALL_CONNECTORS.operation, batch=ALL),),
    "tasks_by_ref": (Rate(operation=tasks.GET_TASK_V1.operation, each=1),),
    "bank_accounts_by_account": _whole(bank_accounts.LIST_BANK_ACCOUNTS),
    "bank_accounts_by_customer": _whole(bank_accounts.LIST_BANK_ACCOUNTS),
    "transfers_by_ref": _by_id(transfers.LIST_TRANSFERS, transfers.GET_TRANSFER),
    "transfer_details_by_ref": (Rate(operation=transfers.GET_TRANSFER.operation, each=1),),
    "list_accounts": _page(accounts.LIST_ACCOUNTS),
    "list_payments": _page(payments.LIST_PAYMENTS),
    "list_pools": _page(pools.LIST_POOLS),
    "list_connectors": _one(connectors.LIST_ALL_CONNECTORS),
    "list_bank_accounts": _page(bank_accounts.LIST_BANK_ACCOUNTS),
    "list_transfers": _page(transfers.LIST_TRANSFERS),
    "balance_history": _page(accounts.GET_ACCOUNT_BALANCES),
    "connector_settings": _one(connectors.READ_CONFIG_V1),
    "connector_settings_by_kind": _one(connectors.READ_CONFIG),
    "connector_tasks_by_kind": _page(tasks.LIST_TASKS),
    "task_by_kind": _one(tasks.GET_TASK),
    "available_connectors": _one(connectors.LIST_CONFIGS),
    **RECONCILIATION,
    "probe": (*_one(GET_VERSIONS), *_one(pools.LIST_POOLS)),
    **orders(
        {
            "create_pool": pools.CREATE_POOL.operation,
            "delete_pool": pools.DELETE_POOL.operation,
            "add_account_to_pool": pools.ADD_ACCOUNT_TO_POOL.operation,
            "remove_account_from_pool": pools.REMOVE_ACCOUNT_FROM_POOL.operation,
            "create_payment_account": accounts.CREATE_ACCOUNT.operation,
            "create_payment": payments.CREATE_PAYMENT.operation,
            "update_payment_metadata": payments.UPDATE_METADATA.operation,
            "create_bank_account": bank_accounts.CREATE_BANK_ACCOUNT.operation,
            "forward_bank_account": bank_accounts.FORWARD_BANK_ACCOUNT.operation,
            "update_bank_account_metadata": bank_accounts.UPDATE_BANK_ACCOUNT_METADATA.operation,
            "create_transfer_initiation": transfers.CREATE_TRANSFER.operation,
            "validate_transfer_initiation": transfers.UPDATE_STATUS.operation,
            "reject_transfer_initiation": transfers.UPDATE_STATUS.operation,
            "retry_transfer_initiation": transfers.RETRY_TRANSFER.operation,
            "reverse_transfer_initiation": transfers.REVERSE_TRANSFER.operation,
            "delete_transfer_initiation": transfers.DELETE_TRANSFER.operation,
            "transfer_between_connector_accounts": transfers.CONNECTORS_TRANSFER.operation,
            "install_connector": connectors.INSTALL.operation,
            "update_connector": connectors.UPDATE_CONFIG_V1.operation,
            "reset_connector": connectors.RESET_V1.operation,
            "uninstall_connector": connectors.UNINSTALL_V1.operation,
            "reset_connector_by_kind": connectors.RESET.operation,
            "uninstall_connector_by_kind": connectors.UNINSTALL.operation,
        }
    ),
}

_V3: Costs = {
    **_BOTH,
    "payments_by_account": (Rate(operation=payments.LIST_PAYMENTS.operation, each=1, batch=12, alone=1),),
    "list_payments_of_accounts": _page(payments.LIST_PAYMENTS),
    "pools_by_ref": _by_id(pools.LIST_POOLS, pools.GET_POOL),
    "pools_by_account": (Rate(operation=pools.LIST_POOLS.operation, batch=20),),
    "bank_accounts_by_ref": _by_id(bank_accounts.LIST_BANK_ACCOUNTS, bank_accounts.GET_BANK_ACCOUNT),
    "connector_tasks": (PageRate(operation=tasks.LIST_TASKS_V1.operation, page=WHOLE_LIST),),
}
_V2: Costs = {
    **_BOTH,
    "payments_by_account": (
        Rate(operation=payments.LIST_PAYMENTS.operation, batch=ALL, least=payment_scan.MOST_PAGES),
    ),
    "list_payments_of_accounts": (
        PageRate(operation=payments.LIST_PAYMENTS.operation, page=payment_scan.MOST_PAGES, is_full=False),
    ),
    "pools_by_ref": _by_id(pools.LIST_POOLS, pools.GET_POOL, least=WHOLE_LIST),
    "pools_by_account": _whole(pools.LIST_POOLS),
    "bank_accounts_by_ref": _by_id(bank_accounts.LIST_BANK_ACCOUNTS, bank_accounts.GET_BANK_ACCOUNT, least=WHOLE_LIST),
    "connector_tasks": _page(tasks.LIST_TASKS_V1),
}
_WORSE: Costs = {
    **_V2,
    "payments_by_account": (
        Rate(operation=payments.LIST_PAYMENTS.operation, each=1, batch=12, least=payment_scan.MOST_PAGES),
    ),
    "pools_by_account": (Rate(operation=pools.LIST_POOLS.operation, batch=20, least=WHOLE_LIST),),
    "connector_tasks": _V3["connector_tasks"],
}


@lru_cache(maxsize=32)
def costs(generation: str | None, ledger: str | None = None, *, reads_wallets: bool = False) -> Costs:
    """What reads cost on servers of these generations; the worst of all while they are not known.

    `reads_wallets`: the ledger of the wallets has been read.
    """
    of_payments = {"v2": _V2, "v3": _V3}.get(generation or "", _WORSE)
    of_wallets = wallets.BATCHED if reads_wallets else wallets.SINGLE
    return {**of_payments, **ledger_costs(ledger), **of_wallets, **ORDERS}
