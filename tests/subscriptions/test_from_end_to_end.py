"""From a change at a vendor to who subscribes to it: the sandbox sends a message, it is checked and kept, and told."""

from typing import Any

import pytest

from tests.inside import Inside
from tests.subscriptions.client import BOTH, by_events, by_socket, listening
from tests.subscriptions.graph import ask

PAYMENTS = "subscription { paymentChanged { payment { id reference status money { amount } } } }"
TRANSFERS = "subscription($id: ID) { transferInitiationChanged(id: $id) { transferInitiation { id status } } }"
ACCOUNTS = "subscription { accountChanged { account { id __typename } } }"
CREATE = "mutation($in: CreatePaymentInput!) { createPayment(input: $in) { payment { id } userErrors { message } } }"
VALIDATE = """mutation($in: TransferInitiationInput!) {
  validateTransferInitiation(input: $in) { transferInitiation { id } userErrors { message } } }"""
OPEN = """mutation($in: CreateSmartAccountInput!) {
  createSmartAccount(input: $in) { account { id } userErrors { message } } }"""
OWNER = {
    "email": "ada@example.com",
    "phoneNumber": "+5511999999999",
    "address": {"city": "Recife", "state": "PE"},
    "name": "Ada Lovelace",
    "taxNumber": "12345678909",
    "isSandbox": True,
}


@pytest.mark.parametrize("transport", BOTH.values(), ids=BOTH)
async def test_a_payment_that_is_made_is_told_to_subscribers(server: Inside, transport: Any) -> None:
    """With 40 digits, and once."""
    rows = ask(server, "{ connectors(first: 50) { nodes { id name } } }")["connectors"]["nodes"]
    amount = "12345678901234567890123456789012345678.09"
    given = {
        "connectorId": next(row["id"] for row in rows if row["name"] == "generic-bank"),
        "type": "PAY_IN",
        "status": "SUCCEEDED",
        "money": {"amount": amount, "asset": "EUR/2"},
        "scheme": "sepa credit",
        "createdAt": "2026-01-02T03:04:05Z",
    }
    references = [f"{transport.__name__}-{number}" for number in range(2)]
    async with transport(server, PAYMENTS) as subscriber:
        await listening(server, 1)
        for reference in references:
            ask(server, CREATE, **{"in": {**given, "reference": reference, "idempotencyKey": reference}})
        told = [(await subscriber.next())["data"]["paymentChanged"]["payment"] for _ in references]

    assert [each["reference"] for each in told] == references
    assert {each["money"]["amount"] for each in told} == {amount}
    await listening(server, 0)


async def test_a_transfer_is_followed_to_its_end(server: Inside) -> None:
    query = "{ transferInitiations(first: 50) { nodes { id status } } }"
    rows = ask(server, query)["transferInitiations"]["nodes"]
    waiting = next(row["id"] for row in rows if row["status"] == "WAITING_FOR_VALIDATION")
    async with by_events(server, TRANSFERS, id=waiting) as subscriber:
        await listening(server, 1)
        ask(server, VALIDATE, **{"in": {"transferInitiationId": waiting, "idempotencyKey": "end-to-end"}})
        status = ""
        while status != "PROCESSED":
            told = (await subscriber.next())["data"]["transferInitiationChanged"]["transferInitiation"]
            assert told["id"] == waiting
            status = told["status"]
    await listening(server, 0)


async def test_an_account_of_another_vendor_is_told_of(server: Inside) -> None:
    """Whatever else is told of accounts meanwhile."""
    async with by_socket(server, ACCOUNTS) as subscriber:
        await listening(server, 1)
        made = ask(server, OPEN, **{"in": {**OWNER, "idempotencyKey": "opened"}})["createSmartAccount"]["account"]
        told: dict[str, str] = {}
        while told.get("id") != made["id"]:
            told = (await subscriber.next())["data"]["accountChanged"]["account"]

    assert told["__typename"] == "SmartAccount"
    await listening(server, 0)


COMMITTED = """subscription($ledger: ID) { ledgerTransactionCommitted(ledgerId: $ledger) {
  ledgerTransaction { reference isReverted ledger { name } postings { money { amount } } } } }"""
COMMIT = """mutation($in: CreateLedgerTransactionInput!) { createLedgerTransaction(input: $in) {
  transaction { id } userErrors { message } } }"""
FORTY = "1234567890123456789012345678901234567890"


@pytest.mark.parametrize("transport", BOTH.values(), ids=BOTH)
async def test_what_is_committed_to_a_ledger_is_told_to_those_who_listen_to_it(server: Inside, transport: Any) -> None:
    """Of its own ledger alone, with 40 digits."""
    ledgers = ask(server, "{ ledgers(first: 10) { nodes { id name } } }")["ledgers"]["nodes"]
    by_name = {each["name"]: each["id"] for each in ledgers}
    async with transport(server, COMMITTED, ledger=by_name["main"]) as subscriber:
        await listening(server, 1)
        for name in ("audit", "main"):
            reference = f"{transport.__name__}-{name}"
            posting = {"source": "world", "destination": "listened:to", "money": {"amount": FORTY, "asset": "COIN"}}
            given = {"ledgerId": by_name[name], "postings": [posting], "reference": reference}
            ask(server, COMMIT, **{"in": {**given, "idempotencyKey": reference}})
        told = (await subscriber.next())["data"]["ledgerTransactionCommitted"]["ledgerTransaction"]

    assert told == {
        "reference": f"{transport.__name__}-main",
        "isReverted": False,
        "ledger": {"name": "main"},
        "postings": [{"money": {"amount": FORTY}}],
    }
    await listening(server, 0)
