"""The sandbox's webhooks module: receivers, their secrets and what they refuse."""

import base64
from typing import Any

import httpx
import pytest

from tests.providers.formance.sandbox_stack import opened

CONFIGS = "/api/webhooks/configs"
NEW = {"endpoint": "https://shop.example/hooks", "eventTypes": ["ledger.COMMITTED_TRANSACTIONS"], "name": "shop"}
SECRET = base64.b64encode(bytes(range(24))).decode()


async def made(client: httpx.AsyncClient, **changes: Any) -> Any:
    answer = await client.post(CONFIGS, json={**NEW, **changes})
    assert answer.status_code == 200, answer.text
    return answer.json()["data"]


async def test_a_receiver_is_made_active_with_a_secret_of_its_own() -> None:
    async with opened(payments_count=0) as stack:
        first, second = await made(stack.client), await made(stack.client, secret=SECRET)

    assert (first["endpoint"], first["name"], first["active"]) == (NEW["endpoint"], "shop", True)
    assert first["eventTypes"] == ["ledger.committed_transactions"]
    assert len(base64.b64decode(first["secret"], validate=True)) == 24
    assert first["createdAt"] == first["updatedAt"]
    assert second["secret"] == SECRET != first["secret"]


async def test_the_list_is_whole_and_takes_two_filters() -> None:
    async with opened(payments_count=0) as stack:
        config = await made(stack.client)
        for query in ({"id": config["id"]}, {"endpoint": config["endpoint"]}):
            answer = (await stack.client.get(CONFIGS, params=query)).json()
            assert answer == {"cursor": {"hasMore": False, "data": [config]}}
        everything = (await stack.client.get(CONFIGS)).json()["cursor"]["data"]
        other = await stack.client.get(CONFIGS, params={"pageSize": 5})

    assert [each["name"] for each in everything] == ["shop", "archive"]
    assert (other.status_code, other.json()["errorCode"]) == (400, "VALIDATION")


async def test_a_receiver_is_changed_and_deleted() -> None:
    async with opened(payments_count=0) as stack:
        config = await made(stack.client)
        place = f"{CONFIGS}/{config['id']}"
        off = (await stack.client.put(f"{place}/deactivate")).json()["data"]
        on = (await stack.client.put(f"{place}/activate")).json()["data"]
        changed = (await stack.client.put(f"{place}/secret/change", json={"secret": SECRET})).json()["data"]
        anew = (await stack.client.put(f"{place}/secret/change")).json()["data"]
        deleted = await stack.client.delete(place)
        again = await stack.client.delete(place)

    assert (off["active"], on["active"]) == (False, True)
    assert off["updatedAt"] < on["updatedAt"] < changed["updatedAt"]
    assert changed["secret"] == SECRET != anew["secret"]
    assert deleted.status_code == 200
    assert (again.status_code, again.json()["errorCode"]) == (404, "NOT_FOUND")


@pytest.mark.parametrize(("host", "status", "code"), [("good", "success", 200), ("fails", "failed", 500)])
async def test_a_test_is_an_attempt(host: str, status: str, code: int) -> None:
    async with opened(payments_count=0) as stack:
        config = await made(stack.client, endpoint=f"https://{host}.example")
        attempt = (await stack.client.get(f"{CONFIGS}/{config['id']}/test")).json()["data"]

    assert attempt["config"] == config
    assert (attempt["status"], attempt["statusCode"], attempt["retryAttempt"]) == (status, code, 0)
    assert attempt["payload"] == '{"data":"test"}'


@pytest.mark.parametrize(
    "change",
    [
        {"endpoint": ""},
        {"endpoint": "shop"},
        {"eventTypes": []},
        {"eventTypes": [""]},
        {"eventTypes": "x"},
        {"secret": "short"},
        {"secret": base64.b64encode(bytes(23)).decode()},
    ],
    ids=str,
)
async def test_what_cannot_be_a_receiver_is_refused(change: dict[str, Any]) -> None:
    async with opened(payments_count=0) as stack:
        answer = await stack.client.post(CONFIGS, json={**NEW, **change})
        left = (await stack.client.get(CONFIGS)).json()["cursor"]["data"]

    assert (answer.status_code, answer.json()["errorCode"]) == (400, "VALIDATION")
    assert len(left) == 1


@pytest.mark.parametrize("way", ["activate", "deactivate", "secret/change", "test"])
async def test_one_that_is_not_there_is_not_found(way: str) -> None:
    async with opened(payments_count=0) as stack:
        answer = await stack.client.request("GET" if way == "test" else "PUT", f"{CONFIGS}/nothing/{way}")

    assert (answer.status_code, answer.json()["errorCode"]) == (404, "NOT_FOUND")
