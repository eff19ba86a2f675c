"""The sandbox's wallets service: what it answers, how it says no, and what it leaves in its ledger."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from providers.formance.sandbox.draw import name_uuid
from providers.formance.sandbox.wallets.seed import HUGE, wallet_id
from providers.seed import customers
from tests.providers.formance.sandbox_stack import anonymous, opened

ADA = wallet_id(customers(1)[0])
VAULT = wallet_id(customers(1)[0], 1)
OPEN = name_uuid("hold", ADA, "open")
NOBODY = "00000000-0000-4000-8000-000000000000"
ROOT = "/api/wallets"


class Wallets:
    """Short ways to ask."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client

    async def get(self, path: str, **params: str) -> Any:
        """The `data` of an answer."""
        response = await self.client.get(f"{ROOT}{path}", params=params)
        assert response.status_code == 200, response.text
        body = response.json()
        return body["cursor"]["data"] if "cursor" in body else body["data"]

    async def post(self, path: str, body: object = None, *, key: str = "") -> httpx.Response:
        """The bare answer."""
        headers = {"idempotency-key": key} if key else {}
        given = {} if body is None else {"json": body}
        return await self.client.post(f"{ROOT}{path}", headers=headers, **given)  # type: ignore[arg-type]

    async def refused(self, path: str, body: object) -> tuple[int, str]:
        """Status and code of a refusal."""
        response = await self.post(path, body)
        return response.status_code, response.json()["errorCode"] if response.content else ""

    async def dollars(self, wallet: str, name: str = "main") -> int:
        """What a balance has."""
        found = await self.get(f"/wallets/{wallet}/balances/{name}")
        return int(found["assets"].get("USD/2", 0))


@pytest.fixture
async def wallets() -> AsyncIterator[Wallets]:
    async with opened(payments_count=10) as stack:
        yield Wallets(stack.client)


def dollars(amount: int) -> dict[str, object]:
    return {"asset": "USD/2", "amount": amount}


async def test_wallets_are_listed_by_name_and_notes_page_by_page(wallets: Wallets) -> None:
    everyone = await wallets.get("/wallets", pageSize="100")
    mine = await wallets.get("/wallets", **{"metadata[customer_id]": "cus_0001", "expand": "balances"})
    first = (await wallets.client.get(f"{ROOT}/wallets", params={"pageSize": "20"})).json()["cursor"]
    rest = (await wallets.client.get(f"{ROOT}/wallets", params={"cursor": first["next"], "name": "x"})).json()["cursor"]

    assert {each["id"] for each in mine} == {ADA, VAULT}
    assert {each["id"]: each["balances"]["main"]["assets"] for each in mine}[VAULT] == {"ETH/18": HUGE}
    assert "balances" not in everyone[0]
    assert [each["id"] for each in await wallets.get("/wallets", name="Ada Lovelace vault")] == [VAULT]
    assert first["data"] + rest["data"] == everyone
    assert (first["hasMore"], rest["hasMore"], rest["previous"] is not None) == (True, False, True)


async def test_a_summary_parts_what_can_be_spent_from_what_cannot(wallets: Wallets) -> None:
    summary = await wallets.get(f"/wallets/{ADA}/summary")
    by_name = {each["name"]: each for each in summary["balances"]}

    assert summary["expiredFunds"] == by_name["coupon"]["assets"] == {"USD/2": 500}
    assert summary["expirableFunds"] == by_name["bonus"]["assets"] == {"USD/2": 1500}
    assert summary["holdFunds"] == {"USD/2": 4000 + 1500 + 100}
    spendable = sum(by_name[name]["assets"]["USD/2"] for name in ("main", "savings", "bonus"))
    assert summary["availableFunds"] == {"USD/2": spendable, "EUR/2": 81_250}


async def test_what_is_not_there_is_told_as_the_service_tells_it(wallets: Wallets) -> None:
    """A wallet that is not there makes it fail; what is missing otherwise has no body."""
    for path in (f"/wallets/{NOBODY}", f"/wallets/{NOBODY}/summary"):
        response = await wallets.client.get(f"{ROOT}{path}")
        assert (response.status_code, response.json()["errorCode"]) == (500, "INTERNAL_ERROR")
        assert "account not found" in response.json()["errorMessage"]
    for path in (f"/wallets/{ADA}/balances/nothing", f"/holds/{NOBODY}"):
        response = await wallets.client.get(f"{ROOT}{path}")
        assert (response.status_code, response.content) == (404, b"")
    text = await wallets.client.post(f"{ROOT}/wallets", content="{}", headers={"content-type": "text/plain"})
    assert (text.status_code, text.content) == (415, b"")
    page = await wallets.client.get(f"{ROOT}/wallets", params={"pageSize": "many"})
    assert page.status_code == 500
    async with anonymous() as stranger:
        assert (await stranger.get(f"{ROOT}/wallets")).status_code == 401
        assert (await stranger.get(f"{ROOT}/_info")).json() == {"version": "v2.1.5"}


async def test_money_comes_from_several_sources_in_their_order(wallets: Wallets) -> None:
    sources = [{"type": "WALLET", "identifier": ADA, "balance": "bonus"}, {"type": "ACCOUNT", "identifier": "world"}]
    made = await wallets.post(f"/wallets/{VAULT}/credit", {"amount": dollars(2_000), "sources": sources})

    assert (made.status_code, made.content) == (204, b"")
    assert await wallets.dollars(VAULT) == 2_000
    assert await wallets.dollars(ADA, "bonus") == 0
    newest = (await wallets.get("/transactions", walletID=VAULT))[0]
    assert [each["amount"] for each in newest["postings"]] == [1_500, 500]


