"""What asking Finicity costs. A person is taken to be one of its customers, or two that are linked."""

from providers.costs import Costs, PageRate, Rate, orders
from providers.finicity import client

_PERSON = Rate(operation=client.GET_CUSTOMERS.operation, each=1)

COSTS: Costs = {
    "accounts_by_ref": (Rate(operation=client.GET_CUSTOMER_ACCOUNT.operation, each=1),),
    "accounts_by_customer": (_PERSON, Rate(operation=client.GET_CUSTOMER_ACCOUNTS.operation, each=1)),
    "accounts_by_bank": (_PERSON, Rate(operation=client.GET_CUSTOMER_ACCOUNTS_BY_INSTITUTION.operation, each=1)),
    "refreshes_by_ref": (Rate(operation=client.GET_CUSTOMER_ACCOUNTS.operation, each=1),),
    "derived_links_by_customer": (_PERSON,),
    "customer_ids_by_account": (Rate(operation=client.GET_CUSTOMER.operation, each=1),),
    "list_accounts": (
        PageRate(
            operation=f"{client.GET_CUSTOMERS.operation}, {client.GET_CUSTOMER_ACCOUNTS.operation}",
            wanted=4,
            is_full=False,
        ),
    ),
    "probe": (Rate(operation=client.GET_CUSTOMERS.operation, each=1),),
    **orders(
        {
            "refresh_accounts": client.REFRESH_CUSTOMER_ACCOUNTS.operation,
            "delete_account": client.DELETE_CUSTOMER_ACCOUNT.operation,
            "delete_institution_login": client.DELETE_CUSTOMER_ACCOUNTS_BY_INSTITUTION_LOGIN.operation,
        }
    ),
}
