"""How the operations that read ledgers are reached, by servers of both generations."""

from collections.abc import Iterator

from tests.conftest import Graph
from tests.operations.row import STACKS, Needs, Row, Variables

STACKS |= {"ledger v1": {"SANDBOX_LEDGER": "v1"}}


async def main_ledger(graph: Graph) -> Variables:
    """The id of the ledger that holds the people's money."""
    nodes = (await graph.data("{ ledgers { nodes { id name } } }"))["ledgers"]["nodes"]
    return {"id": next(node["id"] for node in nodes if node["name"] == "main")}


def first_of(field: str) -> Needs:
    """The id of the first of a ledger's accounts or transactions."""

    async def needs(graph: Graph) -> Variables:
        query = f"query ($id: ID!) {{ ledger(id: $id) {{ {field}(first: 1) {{ nodes {{ id }} }} }} }}"
        found = await graph.data(query, **await main_ledger(graph))
        return {"id": found["ledger"][field]["nodes"][0]["id"]}

    return needs


_FIELDS = (
    ("get_ledger_info", "migrations", "{ version }"),
    ("count_accounts", "accountCount", ""),
    ("list_accounts", "accounts", "{ nodes { id } }"),
    ("count_transactions", "transactionCount", ""),
    ("list_transactions", "transactions", "{ nodes { id } }"),
    ("get_balances_aggregated", "aggregatedBalances", "{ amount }"),
    ("list_logs", "logs", "{ nodes { number } }"),
    ("read_stats", "statistics", "{ accountCount }"),
)
_NODES = (
    ("get_account", "ledgerAccount", first_of("accounts")),
    ("get_transaction", "ledgerTransaction", first_of("transactions")),
)


def _reads(service: str, generation: str) -> Iterator[Row]:
    for operation, field, below in _FIELDS:
        document = f"query ($id: ID!) {{ ledger(id: $id) {{ {field} {below} }} }}"
        yield Row(f"{service}.{operation}", f"Query.ledger.{field}", document, main_ledger, generation)
    for operation, field, needs in _NODES:
        document = f"query ($id: ID!) {{ {field}(id: $id) {{ id }} }}"
        yield Row(f"{service}.{operation}", f"Query.{field}", document, needs, generation)


_VOLUMES = "query ($id: ID!) { ledger(id: $id) { volumes { nodes { address } } } }"
_LEDGERS = "{ ledgers { nodes { id } } }"
_SERVER = "{ ledgerServer { version } }"

LEDGERS = (
    Row("formance.ledger.v2.get_info", "Query.ledgerServer", _SERVER),
    Row("formance.ledger.v2.list_ledgers", "Query.ledgers", _LEDGERS),
    Row(
        "formance.ledger.v2.get_ledger",
        "Query.ledger",
        "query ($id: ID!) { ledger(id: $id) { id } }",
        main_ledger,
    ),
    *_reads("formance.ledger.v2", "v3"),
    Row("formance.ledger.v2.get_volumes_with_balances", "Query.ledger.volumes", _VOLUMES, main_ledger),
    Row("formance.ledger.v1.get_info", "Query.ledgers", _LEDGERS, generation="ledger v1"),
    *_reads("formance.ledger.v1", "ledger v1"),
    Row("formance.ledger.v1.get_balances", "Query.ledger.volumes", _VOLUMES, main_ledger, "ledger v1"),
    Row(
        "formance.ledger.v1.get_mapping",
        "Query.ledger.mapping",
        "query ($id: ID!) { ledger(id: $id) { mapping { address } } }",
        main_ledger,
        "ledger v1",
    ),
)