async def test_a_debit_of_all_balances_spares_expired_ones(wallets: Wallets) -> None:
    """What expires first is spent first."""
    before = {name: await wallets.dollars(ADA, name) for name in ("main", "savings", "bonus", "coupon")}
    assert (await wallets.post(f"/wallets/{ADA}/debit", {"amount": dollars(2_000), "balances": ["*"]})).is_success

    after = {name: await wallets.dollars(ADA, name) for name in before}
    assert after == {**before, "bonus": 0, "savings": before["savings"] - 500}
    assert await wallets.refused(f"/wallets/{ADA}/debit", {"amount": dollars(1), "balances": ["coupon"]}) == (
        400,
        "INSUFFICIENT_FUND",
    )
    assert (await wallets.refused(f"/wallets/{ADA}/debit", {"amount": dollars(10**12)}))[1] == "INSUFFICIENT_FUND"


async def test_a_hold_is_taken_in_parts_and_then_given_back(wallets: Wallets) -> None:
    body = {"amount": dollars(1_000), "pending": True, "metadata": {"order": "1"}, "description": "d"}
    before = await wallets.dollars(ADA)
    made = await wallets.post(f"/wallets/{ADA}/debit", body)
    hold = made.json()["data"]["id"]
    assert made.status_code == 201
    assert [each["id"] for each in await wallets.get("/holds", **{"walletID": ADA, "metadata[order]": "1"})] == [hold]
    assert "remaining" not in made.json()["data"]

    assert (await wallets.post(f"/holds/{hold}/confirm", {"amount": 300})).status_code == 204
    assert (await wallets.get(f"/holds/{hold}"))["remaining"] == 700
    assert await wallets.refused(f"/holds/{hold}/confirm", {"amount": 701}) == (400, "INSUFFICIENT_FUND")
    assert (await wallets.post(f"/holds/{hold}/void")).status_code == 204
    assert await wallets.dollars(ADA) == before - 300
    assert await wallets.refused(f"/holds/{hold}/void", None) == (400, "HOLD_CLOSED")
    assert await wallets.refused(f"/holds/{hold}/confirm", {}) == (400, "HOLD_CLOSED")
    assert (await wallets.get(f"/holds/{hold}"))["originalAmount"] == 1_000


async def test_a_final_part_sends_the_rest_back(wallets: Wallets) -> None:
    before = await wallets.dollars(ADA)
    assert (await wallets.post(f"/holds/{OPEN}/confirm", {"amount": 1_000, "final": True})).is_success

    assert (await wallets.get(f"/holds/{OPEN}"))["remaining"] == 0
    assert await wallets.dollars(ADA) == before + 3_000


async def test_an_idempotency_key_lets_money_move_once(wallets: Wallets) -> None:
    """A hold would be another each time: the same key is refused for a second one."""
    path, before = f"/wallets/{ADA}/credit", await wallets.dollars(ADA)
    for _ in range(2):
        assert (await wallets.post(path, {"amount": dollars(7)}, key="k")).status_code == 204
    other = await wallets.post(path, {"amount": dollars(8)}, key="k")
    held = [
        await wallets.post(f"/wallets/{ADA}/debit", {"amount": dollars(1), "pending": True}, key="h") for _ in range(2)
    ]

    assert (other.status_code, other.json()["errorCode"]) == (400, "VALIDATION")
    assert [each.status_code for each in held] == [201, 400]
    assert await wallets.dollars(ADA) == before + 7 - 1


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/wallets", {"metadata": {}}),
        ("/wallets", {"name": 1}),
        (f"/wallets/{ADA}/balances", {"name": "main"}),
        (f"/wallets/{ADA}/balances", {"name": "a b"}),
        (f"/wallets/{ADA}/balances", {"name": "savings"}),
        (f"/wallets/{ADA}/credit", {"amount": dollars(0)}),
        (f"/wallets/{ADA}/credit", {"amount": dollars(1), "sources": [{"type": "MOON", "identifier": "x"}]}),
        (f"/wallets/{ADA}/debit", {"amount": dollars(1), "balances": ["*", "main"]}),
    ],
)
async def test_what_makes_no_sense_is_refused(wallets: Wallets, path: str, body: object) -> None:
    assert await wallets.refused(path, body) == (400, "VALIDATION")


async def test_the_ledger_has_all_of_it_and_tells_of_it() -> None:
    """In the addresses and under the keys that the service uses."""
    async with opened(payments_count=10) as stack:
        heard: list[tuple[str, str]] = []
        app: Any = stack.client._transport.app  # type: ignore[attr-defined]
        app.state.stack.announce.listeners.append(lambda service, kind, _payload: heard.append((service, kind)))
        wallets = Wallets(stack.client)
        body = {"name": "New", "metadata": {"a": "b"}}
        made = (await wallets.post("/wallets", body)).json()["data"]
        await wallets.post(f"/wallets/{made['id']}/credit", {"amount": dollars(HUGE)})
        address = f"wallets:{made['id'].replace('-', '')}:main"
        account = (
            await stack.client.get(f"/api/ledger/v2/wallets-002/accounts/{address}", params={"expand": "volumes"})
        ).json()["data"]

        assert account["volumes"]["USD/2"]["balance"] == HUGE
        assert account["metadata"]["wallets/custom_data_a"] == "b"
        assert heard == [("ledger", "SAVED_METADATA"), ("ledger", "COMMITTED_TRANSACTIONS")]
        assert (await wallets.get(f"/wallets/{made['id']}"))["balances"]["main"]["assets"] == {"USD/2": HUGE}
