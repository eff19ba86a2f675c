"""Writes that take as long as a provider does: v3 keeps the caller waiting, and no caller is needed for the work."""

import asyncio
import time

import pytest

from providers.formance.sandbox import Generation
from tests.providers.formance.sandbox_stack import GENERATIONS, Stack, opened
from tests.providers.formance.sandbox_writes import connector, done, made, refused, sent, transfer
from tests.providers.formance.test_sandbox_initiation_writes import ROOT

SECONDS = 0.06


async def leave_early(stack: Stack, path: str, body: object) -> None:
    """Ask, and go before the answer can have come."""
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(sent(stack, "POST", path, body), SECONDS / 3)


async def only(stack: Stack, reference: str) -> dict[str, object]:
    (row,) = [row for row in await stack.everything(ROOT) if row["reference"] == reference]
    return dict(row)


@pytest.mark.parametrize("generation", GENERATIONS)
async def test_only_v3_keeps_the_caller_waiting(generation: Generation) -> None:
    async with opened(generation, payments_count=0, workflow_seconds=SECONDS) as stack:
        body = await transfer(stack, validated=True)
        started = time.perf_counter()
        row = await made(stack, ROOT, body)

        assert (time.perf_counter() - started >= SECONDS) == (generation == "v3")
        assert row["status"] == ("PROCESSED" if generation == "v3" else "VALIDATED")
        await asyncio.sleep(SECONDS * 1.5)
        assert (await stack.data(f"{ROOT}/{row['id']}"))["status"] == "PROCESSED"


async def test_the_work_goes_on_when_the_client_leaves() -> None:
    async with opened("v3", payments_count=0, workflow_seconds=SECONDS) as stack:
        await leave_early(stack, ROOT, await transfer(stack, validated=True))
        await leave_early(stack, ROOT, await transfer(stack, reference="fail-2", validated=True))
        assert (await only(stack, "order-1"))["status"] == "PROCESSING"

        await asyncio.sleep(SECONDS * 1.5)
        assert (await only(stack, "order-1"))["status"] == "PROCESSED"
        assert (await only(stack, "fail-2"))["status"] == "FAILED"
        assert len(await stack.data("/payments")) == 1


async def test_one_in_work_is_not_validated_again() -> None:
    async with opened("v3", payments_count=0, workflow_seconds=SECONDS) as stack:
        row = await made(stack, ROOT, await transfer(stack))
        path, validated = f"{ROOT}/{row['id']}/status", {"status": "VALIDATED"}
        first, second = await asyncio.gather(sent(stack, "POST", path, validated), sent(stack, "POST", path, validated))

        assert sorted([first.status_code, second.status_code]) == [204, 400]
        assert len(await stack.data("/payments")) == 1


async def test_a_bank_account_forwarded_twice_at_once_becomes_one_account() -> None:
    async with opened("v3", payments_count=0, workflow_seconds=SECONDS) as stack:
        target = {"connectorID": await connector(stack, "ATLAR")}
        row = await made(stack, "/bank-accounts", {"name": "Twice", "iban": "FR7630006000011234567890189"})
        path = f"/bank-accounts/{row['id']}/forward"
        await leave_early(stack, path, target)
        answers = await asyncio.gather(*(sent(stack, "POST", path, target) for _ in range(2)))

        assert {answer.status_code for answer in answers} == {200}
        assert len((await stack.data(f"/bank-accounts/{row['id']}"))["relatedAccounts"]) == 1


async def test_a_connector_is_there_while_its_installation_waits() -> None:
    async with opened("v3", payments_count=0, workflow_seconds=SECONDS) as stack:
        config = {"name": "late", "apiKey": "key"}
        await leave_early(stack, "/connectors/WISE", config)

        assert (await stack.data("/connectors"))[-1]["name"] == "late"
        assert (await refused(stack, "POST", "/connectors/WISE", config))[:2] == (400, "CONFLICT")


@pytest.mark.parametrize("tail", ["", "/reset"])
async def test_v3_uninstalls_in_the_background(tail: str) -> None:
    async with opened("v3", payments_count=0, workflow_seconds=SECONDS) as stack:
        wise = await connector(stack, "WISE")
        for _ in range(2):
            await done(stack, "POST" if tail else "DELETE", f"/connectors/WISE/{wise}{tail}")
        leaving = {row["connectorID"]: row["scheduledForDeletion"] for row in await stack.data("/connectors")}
        assert [each for each, is_leaving in leaving.items() if is_leaving] == [wise]

        await asyncio.sleep(SECONDS * 1.5)
        after = await stack.data("/connectors")
        assert wise not in {row["connectorID"] for row in after}
        assert [row["name"] for row in after].count("wise-payouts") == (1 if tail else 0)


async def test_what_was_uninstalled_in_the_meantime_stays_away() -> None:
    async with opened("v3", payments_count=0, workflow_seconds=SECONDS) as stack:
        body = await transfer(stack, validated=True)
        wanted = str(body["connectorID"])
        provider = next(row["provider"] for row in await stack.data("/connectors") if row["connectorID"] == wanted)
        await done(stack, "DELETE", f"/connectors/{provider}/{wanted}")
        await leave_early(stack, ROOT, body)
        await asyncio.sleep(SECONDS * 1.5)

        for path in ("/accounts", "/payments", ROOT):
            assert wanted not in {row["connectorID"] for row in await stack.everything(path)}
