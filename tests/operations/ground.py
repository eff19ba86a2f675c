"""What documents need before they can run: ids of what there is, and new things that they may change."""

from uuid import uuid4

from tests.conftest import Graph
from tests.operations.row import Needs, Variables, change
from tests.resolvers.asking import person


def key() -> str:
    """A new idempotency key, or any other name that nobody has used."""
    return f"operations-{uuid4().hex}"


def input_(**fields: object) -> Variables:
    """The one variable of a mutation, with a new idempotency key."""
    return {"input": {"idempotencyKey": key(), **fields}}


def given(**variables: str) -> Needs:
    """Variables that are known beforehand."""

    async def needs(_graph: Graph) -> Variables:
        return dict(variables)

    return needs


def one_of(field: str) -> Needs:
    """The id of the first object of a root list."""

    async def needs(graph: Graph) -> Variables:
        return {"id": await first_id(graph, field)}

    return needs


def account_of(provider: str) -> Needs:
    """The id of the first account at a provider."""

    async def needs(graph: Graph) -> Variables:
        return {"id": (await account_ids(graph, provider))[0]}

    return needs


async def first_id(graph: Graph, field: str) -> str:
    """The id of the first object of a root list."""
    found = await graph.data(f"{{ {field}(first: 1) {{ nodes {{ id }} }} }}")
    return str(found[field]["nodes"][0]["id"])


async def account_ids(graph: Graph, provider: str, *, kind: str | None = None) -> list[str]:
    """The ids of the first accounts at a provider, or of those of a kind."""
    query = "query ($of: Provider) { accounts(provider: $of, first: 100) { nodes { id kind } } }"
    nodes = (await graph.data(query, of=provider))["accounts"]["nodes"]
    return [str(node["id"]) for node in nodes if kind in (None, node["kind"])]


async def connector_id(graph: Graph, kind: str) -> str:
    """The id of the first connector of a kind."""
    nodes = (await graph.data("{ connectors { nodes { id providerName } } }"))["connectors"]["nodes"]
    return next(str(node["id"]) for node in nodes if node["providerName"] == kind)


async def customer(_graph: Graph) -> Variables:
    """The id of a customer of all providers."""
    return {"id": person(0)}


async def task(graph: Graph) -> Variables:
    """The id of a connector's task."""
    found = await graph.data("{ connectors(first: 1) { nodes { tasks(first: 1) { nodes { id } } } } }")
    return {"id": found["connectors"]["nodes"][0]["tasks"]["nodes"][0]["id"]}


async def task_of_kind(graph: Graph) -> Variables:
    """A task of the only connector of a kind."""
    query = '{ connectorTasksByKind(providerName: "WISE", first: 1) { nodes { providerId } } }'
    tasks = (await graph.data(query))["connectorTasksByKind"]["nodes"]
    return {"kind": "WISE", "task": tasks[0]["providerId"]}


async def made(graph: Graph, document: str, /, **fields: object) -> Variables:
    """The payload of a mutation that must succeed."""
    data = await graph.data(document, **input_(**fields))
    (payload,) = data.values()
    assert payload["userErrors"] == [], payload
    return dict(payload)


async def pool(graph: Graph, *, accounts: list[str]) -> str:
    """A new pool's id."""
    document = change("createPool", "CreatePoolInput", "pool { id }")
    return str((await made(graph, document, name=key(), accountIds=accounts))["pool"]["id"])
