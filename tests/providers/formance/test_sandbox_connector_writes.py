"""Connectors installed, configured, reset and uninstalled, and what each provider must be told."""

import asyncio
from typing import Any

import pytest

from providers.formance.sandbox import Generation
from providers.formance.sandbox.configs import PROVIDERS, settings
from tests.providers.formance.sandbox_stack import GENERATIONS, Stack, opened
from tests.providers.formance.sandbox_writes import connector, done, made, refused

ROOT = "/connectors"
ABSENT = "eyJQcm92aWRlciI6IlgiLCJSZWZlcmVuY2UiOiJ5In0"
WISE = {"name": "wise-2", "apiKey": "key", "pollingPeriod": "45m"}


def config(provider: str, name: str = "new one") -> dict[str, Any]:
    """All that a provider must be told."""
    told = {key: f"a {key}" for key, setting in settings("v3", provider).items() if setting.is_required}
    return {**told, "name": name}


async def names(stack: Stack) -> list[str]:
    for _ in range(5):
        await asyncio.sleep(0)
    return [row["name"] for row in await stack.data(ROOT)]


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize("generation", GENERATIONS)
async def test_every_provider_can_be_installed_and_wants_its_settings(generation: Generation, provider: str) -> None:
    async with opened(generation, payments_count=0) as stack:
        good = config(provider)
        identifier = (await made(stack, f"{ROOT}/{provider}", good, status=201))["connectorID"]
        told = await stack.data(f"{ROOT}/{provider}/{identifier}/config")

        assert good.items() <= told.items()
        assert (await stack.data(ROOT))[-1]["provider"] == provider
        assert told["provider"].lower().replace("-", "") == provider.lower().replace("-", "")
        assert (told["provider"], told["pollingPeriod"]) == (
            (provider.title(), "2m0s") if generation == "v2" else (provider.replace("-", "").title(), "30m0s")
        )
        for key in good:
            message = f"missing {key} from config: invalid config"
            if generation == "v3":
                message = f"{key[0].upper()}{key[1:]} is a required field"
            poor = {name: value for name, value in good.items() if name != key}
            assert await refused(stack, "POST", f"{ROOT}/{provider}", poor) == (400, "VALIDATION", message)


@pytest.mark.parametrize("generation", GENERATIONS)
async def test_secrets_are_read_in_clear_text(generation: Generation) -> None:
    async with opened(generation, payments_count=0) as stack:
        for row in await stack.data(ROOT):
            told = await stack.data(f"{ROOT}/{row['provider']}/{row['connectorID']}/config")
            assert told["name"] == row["name"]
            assert any(str(value).startswith("sandbox-") for value in told.values())


@pytest.mark.parametrize("generation", GENERATIONS)
async def test_the_available_configs_tell_every_setting(generation: Generation) -> None:
    async with opened(generation, payments_count=0) as stack:
        told = await stack.data(f"{ROOT}/configs")

        assert len(told) == len(PROVIDERS) == 11
        assert ("banking-circle" in told) == (generation == "v2")
        assert ("bankingcircle" in told) == (generation == "v3")
        assert told["stripe"]["apiKey"] == {"dataType": "string", "required": True, "defaultValue": ""}
        period = "2m0s" if generation == "v2" else "30m0s"
        expected = {"dataType": "duration ns", "required": False, "defaultValue": period}
        assert told["stripe"]["pollingPeriod"] == expected


@pytest.mark.parametrize(
    ("generation", "install", "update"),
    [
        ("v2", "installing connector: duplicate key value", "updating connector: duplicate key value"),
        ("v3", "cannot install connector: object already exists", "cannot update connector: object already exists"),
    ],
)
async def test_a_name_is_a_connectors_own(generation: Generation, install: str, update: str) -> None:
    async with opened(generation, payments_count=0) as stack:
        taken = {**WISE, "name": "stripe-eu"}
        assert await refused(stack, "POST", f"{ROOT}/WISE", taken) == (400, "CONFLICT", install)
        path = f"{ROOT}/WISE/{await connector(stack, 'WISE')}/config"
        assert await refused(stack, "POST", path, taken) == (400, "CONFLICT", update)


@pytest.mark.parametrize("generation", GENERATIONS)
async def test_a_config_can_be_changed(generation: Generation) -> None:
    async with opened(generation, payments_count=0) as stack:
        path = f"{ROOT}/WISE/{await connector(stack, 'WISE')}/config"
        await done(stack, "POST", path, WISE)
        await done(stack, "POST", path, WISE)

        assert (await stack.data(path)).items() >= WISE.items()
        assert "wise-2" in await names(stack)


