"""Mutations of policies, and the comparison by one, as they are tried by several processes."""

from tests.conftest import Graph
from tests.operations import ground
from tests.operations.row import Variables, change
from tests.processes.row import Row

_CREATE = change("createReconciliationPolicy", "CreateReconciliationPolicyInput", "policy { id }")
_TIME, _LONG_AGO = "2026-11-01T11:00:00Z", "2000-01-01T00:00:00Z"


def _key(operation: str) -> str:
    return f"formance.reconciliation.{operation}"


async def _new(graph: Graph) -> Variables:
    """A policy of a pool of its own: others are deleted meanwhile."""
    accounts = await ground.account_ids(graph, "FORMANCE", kind="INTERNAL")
    return ground.input_(
        name=ground.key(),
        ledgerName="main",
        ledgerQuery={"$match": {"address": "pools:group-treasury"}},
        poolId=await ground.pool(graph, accounts=accounts[:1]),
    )


async def _policy(graph: Graph) -> str:
    made = await ground.made(graph, _CREATE, **(await _new(graph))["input"])
    return str(made["policy"]["id"])


async def _old(graph: Graph) -> Variables:
    return ground.input_(policyId=await _policy(graph))


async def _times(graph: Graph) -> Variables:
    """A time when the pool was empty, whatever other rows do to accounts."""
    return ground.input_(policyId=await _policy(graph), atLedger=_TIME, atPayments=_LONG_AGO)


RECONCILIATION = (
    Row(
        mutation="createReconciliationPolicy",
        takes="CreateReconciliationPolicyInput",
        shows="policy { id name ledgerName ledgerQuery pool { id } }",
        operation=_key("create_policy"),
        needs=_new,
        holds=lambda given, payload: (
            payload["policy"] | {"id": "", "pool": payload["policy"]["pool"]["id"]}
            == {
                "id": "",
                "name": given["name"],
                "ledgerName": given["ledgerName"],
                "ledgerQuery": given["ledgerQuery"],
                "pool": given["poolId"],
            }
        ),
    ),
    Row(
        mutation="deleteReconciliationPolicy",
        takes="DeleteReconciliationPolicyInput",
        shows="deletedReconciliationPolicyId",
        operation=_key("delete_policy"),
        needs=_old,
        holds=lambda given, payload: payload["deletedReconciliationPolicyId"] == given["policyId"],
    ),
    Row(
        mutation="reconcile",
        takes="ReconcileInput",
        shows="reconciliation { id status error policy { id } drift { amount asset } }",
        operation=_key("reconcile"),
        needs=_times,
        holds=lambda given, payload: (
            payload["reconciliation"]["policy"] == {"id": given["policyId"]}
            and payload["reconciliation"]["status"] == "NOT_OK"
            and "USD/2" in payload["reconciliation"]["error"]
            and "USD/2" in {each["asset"] for each in payload["reconciliation"]["drift"]}
        ),
    ),
)
