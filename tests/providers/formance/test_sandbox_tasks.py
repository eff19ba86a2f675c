"""What connectors do again and again, and the deprecated routes that name no connector."""

import pytest

from providers.formance.sandbox import Generation
from tests.providers.formance.sandbox_stack import GENERATIONS, opened
from tests.providers.formance.sandbox_writes import connector, done, refused, sent, transfer
from tests.providers.formance.test_sandbox_objects import NO_POOL

ROOT = "/connectors"


async def test_v2_lists_a_connectors_tasks() -> None:
    async with opened("v2", payments_count=0) as stack:
        statuses = set()
        for row in await stack.data(ROOT):
            path = f"{ROOT}/{row['provider']}/{row['connectorID']}/tasks"
            tasks = await stack.everything(path)
            assert {task["connectorID"] for task in tasks} == {row["connectorID"]}
            assert len(tasks) == 4
            for task in tasks:
                assert await stack.data(f"{path}/{task['id']}") == task
                assert set(task["descriptor"]) == {"name", "key"}
                assert (task["state"], len(task["createdAt"])) == ({}, len("2026-01-01T00:00:00Z"))
                assert bool(task["error"]) == (task["status"] == "FAILED")
                statuses.add(task["status"])

        assert statuses >= {"ACTIVE", "TERMINATED"}


async def test_v3_lists_the_schedules_of_all_connectors_whichever_is_asked_for() -> None:
    async with opened("v3", payments_count=0) as stack:
        wise = await connector(stack, "WISE")
        path = f"{ROOT}/WISE/{wise}/tasks"
        tasks = await stack.everything(path, pageSize=7)

        assert len(tasks) == 40
        assert len({task["connectorID"] for task in tasks}) == 10
        for task in [task for task in tasks if task["connectorID"] == wise]:
            assert await stack.data(f"{path}/{task['id']}") == task
            assert (task["status"], task["state"], task["error"]) == ("ACTIVE", None, "")
            assert task["descriptor"]["id"] == task["id"]


async def test_absent_tasks_are_refused() -> None:
    async with opened("v2", payments_count=0) as old, opened("v3", payments_count=0) as new:
        path = f"{ROOT}/WISE/{await connector(old, 'WISE')}/tasks"
        assert (await refused(old, "GET", f"{path}/x"))[:2] == (400, "INVALID_ID")
        assert await refused(old, "GET", f"{path}/{NO_POOL}") == (404, "NOT_FOUND", "getting task: not found")
        assert await refused(new, "GET", f"{path}/x") == (404, "NOT_FOUND", "cannot get schedule: not found")
        assert (await refused(new, "GET", f"{ROOT}/WISE/x/tasks/x"))[:2] == (400, "INVALID_ID")
        assert (await old.refusal(path, pageSize="x"))[:2] == (400, "VALIDATION")


async def test_the_deprecated_routes_mean_a_providers_only_connector() -> None:
    async with opened("v2", payments_count=0) as stack:
        wise = f"{ROOT}/WISE/{await connector(stack, 'WISE')}"
        assert await stack.data(f"{ROOT}/wise/config") == await stack.data(f"{wise}/config")
        tasks = await stack.data(f"{ROOT}/wise/tasks")
        assert tasks == await stack.data(f"{wise}/tasks")
        assert await stack.data(f"{ROOT}/wise/tasks/{tasks[0]['id']}") == tasks[0]
        await done(stack, "POST", f"{ROOT}/wise/reset")
        assert f"{ROOT}/WISE/{await connector(stack, 'WISE')}" != wise
        await done(stack, "DELETE", f"{ROOT}/wise")
        assert "wise-payouts" not in {row["name"] for row in await stack.data(ROOT)}


DEPRECATED = [("GET", "/config"), ("GET", "/tasks"), ("GET", f"/tasks/{NO_POOL}"), ("POST", "/reset"), ("DELETE", "")]


@pytest.mark.parametrize(("method", "tail"), DEPRECATED)
async def test_the_deprecated_routes_mean_nothing_when_there_is_more_or_less_than_one(method: str, tail: str) -> None:
    async with opened("v2", payments_count=0) as stack:
        for provider, message in (("STRIPE", "more than one connectors"), ("MONEYCORP", "no connectors")):
            expected = (400, "INVALID_ID", f"{message} installed")
            assert await refused(stack, method, f"{ROOT}/{provider}{tail}") == expected
        assert (await sent(stack, method, f"{ROOT}/bank{tail}")).status_code == 404


@pytest.mark.parametrize(("method", "tail"), DEPRECATED)
async def test_the_deprecated_routes_are_dead_on_v3(method: str, tail: str) -> None:
    async with opened("v3", payments_count=0) as stack:
        answer = await sent(stack, method, f"{ROOT}/WISE{tail}")

        is_task = tail.startswith("/tasks/")
        expected = (404, "404 page not found\n") if is_task else (405, "")
        assert (answer.status_code, answer.text) == expected


@pytest.mark.parametrize("generation", GENERATIONS)
async def test_transfers_between_connector_accounts_are_dead_unless_switched_on(generation: Generation) -> None:
    async with opened(generation, payments_count=0) as stack:
        answer = await sent(stack, "POST", f"{ROOT}/STRIPE/transfers", {})
        assert (answer.status_code, answer.content) == (405, b"")
    async with opened(generation, payments_count=0, transfers=True) as stack:
        ends = await transfer(stack)
        target = await stack.data(f"/accounts/{ends['destinationAccountID']}")
        body = {"amount": 7, "asset": "EUR/2", "source": ends["sourceAccountID"], "destination": target["reference"]}
        path = f"{ROOT}/{target['provider']}/transfers"
        answer = (await sent(stack, "POST", path, body)).json()
        assert set(answer) == {"id"}
        row = await stack.data(f"/transfer-initiations/{answer['id']}")
        assert (row["amount"], row["destinationAccountID"]) == (7, target["id"])
        for changes, code in (
            ({"amount": None}, "VALIDATION"),
            ({"asset": "x"}, "VALIDATION"),
            ({"destination": ""}, "VALIDATION"),
            ({"destination": "nobody"}, "NOT_FOUND"),
        ):
            assert (await refused(stack, "POST", path, {**body, **changes}))[1] == code
        same_provider = [row for row in await stack.data(ROOT) if row["provider"] == "STRIPE"]
        accounts = await stack.everything("/accounts")
        both = [
            next(row["id"] for row in accounts if row["connectorID"] == each["connectorID"]) for each in same_provider
        ]
        apart = {**body, "source": both[0], "destination": both[1]}
        assert (await refused(stack, "POST", f"{ROOT}/STRIPE/transfers", apart))[1] == "VALIDATION"
