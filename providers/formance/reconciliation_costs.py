"""What asking the reconciliation service costs."""

from providers.costs import ALL, WHOLE_LIST, Costs, PageRate, Rate, orders
from providers.formance import filters
from providers.formance.client import reconciliation as client
from providers.formance.client.accounts import GET_ACCOUNT_BALANCES
from providers.formance.client.ledger import V2_GET_BALANCES_AGGREGATED

_POLICIES, _RECONCILIATIONS = client.LIST_POLICIES.operation, client.LIST_RECONCILIATIONS.operation

RATES: Costs = {
    "reconciliation_policies_by_ref": (
        Rate(operation=_POLICIES, batch=ALL, least=WHOLE_LIST, alone=1, single=client.GET_POLICY.operation),
    ),
    "policies_by_pool": (Rate(operation=_POLICIES, batch=filters.MOST_TERMS, least=WHOLE_LIST),),
    "reconciliations_by_ref": (Rate(operation=client.GET_RECONCILIATION.operation, each=1),),
    "reconciliations_by_policy": (Rate(operation=_RECONCILIATIONS, each=1, batch=filters.MOST_TERMS, alone=1),),
    "ledger_sums_by_query": (Rate(operation=V2_GET_BALANCES_AGGREGATED.operation, each=1),),
    "past_balances_by_account": (Rate(operation=GET_ACCOUNT_BALANCES.operation, each=1),),
    "list_reconciliation_policies": (PageRate(operation=_POLICIES),),
    "list_reconciliations": (PageRate(operation=_RECONCILIATIONS),),
    **orders(
        {
            "create_reconciliation_policy": client.CREATE_POLICY.operation,
            "delete_reconciliation_policy": client.DELETE_POLICY.operation,
            "reconcile": client.RECONCILE.operation,
        }
    ),
}
