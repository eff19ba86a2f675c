"""How Finicity's operations are reached. Each document has a customer of its own, so that no refresh meets another."""

from typing import Any

from tests.conftest import Graph
from tests.operations import ground
from tests.operations.row import Needs, Row, Variables, change

_LOOK = """{
  customers(first: 25) { nodes { id accounts(provider: FINICITY) { nodes {
    id
    ... on AggregatedAccount { status aggregationStatusCode institutionId institutionLoginId }
  } } } }
}"""
_PART = """
query ($id: ID!, $bank: String) {{ customer(id: $id) {{ accounts({}: $bank) {{ nodes {{ id }} }} }} }}
"""
_REFRESH = change("refreshAccounts", "RefreshAccountsInput", "refresh { id status }")


async def _holding(graph: Graph, place: int) -> tuple[str, dict[str, Any]]:
    """The customer at this place among those whose accounts are all well, and one of the accounts."""
    nodes = (await graph.data(_LOOK))["customers"]["nodes"]
    well = [node for node in nodes if node["accounts"]["nodes"] and all(map(_is_well, node["accounts"]["nodes"]))]
    return str(well[place]["id"]), dict(well[place]["accounts"]["nodes"][0])


def _is_well(account: dict[str, Any]) -> bool:
    return (account["status"], account["aggregationStatusCode"]) == ("ACTIVE", 0)


async def _institution(graph: Graph) -> Variables:
    customer, account = await _holding(graph, 0)
    return {"id": customer, "bank": account["institutionId"]}


async def _login(graph: Graph) -> Variables:
    customer, account = await _holding(graph, 0)
    return {"id": customer, "bank": account["institutionLoginId"]}


def _refreshing(place: int, *, is_tiered: bool, is_login: bool) -> Needs:
    async def needs(graph: Graph) -> Variables:
        customer, account = await _holding(graph, place)
        login = account["institutionLoginId"] if is_login else None
        return ground.input_(customerId=customer, institutionLoginId=login, isTiered=is_tiered)

    return needs


async def _unwanted_account(graph: Graph) -> Variables:
    return ground.input_(accountId=(await _holding(graph, 4))[1]["id"])


async def _unwanted_login(graph: Graph) -> Variables:
    customer, account = await _holding(graph, 5)
    return ground.input_(customerId=customer, institutionLoginId=account["institutionLoginId"])


READS = (
    Row(
        "finicity.GetCustomerAccountsByInstitution",
        "Query.customer.accounts(institutionId)",
        _PART.format("institutionId"),
        _institution,
    ),
    Row(
        "finicity.GetCustomerAccountsByInstitutionLogin",
        "Query.customer.accounts(institutionLoginId)",
        _PART.format("institutionLoginId"),
        _login,
    ),
)

REFRESHES = (
    Row(
        "finicity.RefreshCustomerAccounts",
        "Mutation.refreshAccounts",
        _REFRESH,
        _refreshing(0, is_tiered=False, is_login=False),
    ),
    Row(
        "finicity.RefreshCustomerAccountsV2",
        "Mutation.refreshAccounts",
        _REFRESH,
        _refreshing(1, is_tiered=True, is_login=False),
    ),
    Row(
        "finicity.RefreshCustomerAccountsByInstitutionLogin",
        "Mutation.refreshAccounts",
        _REFRESH,
        _refreshing(2, is_tiered=False, is_login=True),
    ),
    Row(
        "finicity.RefreshCustomerAccountsByInstitutionLoginV2",
        "Mutation.refreshAccounts",
        _REFRESH,
        _refreshing(3, is_tiered=True, is_login=True),
    ),
)

DELETIONS = (
    Row(
        "finicity.DeleteCustomerAccount",
        "Mutation.deleteAccount",
        change("deleteAccount", "DeleteAccountInput", "deletedAccountId"),
        _unwanted_account,
    ),
    Row(
        "finicity.DeleteCustomerAccountsByInstitutionLogin",
        "Mutation.deleteInstitutionLogin",
        change("deleteInstitutionLogin", "DeleteInstitutionLoginInput", "customer { id }"),
        _unwanted_login,
    ),
)
