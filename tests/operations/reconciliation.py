"""How the operations of the reconciliation service are reached."""

from tests.conftest import Graph
from tests.operations import ground
from tests.operations.row import Row, Variables, change

_LISTED = "{ nodes { id } }"
_BY = "formance.reconciliation."


async def _new_policy(graph: Graph) -> Variables:
    return ground.input_(
        name=ground.key(),
        ledgerName="main",
        ledgerQuery={"$match": {"address": "pools:group-treasury"}},
        poolId=await ground.first_id(graph, "pools"),
    )


async def _old_policy(graph: Graph) -> Variables:
    document = change("createReconciliationPolicy", "CreateReconciliationPolicyInput", "policy { id }")
    made = await ground.made(graph, document, **(await _new_policy(graph))["input"])
    return ground.input_(policyId=made["policy"]["id"])


async def _times(graph: Graph) -> Variables:
    policy = (await _old_policy(graph))["input"]["policyId"]
    return ground.input_(policyId=policy, atLedger="2026-11-01T11:00:00Z", atPayments="2026-11-01T11:00:00Z")


RECONCILIATION = (
    Row(f"{_BY}list_policies", "Query.reconciliationPolicies", f"{{ reconciliationPolicies {_LISTED} }}"),
    Row(
        f"{_BY}get_policy",
        "Query.reconciliationPolicy",
        "query ($id: ID!) { reconciliationPolicy(id: $id) { name } }",
        ground.one_of("reconciliationPolicies"),
    ),
    Row(f"{_BY}list_reconciliations", "Query.reconciliations", f"{{ reconciliations {_LISTED} }}"),
    Row(
        f"{_BY}get_reconciliation",
        "Query.reconciliation",
        "query ($id: ID!) { reconciliation(id: $id) { status } }",
        ground.one_of("reconciliations"),
    ),
    Row(
        f"{_BY}create_policy",
        "Mutation.createReconciliationPolicy",
        change("createReconciliationPolicy", "CreateReconciliationPolicyInput", "policy { id }"),
        _new_policy,
    ),
    Row(
        f"{_BY}reconcile",
        "Mutation.reconcile",
        change("reconcile", "ReconcileInput", "reconciliation { status }"),
        _times,
    ),
    Row(
        f"{_BY}delete_policy",
        "Mutation.deleteReconciliationPolicy",
        change("deleteReconciliationPolicy", "DeleteReconciliationPolicyInput", "deletedReconciliationPolicyId"),
        _old_policy,
    ),
)
