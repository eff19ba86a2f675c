"""What mutations do to connectors, on both generations of the vendor's server."""

import asyncio
import logging
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Answer, Graph, Start

SECRET = "hush-4f1d"
CONFIGS: dict[str, dict[str, Any]] = {
    "stripe": {"apiKey": SECRET, "pageSize": 25},
    "dummyPay": {"directory": "/data", "filePollingSeconds": 20, "numberOfAccountsPreGenerated": 3},
    "wise": {"apiKey": SECRET},
    "modulr": {"apiKey": SECRET, "apiSecret": SECRET, "endpoint": "https://modulr.example"},
    "currencyCloud": {"apiKey": SECRET, "loginId": "login"},
    "bankingCircle": {
        "username": "user",
        "password": SECRET,
        "endpoint": "https://bank.example",
        "authorizationEndpoint": "https://auth.bank.example",
        "userCertificate": "certificate",
        "userCertificateKey": SECRET,
    },
    "mangopay": {"clientId": "client", "apiKey": SECRET, "endpoint": "https://mangopay.example"},
    "moneycorp": {"clientId": "client", "apiKey": SECRET, "endpoint": "https://moneycorp.example"},
    "atlar": {"accessKey": SECRET, "secret": SECRET, "transferInitiationStatusPollingSeconds": 90},
    "adyen": {"apiKey": SECRET, "hmacKey": SECRET},
    "generic": {"apiKey": SECRET, "endpoint": "https://generic.example"},
}
"""A config of every documented kind."""

KINDS = {"dummyPay": "DUMMY-PAY", "currencyCloud": "CURRENCY-CLOUD", "bankingCircle": "BANKING-CIRCLE"}
"""Names of the kinds where they are not just upper case."""

_ERRORS = "userErrors { code field vendorCode }"
_CONNECTOR = "connector { id name providerName isScheduledForDeletion settings { name value isSecret } }"


def mutation(name: str, input_type: str, more: str = "") -> str:
    return f"mutation($input: {input_type}!) {{ it: {name}(input: $input) {{ {_ERRORS} {_CONNECTOR} {more} }} }}"


INSTALL = mutation("installConnector", "InstallConnectorInput")
UPDATE = mutation("updateConnector", "UpdateConnectorInput")
RESET = mutation("resetConnector", "ConnectorInput")
UNINSTALL = mutation("uninstallConnector", "ConnectorInput", "uninstalledConnectorId")
RESET_KIND = mutation("resetConnectorByKind", "ConnectorKindInput")
UNINSTALL_KIND = mutation("uninstallConnectorByKind", "ConnectorKindInput", "uninstalledConnectorId")


@pytest.fixture(params=["v3", "v2"])
async def graph(request: pytest.FixtureRequest, start: Start) -> AsyncIterator[Graph]:
    """Tributary over either generation."""
    async with start(SANDBOX_PAYMENTS=request.param) as graph:
        yield graph


def installing(kind: str, key: str = "k", **more: object) -> dict[str, Any]:
    return {"name": f"new-{kind}", "config": {kind: CONFIGS[kind]}, "idempotencyKey": key, **more}


async def installed(graph: Graph) -> dict[str, str]:
    """Ids by name."""
    data = await graph.data("{ connectors(first: 50) { nodes { id name } } }")
    return {node["name"]: node["id"] for node in data["connectors"]["nodes"]}


def done(answer: Answer) -> Any:
    assert (answer.errors, answer.data["it"]["userErrors"]) == ([], [])
    return answer.data["it"]


def refused(answer: Answer) -> tuple[str, list[str], str | None]:
    (error,) = answer.data["it"]["userErrors"]
    return error["code"], error["field"], error["vendorCode"]


async def test_every_documented_kind_is_installed_with_its_settings(graph: Graph) -> None:
    for kind, config in CONFIGS.items():
        made = done(await graph.ask(INSTALL, input=installing(kind, kind, pollingSeconds=1800)))["connector"]
        assert (made["name"], made["providerName"]) == (f"new-{kind}", KINDS.get(kind, kind.upper()))
        assert len(made["settings"]) >= len(config) + 2
        shown = {setting["name"]: setting["value"] for setting in made["settings"]}
        assert shown["pollingPeriod"] == "1800s"
        assert SECRET not in shown.values()
    assert {f"new-{kind}" for kind in CONFIGS} < set(await installed(graph))


async def test_the_same_key_installs_once(graph: Graph) -> None:
    order = installing("wise")
    at_once = await asyncio.gather(*(graph.ask(INSTALL, input=order) for _ in range(3)))
    again = done(await graph.ask(INSTALL, input=order))
    assert [done(each) for each in at_once] == [again] * 3
    other = installing("wise", config={"wise": {"apiKey": "another"}})
    assert refused(await graph.ask(INSTALL, input=other))[0] == "IDEMPOTENCY_KEY_REUSED"
    assert refused(await graph.ask(INSTALL, input=installing("wise", "k2"))) == ("UPSTREAM_REJECTED", [], "CONFLICT")


