"""The sandbox's orchestration service: both APIs over one state, and workflows that really run."""

import asyncio
from typing import Any

import httpx
import pytest

from providers.formance.sandbox.orchestration import seed
from tests.providers.formance.sandbox_stack import Stack, opened

V1, V2 = "/api/orchestration", "/api/orchestration/v2"
LEDGER = "orchestration-000-internal"


async def got(stack: Stack, path: str, **params: Any) -> Any:
    response = await stack.client.get(path, params=params or None)
    assert response.status_code == 200, response.text
    return response.json()


async def ran(stack: Stack, workflow: str, variables: dict[str, str], *, root: str = V2, wait: bool = False) -> Any:
    response = await stack.client.post(
        f"{root}/workflows/{workflow}/instances", json=variables, params={"wait": "true"} if wait else None
    )
    assert response.status_code == 201, response.text
    return response.json()["data"]


async def made(stack: Stack, *stages: Any, name: str = "made") -> str:
    response = await stack.client.post(f"{V2}/workflows", json={"name": name, "stages": stages})
    assert response.status_code == 201
    return str(response.json()["data"]["id"])


def refusal(response: httpx.Response) -> tuple[int, str]:
    return response.status_code, response.json()["errorCode"]


def send(amount: Any, source: str, destination: str, **more: Any) -> Any:
    ends = ({"account": {"id": each, "ledger": LEDGER}} for each in (source, destination))
    return {"send": {"source": next(ends), "destination": next(ends), "amount": amount, **more}}


async def test_lists_come_whole_by_v1_and_in_pages_by_v2() -> None:
    async with opened() as stack:
        whole = (await got(stack, f"{V1}/instances"))["data"]
        first = (await got(stack, f"{V2}/instances", pageSize=5, workflowID=seed.COLLECT))["cursor"]
        second = (await got(stack, f"{V2}/instances", cursor=first["next"]))["cursor"]

        assert len(whole) == 12
        assert [len(first["data"]), len(second["data"])] == [5, 1]
        assert {row["workflowID"] for row in first["data"] + second["data"]} == {seed.COLLECT}
        assert all("status" not in row for row in whole)
        assert len((await got(stack, f"{V2}/instances", running="true"))["cursor"]["data"]) == 4
        assert [row["name"] for row in (await got(stack, f"{V1}/triggers", name="nightly"))["data"]] == ["nightly"]


async def test_a_server_of_v1_has_no_v2() -> None:
    async with opened(orchestration="v1") as stack:
        assert (await got(stack, f"{V1}/_info"))["version"].startswith("v1.")
        for path in ("_info", "workflows", f"workflows/{seed.COLLECT}"):
            response = await stack.client.get(f"{V2}/{path}")
            assert (response.status_code, response.headers["content-type"]) == (404, "text/plain; charset=utf-8")
        assert len((await got(stack, f"{V1}/workflows"))["data"]) == 3
        trigger = seed.trigger_id("nightly")
        assert (await stack.client.post(f"{V1}/triggers/{trigger}/test", json={})).status_code == 404


async def test_a_run_moves_money_and_shows_every_step() -> None:
    async with opened() as stack:
        book = stack.client._transport.app.state.stack.books[LEDGER]  # type: ignore[attr-defined]
        before = book.balance("treasury:main", "EUR/2")
        instance = await ran(stack, seed.COLLECT, {"customer": "c9", "amount": str(seed.LARGE)}, wait=True)
        history = (await got(stack, f"{V2}/instances/{instance['id']}/history"))["data"]
        [activity] = (await got(stack, f"{V2}/instances/{instance['id']}/stages/1/history"))["data"]

        assert instance["terminated"]
        assert [stage["stage"] for stage in instance["status"]] == [0, 1]
        assert history[0]["input"]["destination"]["account"]["id"] == "collections:c9"
        assert book.balance("treasury:main", "EUR/2") == before + seed.LARGE
        transaction = activity["output"]["CreateTransaction"]["data"]
        assert transaction["postings"][0]["amount"] == seed.LARGE
        assert activity["input"]["CreateTransaction"]["Ledger"] == LEDGER
        assert book.transaction(transaction["id"]).postings[0].amount == seed.LARGE


async def test_older_services_tell_of_transactions_as_the_first_ledger_does() -> None:
    async with opened(orchestration="v1") as stack:
        instance = seed.instance_id("collect", 0)
        [activity] = (await got(stack, f"{V1}/instances/{instance}/stages/0/history"))["data"]
        [transaction] = activity["output"]["CreateTransaction"]["data"]

        assert activity["input"]["CreateTransaction"]["ledger"] == LEDGER
        assert transaction["txid"] == 1
        assert "id" not in transaction