@pytest.mark.parametrize("generation", GENERATIONS)
async def test_uninstalling_takes_all_that_came_through_the_connector(generation: Generation) -> None:
    async with opened(generation, payments_count=300) as stack:
        gone = await connector(stack, "STRIPE")
        await done(stack, "DELETE", f"{ROOT}/STRIPE/{gone}")
        assert "stripe-eu" not in await names(stack)

        accounts = {row["id"] for row in await stack.everything("/accounts")}
        for path in ("/accounts", "/payments", "/transfer-initiations"):
            assert gone not in {row["connectorID"] for row in await stack.everything(path)}
        for row in await stack.everything("/transfer-initiations"):
            await stack.data(f"/transfer-initiations/{row['id']}")
        assert {each for pool in await stack.data("/pools") for each in pool["accounts"]} <= accounts
        for row in await stack.everything("/bank-accounts"):
            assert {each["accountID"] for each in row.get("relatedAccounts", [])} <= accounts


@pytest.mark.parametrize("generation", GENERATIONS)
async def test_a_reset_connector_has_a_new_id_and_nothing_else_of_it(generation: Generation) -> None:
    async with opened(generation, payments_count=300) as stack:
        old = await connector(stack, "WISE")
        before = await stack.data(f"{ROOT}/WISE/{old}/config")
        await done(stack, "POST", f"{ROOT}/WISE/{old}/reset")
        assert (await names(stack))[-1] == "wise-payouts"

        new = await connector(stack, "WISE")
        assert new != old
        assert await stack.data(f"{ROOT}/WISE/{new}/config") == before
        assert old not in {row["connectorID"] for row in await stack.everything("/accounts")}


@pytest.mark.parametrize("generation", GENERATIONS)
async def test_bad_settings_are_refused(generation: Generation) -> None:
    is_old = generation == "v2"
    unreadable = "MISSING_OR_INVALID_BODY" if is_old else "VALIDATION"
    async with opened(generation, payments_count=0) as stack:
        table: list[tuple[str, object, str]] = [
            ("WISE", "{", unreadable),
            ("WISE", {**WISE, "apiKey": 1}, unreadable),
            ("WISE", {**WISE, "pollingPeriod": "often"}, unreadable),
            ("WISE", {**WISE, "pollingPeriod": "3"}, unreadable),
            ("STRIPE", {**WISE, "pageSize": -1}, unreadable),
            ("STRIPE", {**WISE, "pageSize": "10"}, unreadable),
            ("WISE", None, "VALIDATION"),
        ]
        for provider, body, code in table:
            assert (await refused(stack, "POST", f"{ROOT}/{provider}", body))[:2] == (400, code)
        assert len(await names(stack)) == 10


@pytest.mark.parametrize("generation", GENERATIONS)
async def test_numbers_come_back_as_numbers(generation: Generation) -> None:
    async with opened(generation, payments_count=0) as stack:
        made_one = await made(stack, f"{ROOT}/stripe", {**WISE, "pageSize": 50, "unheard": "of"}, status=201)
        told = await stack.data(f"{ROOT}/stripe/{made_one['connectorID']}/config")

        assert told == {**WISE, "pageSize": 50, "provider": "Stripe"}


async def test_only_v3_minds_how_often_a_connector_polls() -> None:
    async with opened("v2", payments_count=0) as old, opened("v3", payments_count=0) as new:
        often = {**WISE, "pollingPeriod": "120s"}
        await made(old, f"{ROOT}/wise", often, status=201)
        message = "polling period cannot be lower than minimum of 20m0s: validation error"
        assert await refused(new, "POST", f"{ROOT}/wise", often) == (400, "VALIDATION", message)


async def test_an_unknown_provider_has_no_route_on_v2_and_no_plugin_on_v3() -> None:
    async with opened("v2", payments_count=0) as old, opened("v3", payments_count=0) as new:
        answer = await old.client.post("/api/payments/connectors/bank", json=WISE)
        assert (answer.status_code, answer.text) == (404, "404 page not found\n")
        assert (await refused(new, "POST", f"{ROOT}/bank", WISE))[:2] == (400, "VALIDATION")


@pytest.mark.parametrize(
    ("method", "tail", "body"),
    [("DELETE", "", None), ("GET", "/config", None), ("POST", "/config", WISE), ("POST", "/reset", None)],
)
@pytest.mark.parametrize("generation", GENERATIONS)
async def test_an_absent_connector_is_refused(generation: Generation, method: str, tail: str, body: object) -> None:
    async with opened(generation, payments_count=0) as stack:
        expected = (404, "NOT_FOUND", "cannot get connector: not found")
        if generation == "v2":
            expected = (400, "VALIDATION", "connector not installed")

        assert await refused(stack, method, f"{ROOT}/WISE/{ABSENT}{tail}", body) == expected
        assert (await refused(stack, method, f"{ROOT}/WISE/x{tail}", body))[:2] == (400, "INVALID_ID")


async def test_only_v2_minds_the_provider_beside_a_connectors_id() -> None:
    async with opened("v2", payments_count=0) as old, opened("v3", payments_count=0) as new:
        path = f"{ROOT}/ADYEN/{await connector(new, 'WISE')}/config"
        assert (await new.data(path))["name"] == "wise-payouts"
        assert await refused(old, "GET", path) == (400, "VALIDATION", "connector not installed")
