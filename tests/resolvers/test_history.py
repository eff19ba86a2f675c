"""What an account held over time, narrowed by asset and times."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from tests.conftest import Graph
from tests.resolvers.asking import codes, only_error, person

HISTORY = """
query($id: ID!, $asset: String, $since: DateTime, $until: DateTime) {
  account(id: $id) { ... on PaymentAccount {
    balanceHistory(first: 100, asset: $asset, since: $since, until: $until) {
      nodes { money { amount asset } asOf fetchedAt kind source } pageInfo { hasNextPage }
    }
    balances { money { amount asset } asOf }
  } }
}
"""


async def of_ada(graph: Graph) -> list[str]:
    """The ids of the first customer's payment accounts. The first one has two assets."""
    data = await graph.data(
        f'{{ customer(id: "{person(0)}") {{ accounts(provider: FORMANCE) {{ nodes {{ id name }} }} }} }}'
    )
    return [node["id"] for node in sorted(data["customer"]["accounts"]["nodes"], key=lambda node: node["name"])]


async def history(graph: Graph, account: str, **narrowed: Any) -> list[dict[str, Any]]:
    """The balances of an account under some conditions."""
    found: list[dict[str, Any]] = (await graph.data(HISTORY, id=account, **narrowed))["account"]["balanceHistory"][
        "nodes"
    ]
    return found


async def test_the_newest_balance_of_each_asset_is_the_current_one(warm: Graph) -> None:
    """The history begins with what `balances` tells."""
    for account in await of_ada(warm):
        data = (await warm.data(HISTORY, id=account))["account"]
        newest: dict[str, Any] = {}
        for balance in data["balanceHistory"]["nodes"]:
            newest.setdefault(balance["money"]["asset"], balance["money"]["amount"])

        assert {each["money"]["asset"]: each["money"]["amount"] for each in data["balances"]} == newest
        assert {balance["source"] for balance in data["balanceHistory"]["nodes"]} == {"POLLING"}


async def test_history_of_one_asset(warm: Graph) -> None:
    """Only that asset's; of one that the account never held, nothing."""
    whole = [balance for account in await of_ada(warm) for balance in await history(warm, account)]
    narrowed = [balance for account in await of_ada(warm) for balance in await history(warm, account, asset="EUR/2")]

    def amounts(balances: list[dict[str, Any]]) -> list[tuple[str, str]]:
        return [(balance["money"]["amount"], balance["asOf"]) for balance in balances]

    assert amounts(narrowed) == amounts([each for each in whole if each["money"]["asset"] == "EUR/2"])
    assert 0 < len(narrowed) < len(whole)
    assert await history(warm, (await of_ada(warm))[0], asset="XAU/3") == []


async def test_history_between_two_times(warm: Graph) -> None:
    """`since` and `until` take any offset from UTC; what was valid in between is there."""
    accounts = await of_ada(warm)
    account, whole = max([(each, await history(warm, each)) for each in accounts], key=lambda pair: len(pair[1]))
    middle = datetime.fromisoformat(whole[len(whole) // 2]["asOf"]) + timedelta(seconds=1)
    elsewhere = middle.astimezone(timezone(timedelta(hours=-3)))
    since = await history(warm, account, since=elsewhere.isoformat())
    until = await history(warm, account, until=middle.astimezone(UTC).isoformat())

    assert len(whole) > 2
    assert 0 < len(since) < len(whole)
    assert 0 < len(until) <= len(whole)
    assert {each["asOf"] for each in since} | {each["asOf"] for each in until} == {each["asOf"] for each in whole}
    assert all(datetime.fromisoformat(each["asOf"]) >= middle for each in since)


async def test_a_time_without_an_offset_is_the_clients_mistake(warm: Graph) -> None:
    """Nobody guesses a time zone; as a variable and as a literal."""
    [account, *_] = await of_ada(warm)
    await warm.forget_calls()
    for time in ("2026-01-01T00:00:00", "2026-01-01", "yesterday", "", "1767225600"):
        await is_refused(warm, account, time)
    assert await warm.calls() == []


async def is_refused(warm: Graph, account: str, time: str) -> None:
    variable = await warm.client.post("/graphql", json={"query": HISTORY, "variables": {"id": account, "since": time}})
    literal = await warm.client.post(
        "/graphql",
        json={
            "query": f'{{ account(id: "{account}") {{ ... on PaymentAccount '
            f'{{ balanceHistory(until: "{time}") {{ nodes {{ kind }} }} }} }} }}'
        },
    )

    for response in (variable, literal):
        [error] = response.json()["errors"]
        assert error["extensions"]["code"] in {"BAD_USER_INPUT", "GRAPHQL_VALIDATION_FAILED"}
        assert "offset from UTC" in error["message"] or "RFC 3339" in error["message"]


async def test_a_history_that_fails_is_null_beside_the_balances(warm: Graph) -> None:
    """Its own field, its own error."""
    [account, *_] = await of_ada(warm)
    await warm.fault("formance", "*/balances", status=400, body="{}")
    answer = await warm.ask(
        f'{{ account(id: "{account}") {{ name ... on PaymentAccount {{ balanceHistory {{ nodes {{ kind }} }} }} }} }}'
    )

    assert answer.data["account"]["balanceHistory"] is None
    assert answer.data["account"]["name"]
    assert codes(answer) == ["UPSTREAM_REJECTED"]
    assert only_error(answer)["path"] == ["account", "balanceHistory"]
