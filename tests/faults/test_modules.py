"""Every fault at every call to the stack's small modules: its field is null with one typed error, all else answers."""

import copy
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.conftest import Answer
from tests.faults.kinds import KINDS, NUMBERS, Kind
from tests.faults.live import Live, in_process
from tests.faults.test_matrix import DEADLINE, KEYS, SECRETS
from tests.resolvers.orders import rows_oauth, rows_webhooks

QUERY = """query($config: ID!, $client: ID!, $user: ID!) {
  webhookConfigs { nodes { id name } }
  oauthClient(id: $client) { id secrets { lastDigits } }
  oauthClients { nodes { id name } }
  oauthUser(id: $user) { id email }
  oauthUsers { nodes { id subject } }
  oauthDiscovery { grantTypes }
  search(target: PAYMENT, first: 2) { nodes { raw } }
  providers { modules { name reportedVersion } }
  node(id: $config) { id }
}"""


class Call(msgspec.Struct, frozen=True):
    """A vendor operation, its path, and the places that are null without it."""

    operation: str
    path: str
    places: tuple[str, ...]


CALLS = (
    Call("get_many_configs", "/api/webhooks/configs", ("webhookConfigs", "node")),
    Call("read_client", "/api/auth/clients/*", ("oauthClient",)),
    Call("list_clients", "/api/auth/clients", ("oauthClients",)),
    Call("read_user", "/api/auth/users/*", ("oauthUser",)),
    Call("list_users", "/api/auth/users", ("oauthUsers",)),
    Call("get_oidc_well_knowns", "/api/auth/.well-known/openid-configuration", ("oauthDiscovery",)),
    Call("search", "/api/search/", ("search",)),
    Call("walletsget_server_info", "/api/wallets/_info", ("wallets",)),
    Call("reconciliationget_server_info", "/api/reconciliation/_info", ("reconciliation",)),
)
"""With the modules' versions by the modules' names."""

WITH_NUMBERS = {"search": '{{"cursor":{{"data":[{{"amount":{}}}]}}}}'}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
async def test_a_fault_costs_what_hangs_on_it(kind: Kind, tmp_path: Path) -> None:
    calls = [call for call in CALLS if kind.name not in NUMBERS or call.operation in WITH_NUMBERS]
    async with in_process(tmp_path, SANDBOX_PAYMENTS="v2") as graph:
        variables = await ids(graph)
        healthy = await graph.ask(QUERY, **variables)
        assert [error["extensions"] for error in healthy.errors] == []
        for some in (calls[::2], calls[1::2]):
            for call in some:
                await graph.fault("formance", call.path, times=1000, **_effect(kind, call))
            started = time.monotonic()
            answer = await graph.ask(QUERY, **variables)
            assert time.monotonic() - started < DEADLINE
            check(answer, healthy, some, kind)
            await graph.heal()


async def ids(graph: Live) -> dict[str, str]:
    users = (await graph.data("{ oauthUsers { nodes { id } } }"))["oauthUsers"]["nodes"]
    return {"config": rows_webhooks.SEEDED, "client": rows_oauth.SEEDED, "user": users[0]["id"]}


def _effect(kind: Kind, call: Call) -> dict[str, Any]:
    effect = dict(kind.effect)
    if kind.name in NUMBERS:
        effect["body"] = WITH_NUMBERS[call.operation].format(NUMBERS[kind.name])
    if kind.name == "redirect":
        effect["headers"] = {**effect["headers"], "location": "http://elsewhere.test"}
    return effect


def check(answer: Answer, healthy: Answer, calls: Sequence[Call], kind: Kind) -> None:
    """The places of these calls are null, each with one error; nothing is told that must not be."""
    expected, due = copy.deepcopy(healthy.data), []
    for call in calls:
        for place in call.places:
            due.append((place, call.operation, kind.code))
            if place in expected:
                expected[place] = None
                continue
            for module in (each for provider in expected["providers"] for each in provider["modules"]):
                if module["name"] == place:
                    module["reportedVersion"] = None
    assert answer.data == expected
    assert sorted(due) == sorted(
        (_place(answer, error), error["extensions"]["operation"], error["extensions"]["code"])
        for error in answer.errors
    )
    for error in answer.errors:
        told = error["extensions"]
        assert set(told) >= KEYS
        assert (told["retryable"], told["retryAfter"], told["vendorCode"]) == (kind.retryable, kind.retry_after, None)
    assert SECRETS.findall(answer.response.text) == []


def _place(answer: Answer, error: dict[str, Any]) -> str:
    path = error["path"]
    if path[0] != "providers":
        return str(path[0])
    return str(answer.data["providers"][path[1]]["modules"][path[3]]["name"])
