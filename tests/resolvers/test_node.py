"""Any object again by its id: of every type, with the fields that it had where it was found."""

from typing import Any

import pytest

from tests.conftest import Graph, Start
from tests.resolvers.asking import node_ids, only_error

FIELDS = {
    "Customer": "name links { provider kind externalId origin }",
    "AggregatedAccount": """provider providerId name kind providerType currency maskedNumber status providerStatus
        aggregationStatusCode aggregationAttemptedAt aggregationSucceededAt institutionId institutionLoginId nickname
        marketSegment createdAt updatedAt lastTransactionAt oldestTransactionAt detail
        balances { kind money { amount currency asset minorUnits } asOf source }""",
    "PaymentAccount": """provider providerId name kind providerType currency maskedNumber providerName reference
        defaultAsset createdAt metadata raw connector { id name }
        balances { kind money { amount currency asset minorUnits } asOf source }""",
    "SmartAccount": """provider providerId name kind providerType currency maskedNumber ispb agency number
        verifyingDigit pixKey isSandbox balances { kind money { amount currency asset minorUnits } asOf source }""",
    "Payment": """providerId reference type providerType status providerStatus scheme
        money { amount currency asset minorUnits } initialMoney { amount } providerName createdAt metadata
        source { id } destination { id } connector { id }
        adjustments { reference createdAt status providerStatus money { amount } raw }""",
    "Pool": "providerId name type accounts { id } balances { kind money { amount currency asset minorUnits } source }",
    "Connector": "providerId name providerName isEnabled isScheduledForDeletion",
    "WebhookConfig": "providerId name endpoint eventTypes isActive createdAt updatedAt",
    "OAuthClient": """providerId name description isPublic isTrusted redirectUris postLogoutRedirectUris metadata scopes
        secrets { providerId name lastDigits metadata }""",
    "OAuthUser": "providerId subject email",
}


def fragment_of(type_: str) -> str:
    """All fields of one type. The types are asked for one by one, because equal names differ in nullability."""
    return f"... on {type_} {{ id {FIELDS[type_]} }}"


LISTS = {
    "Customer": "customers",
    "AggregatedAccount": "accounts",
    "PaymentAccount": "accounts",
    "SmartAccount": "accounts",
    "Payment": "payments",
    "Pool": "pools",
    "Connector": "connectors",
    "WebhookConfig": "webhookConfigs",
    "OAuthClient": "oauthClients",
    "OAuthUser": "oauthUsers",
}

FEW = {"WebhookConfig": 1, "OAuthClient": 2, "OAuthUser": 2}
"""Types of which the sandboxes have less than ten objects."""


async def listed(graph: Graph, type_: str) -> list[dict[str, Any]]:
    """Some objects of a type with all their fields, from a root list."""
    field = LISTS[type_]
    narrowed = {"AggregatedAccount": "provider: FINICITY", "PaymentAccount": "provider: FORMANCE"}
    narrowed["SmartAccount"] = "provider: PLUGGY"
    arguments = ", ".join(filter(None, [narrowed.get(type_), "first: 12"]))
    data = await graph.data(f"{{ {field}({arguments}) {{ nodes {{ {fragment_of(type_)} }} }} }}")
    nodes: list[dict[str, Any]] = data[field]["nodes"]
    return nodes


@pytest.mark.parametrize("generation", ["v3", "v2"])
async def test_every_object_is_found_again_with_equal_fields(start: Start, generation: str) -> None:
    """Alone and among others: what `node` and `nodes` give is what the list gave."""
    async with start(SANDBOX_PAYMENTS=generation) as graph:
        for type_ in FIELDS:
            nodes = await listed(graph, type_)
            fragment = fragment_of(type_)
            again = await graph.data(
                f"query($ids: [ID!]!) {{ nodes(ids: $ids) {{ {fragment} }} }}", ids=[node["id"] for node in nodes]
            )
            alone = await graph.data(f"query($id: ID!) {{ node(id: $id) {{ {fragment} }} }}", id=nodes[-1]["id"])

            assert len(nodes) >= FEW.get(type_, 10)
            assert again["nodes"] == nodes
            assert alone["node"] == nodes[-1]


async def test_no_two_objects_of_the_sandboxes_share_an_id(warm: Graph) -> None:
    """All customers, accounts, payments, pools and connectors together."""
    found = [global_id for field in dict.fromkeys(LISTS.values()) for global_id in await node_ids(warm, field)]

    assert len(found) == len(set(found)) > 2_200
    assert max(map(len, found)) < 600


async def test_a_node_that_fails_is_null_beside_the_others(warm: Graph) -> None:
    """One entry in `errors`, at its place."""
    pool, connector = (await node_ids(warm, "pools"))[0], (await node_ids(warm, "connectors"))[0]
    await warm.fault("formance", "*/connectors", status=400, body="{}")
    answer = await warm.ask("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids=[pool, connector, pool])

    assert answer.data == {"nodes": [{"id": pool}, None, {"id": pool}]}
    assert only_error(answer)["path"] == ["nodes", 1]
    assert only_error(answer)["extensions"]["operation"] == "list_all_connectors"


async def test_a_vendor_that_is_off_has_no_objects(start: Start) -> None:
    """Ids of its objects are ids of nothing, and its lists are empty."""
    async with start() as graph:
        known = {field: (await node_ids(graph, field))[-1] for field in ("pools", "payments", "connectors", "accounts")}
    async with start(FORMANCE_MODE="off", PLUGGY_MODE="off") as graph:
        nodes = await graph.data("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids=list(known.values()))
        lists = await graph.data(
            "{ pools { nodes { id } pageInfo { hasNextPage } } payments { nodes { id } problems { code } }"
            "  connectors { nodes { id } } accounts(provider: FORMANCE) { nodes { id } } }"
        )
        customer = await graph.data(
            "{ customers(first: 1) { nodes { payments { nodes { id } } pools { id } accounts { nodes { provider } }"
            " totals { isComplete } } } }"
        )

    assert nodes == {"nodes": [None] * 4}
    assert lists["pools"] == {"nodes": [], "pageInfo": {"hasNextPage": False}}
    assert lists["payments"] == {"nodes": [], "problems": []}
    assert lists["connectors"] == lists["accounts"] == {"nodes": []}
    [ada] = customer["customers"]["nodes"]
    assert ada["payments"] is None
    assert ada["pools"] is None
    assert {account["provider"] for account in ada["accounts"]["nodes"]} == {"FINICITY"}
    assert ada["totals"] == [{"isComplete": True}]