async def test_what_comes_out_of_a_payment_shows_the_whole_payment_and_what_is_noted() -> None:
    async with opened() as stack:
        payment = next(row for row in await stack.data("/payments") if row["type"] == "PAY-IN")
        taken = {
            "source": {"payment": {"id": payment["id"]}},
            "destination": {"account": {"id": "in", "ledger": LEDGER}},
        }
        note = {"account": {"id": "in", "ledger": LEDGER, "metadata": {"by": "flow"}}}
        workflow = await made(stack, {"send": taken}, {"update": note})
        instance = await ran(stack, workflow, {}, wait=True)
        [looked, *_] = (await got(stack, f"{V2}/instances/{instance['id']}/stages/0/history"))["data"]
        [noted] = (await got(stack, f"{V2}/instances/{instance['id']}/stages/1/history"))["data"]

        assert looked["output"]["GetPayment"]["data"] == payment
        assert noted["input"]["AddAccountMetadata"] == {"ledger": LEDGER, "account": "in", "metadata": {"by": "flow"}}


async def test_what_cannot_be_paid_fails_where_it_is() -> None:
    async with opened() as stack:
        poor = await made(stack, send({"amount": 1, "asset": "EUR/2"}, "nobody", "world"))
        instance = await ran(stack, poor, {}, wait=True)

        assert instance["error"].startswith("INSUFFICIENT_FUND")
        assert instance["status"][0]["error"] == instance["error"]
        [activity] = (await got(stack, f"{V2}/instances/{instance['id']}/stages/0/history"))["data"]
        assert activity["lastFailure"] == activity["error"] == instance["error"]


async def test_an_instance_waits_for_its_event_and_then_orders_a_transfer() -> None:
    """The transfer's reference tells the instance, the stage and the activity."""
    async with opened() as stack:
        instance = await ran(stack, seed.PAYOUT, {})
        events = f"{V2}/instances/{instance['id']}/events"
        assert (await stack.client.post(events, json={"name": "another"})).status_code == 204
        assert not (await got(stack, f"{V2}/instances/{instance['id']}"))["data"]["terminated"]
        assert (await stack.client.post(events, json={"name": "approved"})).status_code == 204

        assert (await got(stack, f"{V2}/instances/{instance['id']}"))["data"]["terminated"]
        newest = (await stack.data("/transfer-initiations"))[0]
        assert newest["reference"] == f"{instance['id']}-117"
        assert (newest["status"], newest["amount"]) == ("PROCESSED", 2500)
        assert refusal(await stack.client.post(events, json={"name": "approved"})) == (500, "INTERNAL")


async def test_a_cancelled_instance_goes_no_further() -> None:
    async with opened() as stack:
        instance = seed.instance_id("payout", 0)
        waiting = asyncio.create_task(
            stack.client.post(f"{V2}/workflows/{seed.PAYOUT}/instances", json={}, params={"wait": "1"})
        )
        await asyncio.sleep(0)
        assert (await stack.client.put(f"{V2}/instances/{instance}/abort")).status_code == 204
        found = (await got(stack, f"{V2}/instances/{instance}"))["data"]
        assert (found["terminated"], found["error"]) == (True, "canceled")
        assert refusal(await stack.client.put(f"{V1}/instances/{instance}/abort")) == (500, "INTERNAL")

        rows = (await got(stack, f"{V1}/instances", running="true"))["data"]
        other = next(row["id"] for row in rows if row["id"] not in {seed.instance_id("payout", 1)} | SWEEPS)
        assert not waiting.done()
        await stack.client.put(f"{V2}/instances/{other}/abort")
        assert (await waiting).json()["data"]["error"] == "canceled"


SWEEPS = {seed.instance_id("sweep", number) for number in range(3)}


async def test_a_delay_ends_when_its_time_has_come() -> None:
    now = 1_800_000_000.0
    async with opened(clock=lambda: now) as stack:
        update = {"update": {"account": {"id": "a", "ledger": LEDGER, "metadata": {"seen": "${who}"}}}}
        late = await made(stack, {"delay": {"duration": "1m30s"}}, update)
        instance = await ran(stack, late, {"who": "me"})
        now += 89
        assert not (await got(stack, f"{V2}/instances/{instance['id']}"))["data"]["terminated"]
        now += 2
        assert (await got(stack, f"{V2}/instances/{instance['id']}"))["data"]["terminated"]
        book = stack.client._transport.app.state.stack.books[LEDGER]  # type: ignore[attr-defined]
        assert book.accounts["a"].metadata == {"seen": "me"}


