"""The stack's own things in the graph: receivers of events, clients, users, its search and its modules."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from providers.domain import NodeType, Provider, Ref
from resolvers import ids
from resolvers.caller import Scope
from tests.access.callers import bound, having, lacking
from tests.conftest import Answer, Graph, Start
from tests.resolvers.asking import codes, only_error
from tests.resolvers.orders import rows_oauth, rows_webhooks
from tests.tokens import SETTINGS

LISTS = {
    "webhookConfigs": "id name endpoint eventTypes isActive createdAt updatedAt providerId fetchedAt",
    "oauthClients": "id name description scopes isTrusted metadata secrets { providerId name lastDigits metadata }",
    "oauthUsers": "id subject email providerId",
}
ALL = "{ " + " ".join(f"{name} {{ totalCount nodes {{ {fields} }} }}" for name, fields in LISTS.items()) + " }"
ONE = """query($config: ID!, $client: ID!, $user: ID!) {
  webhookConfig(id: $config) { name } oauthClient(id: $client) { name } oauthUser(id: $user) { subject }
}"""
SEARCH = """query($target: SearchTarget!, $terms: [String!], $isAny: Boolean, $first: Int, $after: String) {
  search(target: $target, terms: $terms, isAny: $isAny, first: $first, after: $after) {
    totalCount nodes { target raw } pageInfo { hasNextPage endCursor }
  }
}"""


@pytest.fixture
async def older(start: Start) -> AsyncIterator[Graph]:
    """A stack of the second generation, which has a search."""
    async with start(SANDBOX_PAYMENTS="v2") as graph:
        yield graph


async def test_each_list_is_one_call(warm: Graph) -> None:
    """And shows no secret."""
    answer = await warm.ask(ALL)

    assert answer.errors == []
    assert answer.by_operation() == {"get_many_configs": 1, "list_clients": 1, "list_users": 1}
    assert answer.waves == 1
    assert all(found["totalCount"] == len(found["nodes"]) for found in answer.data.values())
    assert [len(answer.data[name]["nodes"]) for name in ("oauthClients", "oauthUsers")] == [2, 2]
    [config] = [node for node in answer.data["webhookConfigs"]["nodes"] if node["name"] == "archive"]
    client = answer.data["oauthClients"]["nodes"][0]
    assert (config["name"], config["isActive"], config["eventTypes"][0]) == (
        "archive",
        False,
        "ledger.committed_transactions",
    )
    assert (client["name"], client["scopes"], client["isTrusted"], client["metadata"]) == (
        "back-office",
        ["ledger:read", "payments:read"],
        False,
        {},
    )
    assert {name: client["secrets"][0][name] for name in ("name", "metadata")} == {"name": "first", "metadata": {}}
    assert len(client["secrets"][0]["lastDigits"]) == 4


async def ids_of(graph: Graph) -> dict[str, list[str]]:
    data = await graph.data(ALL)
    await graph.forget_calls()
    return {name: [node["id"] for node in found["nodes"]] for name, found in data.items()}


async def test_one_is_asked_for_by_its_id_and_several_by_the_list(warm: Graph) -> None:
    known = await ids_of(warm)
    names = {"config": "webhookConfigs", "client": "oauthClients", "user": "oauthUsers"}
    one = await warm.ask(ONE, **{name: known[field][-1] for name, field in names.items()})
    several = await warm.ask(
        "query($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }",
        ids=[each for some in known.values() for each in some],
    )

    assert one.data == {
        "webhookConfig": {"name": "archive"},
        "oauthClient": {"name": "nightly-export"},
        "oauthUser": {"subject": "Tomas Lind"},
    }
    assert one.by_operation() == {"get_many_configs": 1, "read_client": 1, "read_user": 1}
    assert several.by_operation() == {"get_many_configs": 1, "list_clients": 1, "list_users": 1}
    assert [node["id"] for node in several.data["nodes"]] == [each for some in known.values() for each in some]


async def test_what_is_not_there_is_null(warm: Graph) -> None:
    """By ids that are well made, and by those of other types."""
    user = ids.encode(Ref(NodeType.OAUTH_USER, ("nobody",), Provider.FORMANCE))
    odd = ids.encode(Ref(NodeType.WEBHOOK_CONFIG, ("no-uuid",), Provider.FORMANCE))
    absent = await warm.ask(ONE, config=rows_webhooks.NOBODY, client=rows_oauth.NOBODY, user=user)
    unasked = await warm.ask("query($id: ID!) { webhookConfig(id: $id) { id } }", id=odd)
    wrong = await warm.ask(ONE, config=user, client=user, user=user)

    assert absent.errors == []
    assert set(absent.data.values()) == {None}
    assert (unasked.data, unasked.reads) == ({"webhookConfig": None}, [])
    assert codes(wrong) == ["BAD_USER_INPUT"] * 2


async def test_receivers_are_found_by_their_address(warm: Graph) -> None:
    query = "query($at: String) { webhookConfigs(endpoint: $at) { nodes { name } } }"
    there = await warm.data(query, at="https://receiver.example/formance")
    nowhere = await warm.data(query, at="https://receiver.example/")

    assert there["webhookConfigs"]["nodes"] == [{"name": "archive"}]
    assert nowhere["webhookConfigs"]["nodes"] == []
    await warm.forget_calls()
    assert codes(await warm.ask(query, at="x" * 2_001)) == ["BAD_USER_INPUT"]
    assert await warm.calls() == []


async def test_the_discovery_tells_where_tokens_are_to_be_had(warm: Graph) -> None:
    found = (await warm.data("{ oauthDiscovery { issuer tokenEndpoint jwksUri scopes grantTypes responseTypes } }"))[
        "oauthDiscovery"
    ]

    assert found["issuer"].endswith("/api/auth")
    assert found["tokenEndpoint"] == f"{found['issuer']}/oauth/token"
    assert "ledger:read" in found["scopes"]
    assert "client_credentials" in found["grantTypes"]
    assert found["responseTypes"]


async def test_a_search_is_read_page_by_page(older: Graph) -> None:
    first = (await older.data(SEARCH, target="PAYMENT", first=60))["search"]
    after = first["pageInfo"]["endCursor"]
    answer = await older.ask(SEARCH, target="PAYMENT", first=60, after=after)
    reference = first["nodes"][0]["raw"]["reference"]
    one = (await older.data(SEARCH, target="PAYMENT", terms=[f"reference={reference}"]))["search"]

    assert first["totalCount"] == 2000
    assert {node["target"] for node in first["nodes"]} == {"PAYMENT"}
    seen = [node["raw"]["id"] for found in (first, answer.data["search"]) for node in found["nodes"]]
    assert len(seen) == len(set(seen)) == 120
    assert answer.by_operation() == {"search": 1}
    assert [node["raw"]["reference"] for node in one["nodes"]] == [reference]


async def test_a_number_that_was_found_keeps_its_digits(older: Graph) -> None:
    number = 10**39 + 7
    body = f'{{"cursor":{{"data":[{{"amount":{number}}}],"total":{{"value":1,"relation":"gte"}}}}}}'
    await older.fault("formance", "/api/search/", status=200, headers={"content-type": "application/json"}, body=body)
    answer = await older.ask(SEARCH, target="TRANSACTION")

    assert f'"amount":{number}' in answer.response.text
    assert answer.data["search"]["totalCount"] is None


async def test_newer_stacks_offer_no_search(warm: Graph) -> None:
    answer = await warm.ask(SEARCH, target="PAYMENT")

    assert answer.data == {"search": None}
    assert codes(answer) == ["UNSUPPORTED"]


async def test_too_many_terms_are_refused(older: Graph) -> None:
    answer = await older.ask(SEARCH, target="PAYMENT", terms=["x"] * 101)

    assert codes(answer) == ["BAD_USER_INPUT"]
    assert answer.reads == []


VERSIONS = """query($api: Int) {
  providers { modules { name version reportedVersion(api: $api) } }
}"""


async def modules(answer: Answer) -> dict[str, Any]:
    return {each["name"]: each for provider in answer.data["providers"] for each in provider["modules"]}


async def test_modules_report_their_versions(warm: Graph) -> None:
    """All at once; those whose API is of another generation are not asked. The ledger wraps it, or does not."""
    for path, body in (
        ("/api/ledger/v2/_info", '{"server":"ledger","version":"v2.4.12"}'),
        ("/api/ledger/_info", '{"data":{"server":"ledger","version":"v2.4.12","config":{"storage":{"driver":"x"}}}}'),
    ):
        await warm.fault("formance", path, times=9, status=200, headers={"content-type": "application/json"}, body=body)
    newest = await warm.ask(VERSIONS)
    first = await warm.ask(VERSIONS, api=1)
    second = await warm.ask(VERSIONS, api=2)
    third = await warm.ask(VERSIONS, api=3)

    told = await modules(newest)
    assert len(told) == 7
    assert all(each["reportedVersion"] == each["version"] for each in told.values())
    asked = [call for call in newest.calls if call["path"].endswith("/_info")]
    assert (len(asked), newest.waves) == (7, 1)
    assert await modules(first) == told
    assert {name for name, each in (await modules(second)).items() if each["reportedVersion"]} == {
        "ledger",
        "orchestration",
    }
    assert third.reads == []
    assert {each["reportedVersion"] for each in (await modules(third)).values()} == {None}


async def test_a_module_that_fails_costs_its_own_version(warm: Graph) -> None:
    await warm.fault("formance", "/api/wallets/_info", times=9, status=503, body="")
    answer = await warm.ask("{ providers { modules { name reportedVersion } } }")
    told = await modules(answer)
    failed = [error for error in answer.errors if error["extensions"]["code"] == "UPSTREAM_UNAVAILABLE"]

    assert told["wallets"]["reportedVersion"] is None
    assert told["webhooks"]["reportedVersion"] == "v2.4.1"
    assert [error["extensions"]["operation"] for error in failed] == ["walletsget_server_info"]


@pytest.fixture
async def guarded(start: Start) -> AsyncIterator[Graph]:
    """A server that wants tokens."""
    async with start(**SETTINGS) as graph:
        yield graph


ORGANISATIONS = f"{ALL[:-1]} oauthDiscovery {{ issuer }} search(target: PAYMENT) {{ totalCount }} }}"


async def test_it_is_the_organisations(guarded: Graph) -> None:
    """A caller who is bound to customers sees none of it, and nobody is asked."""
    answer = await bound(guarded, 0).ask(ORGANISATIONS)

    assert set(answer.data.values()) == {None}
    assert codes(answer) == ["FORBIDDEN"] * 5
    assert await guarded.calls() == []


async def test_each_part_needs_its_scope(guarded: Graph) -> None:
    answer = await having(guarded).ask(ORGANISATIONS)
    allowed = await having(guarded, Scope.WEBHOOKS_READ, Scope.OAUTH_READ).ask(ALL)

    assert [error["extensions"]["requiredScope"] for error in answer.errors] == [
        "webhooks:read",
        "oauth:read",
        "oauth:read",
        "oauth:read",
        "search:read",
    ]
    assert allowed.errors == []


async def test_without_such_a_provider_there_is_nothing(start: Start) -> None:
    async with start(FORMANCE_MODE="off") as graph:
        answer = await graph.ask(ORGANISATIONS)
        payload = await graph.data(
            SECRET, input={"oauthClientId": rows_oauth.SEEDED, "name": "a", "idempotencyKey": "k"}
        )

    assert answer.errors == []
    assert [answer.data[name]["nodes"] for name in LISTS] == [[], [], []]
    assert answer.data["oauthDiscovery"] is None
    assert payload["createOAuthClientSecret"] == {
        "oauthClient": None,
        "clearSecret": None,
        "userErrors": [{"code": "UNSUPPORTED"}],
    }


SECRET = """mutation($input: CreateOAuthClientSecretInput!) {
  createOAuthClientSecret(input: $input) { oauthClient { id } clearSecret userErrors { code } }
}"""


async def test_whoever_may_not_read_a_client_still_gets_the_secret_that_they_may_make(guarded: Graph) -> None:
    client = (await lacking(guarded).data(ALL))["oauthClients"]["nodes"][0]["id"]
    given = {"oauthClientId": client, "name": "new", "idempotencyKey": "k"}
    writer = await lacking(guarded, Scope.OAUTH_READ).ask(SECRET, input=given)
    reader = await lacking(guarded, Scope.OAUTH_ADMIN).ask(SECRET, input=given)
    other = await bound(guarded, 0).ask(SECRET, input=given)

    assert writer.data["createOAuthClientSecret"]["oauthClient"] is None
    assert writer.data["createOAuthClientSecret"]["clearSecret"]
    assert reader.data == other.data == {"createOAuthClientSecret": None}
    assert only_error(reader)["extensions"]["requiredScope"] == "oauth:admin"
    assert codes(other) == ["FORBIDDEN"]