async def test_settings_are_replaced_by_others_of_the_same_kind(graph: Graph) -> None:
    connector = (await installed(graph))["stripe-eu"]
    order = {**installing("stripe", name="stripe-renamed"), "connectorId": connector}
    made = done(await graph.ask(UPDATE, input=order))["connector"]
    assert (made["id"], made["name"]) == (connector, "stripe-renamed")
    assert {"name": "pageSize", "value": "25", "isSecret": False} in made["settings"]

    other = {**installing("wise", "k2"), "connectorId": connector}
    assert refused(await graph.ask(UPDATE, input=other)) == ("UPSTREAM_REJECTED", [], None)
    taken = {**installing("stripe", "k3", name="wise-payouts"), "connectorId": connector}
    assert refused(await graph.ask(UPDATE, input=taken)) == ("UPSTREAM_REJECTED", [], "CONFLICT")


async def test_a_connector_comes_back_from_a_reset_with_another_id(graph: Graph) -> None:
    before = await installed(graph)
    order = {"connectorId": before["wise-payouts"], "idempotencyKey": "k"}
    first, second = await asyncio.gather(*(graph.ask(RESET, input=order) for _ in range(2)))
    assert done(first) == done(second)
    await asyncio.sleep(0.01)
    after = await installed(graph)
    assert set(after) == set(before)
    assert {name for name in after if after[name] != before[name]} == {"wise-payouts"}


async def test_a_connector_that_was_uninstalled_is_gone(graph: Graph) -> None:
    connector = (await installed(graph))["modulr-uk"]
    order = {"connectorId": connector, "idempotencyKey": "k"}
    both = await asyncio.gather(*(graph.ask(UNINSTALL, input=order) for _ in range(2)))
    assert [done(each)["uninstalledConnectorId"] for each in both] == [connector] * 2
    await asyncio.sleep(0.01)
    assert "modulr-uk" not in await installed(graph)
    for query in (RESET, UNINSTALL):
        again = {"connectorId": connector, "idempotencyKey": query[40:60]}
        assert refused(await graph.ask(query, input=again))[0] == "NOT_FOUND"
    update = {**installing("modulr", "u"), "connectorId": connector}
    assert refused(await graph.ask(UPDATE, input=update))[0] == "NOT_FOUND"


async def test_what_goes_by_kind_is_for_old_servers_with_one_of_it(graph: Graph) -> None:
    before = await installed(graph)
    answers = [
        await graph.ask(query, input={"providerName": kind, "idempotencyKey": f"{place}"})
        for place, (query, kind) in enumerate(
            [(RESET_KIND, "WISE"), (UNINSTALL_KIND, "ADYEN"), (RESET_KIND, "STRIPE"), (UNINSTALL_KIND, "MONEYCORP")]
        )
    ]
    after = await installed(graph)
    if before == after:
        assert [refused(each) for each in answers] == [("UNSUPPORTED", [], None)] * 4, "v3"
        return
    assert done(answers[0])["connector"]["id"] == after["wise-payouts"] != before["wise-payouts"]
    assert done(answers[1])["uninstalledConnectorId"] == before["adyen-checkout"]
    assert "adyen-checkout" not in after
    assert [refused(each) for each in answers[2:]] == [("UPSTREAM_REJECTED", [], "INVALID_ID")] * 2


async def test_wrong_settings_are_refused(graph: Graph) -> None:
    for order in (
        installing("wise", name=" "),
        installing("wise", pollingSeconds=0),
        installing("dummyPay", config={"dummyPay": {"directory": "/d", "filePollingSeconds": -1}}),
    ):
        assert refused(await graph.ask(INSTALL, input=order))[0] == "INVALID"
    empty = installing("wise", config={"wise": {"apiKey": ""}})
    assert refused(await graph.ask(INSTALL, input=empty)) == ("UPSTREAM_REJECTED", [], "VALIDATION")


async def test_no_secret_is_kept_logged_traced_or_told(
    graph: Graph, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither when all goes well nor when it is refused, fails, or is not even a possible input."""
    caplog.set_level(logging.DEBUG)
    answers = [await graph.ask(INSTALL, input=installing("modulr"))]
    answers.append(await graph.ask(INSTALL, input=installing("modulr", "again")))
    await graph.fault("formance", "/api/payments/connectors/*", method="POST", status=500, body=f'"{SECRET}"')
    answers.append(await graph.ask(INSTALL, input=installing("adyen", "lost")))
    one, two = CONFIGS["wise"], CONFIGS["modulr"]
    for config in (
        {"wise": one, "modulr": two},
        {"wise": {"apiKey": [SECRET]}},
        {"wise": {**one, "more": SECRET}},
        {"modulr": one},
        {"wise": SECRET},
        [SECRET],
    ):
        answers.append(await graph.ask(INSTALL, input=installing("wise", config=config)))
        assert answers[-1].errors
    for literal in (
        f'{{wise: {{apiKey: ["{SECRET}"]}}}}',
        f'{{wise: "{SECRET}"}}',
        f'{{modulr: {{apiKey: "{SECRET}"}}}}',
    ):
        given = f'{{name: "n", idempotencyKey: "l", config: {literal}}}'
        query = f"mutation {{ installConnector(input: {given}) {{ __typename }} }}"
        answers.append(await graph.ask(query))
        assert answers[-1].errors

    assert not any(SECRET in answer.response.text for answer in answers)
    assert SECRET not in caplog.text
    assert not any(SECRET in repr(vars(record)) for record in caplog.records if record.name.startswith("tributary"))
    with sqlite3.connect(tmp_path / "directory.sqlite3") as database:
        stored = [*database.execute("SELECT * FROM writes"), *database.execute("SELECT * FROM audit")]
    database.close()
    assert len(stored) >= 3
    assert SECRET not in repr(stored)