async def test_a_trigger_runs_its_workflow_for_what_passes_its_filter() -> None:
    async with opened() as stack:
        announce = stack.client._transport.app.state.stack.announce  # type: ignore[attr-defined]
        occurrences = f"{V2}/triggers/{seed.trigger_id('card-payments')}/occurrences"
        before = len((await got(stack, occurrences))["cursor"]["data"])
        payment = {"type": "PAY-IN", "amount": 7, "metadata": {"collect": "yes", "customer_id": "cus_0001"}}
        announce("payments", "SAVED_PAYMENT", {**payment, "type": "PAYOUT"})
        announce("payments", "SAVED_PAYMENT", payment)
        await asyncio.sleep(0)

        *_, last = (await got(stack, occurrences))["cursor"]["data"]
        assert len((await got(stack, occurrences))["cursor"]["data"]) == before + 1
        assert last["event"]["payload"] == payment
        history = (await got(stack, f"{V2}/instances/{last['workflowInstanceID']}/history"))["data"]
        assert history[0]["input"]["amount"]["amount"] == "7"


async def test_a_trigger_is_tried_without_a_run() -> None:
    async with opened() as stack:
        path = f"{V2}/triggers/{seed.trigger_id('card-payments')}/test"
        event = {"type": "PAY-IN", "amount": seed.LARGE, "metadata": {"collect": "yes"}}
        passing = (await stack.client.post(path, json=event)).json()["data"]
        failing = (await stack.client.post(path, json={"type": "PAY-IN"})).json()["data"]

        assert passing["filter"] == {"match": True}
        assert passing["variables"]["amount"] == {"value": str(seed.LARGE)}
        assert set(failing["filter"]) == {"error"}
        assert len((await got(stack, f"{V2}/instances"))["cursor"]["data"]) == 12


@pytest.mark.parametrize(
    ("method", "path", "body", "told"),
    [
        ("GET", f"workflows/{seed.trigger_id('nightly')}", None, (500, "INTERNAL")),
        ("GET", "instances/nothing", None, (404, "NOT_FOUND")),
        ("GET", f"instances/{seed.instance_id('payout', 0)}/stages/7/history", None, (404, "NOT_FOUND")),
        ("GET", "triggers/nothing", None, (404, "NOT_FOUND")),
        ("DELETE", "workflows/nothing", None, (400, "VALIDATION")),
        ("DELETE", f"workflows/{seed.trigger_id('nightly')}", None, (404, "NOT_FOUND")),
        ("DELETE", "triggers/nothing", None, (404, "NOT_FOUND")),
        ("PUT", "instances/nothing/abort", None, (500, "INTERNAL")),
        ("POST", "instances/nothing/events", {"name": "x"}, (500, "INTERNAL")),
        ("POST", "workflows/nothing/instances", {}, (500, "INTERNAL")),
        ("POST", f"workflows/{seed.COLLECT}/instances", {"amount": 1}, (400, "VALIDATION")),
        ("POST", "workflows", {"stages": [{"fly": {}}]}, (500, "INTERNAL")),
        ("POST", "triggers", {"event": "X"}, (400, "VALIDATION")),
        ("POST", "triggers", {"event": "X", "workflowID": seed.COLLECT, "filter": "event ==== 1"}, (400, "VALIDATION")),
        ("POST", "triggers", {"event": "X", "workflowID": "nothing"}, (404, "NOT_FOUND")),
    ],
)
async def test_what_cannot_be_is_refused_as_the_service_does(
    method: str, path: str, body: Any, told: tuple[int, str]
) -> None:
    async with opened() as stack:
        for root in (V1, V2):
            response = await stack.client.request(method, f"{root}/{path}", json=body)
            assert refusal(response) == told, response.text


async def test_a_deleted_workflow_is_listed_no_more_and_still_read() -> None:
    async with opened() as stack:
        assert (await stack.client.delete(f"{V2}/workflows/{seed.SWEEP}")).status_code == 204
        assert len((await got(stack, f"{V1}/workflows"))["data"]) == 2
        assert "deletedAt" in (await got(stack, f"{V2}/workflows/{seed.SWEEP}"))["data"]
        assert {row["workflowID"] for row in (await got(stack, f"{V1}/instances"))["data"]} == {
            seed.COLLECT,
            seed.PAYOUT,
        }
