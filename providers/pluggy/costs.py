"""What asking Pluggy costs."""

from providers.costs import ACCOUNTS_EACH, ALL, Costs, PageRate, Rate, orders
from providers.pluggy import client

_LIST = Rate(operation=client.SMART_ACCOUNTS_LIST.operation, batch=ALL, alone=0)
"""A list that is read in vain, where accounts are then asked for one by one."""

COSTS: Costs = {
    "accounts_by_ref": (_LIST, Rate(operation=client.SMART_ACCOUNT_RETRIEVE.operation, each=1)),
    "accounts_by_customer": (
        Rate(operation=client.SMART_ACCOUNTS_LIST.operation, batch=ALL),
        Rate(operation=client.SMART_ACCOUNT_RETRIEVE.operation, each=ACCOUNTS_EACH),
    ),
    "balances_by_account": (Rate(operation=client.SMART_ACCOUNT_BALANCE_RETRIEVE.operation, each=1),),
    "list_accounts": (PageRate(operation=client.SMART_ACCOUNTS_LIST.operation),),
    "probe": (Rate(operation=client.SMART_ACCOUNTS_LIST.operation, each=1),),
    **orders({"create_smart_account": client.SMART_ACCOUNT_CREATE.operation}),
}
