"""What the ledger is sent, by which API and under which key, and what its answers to writes become."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from providers.domain import NodeType, Provider, Ref
from providers.errors import Garbled, NotFound, ProviderError, Rejected, UnknownOutcome, Unsupported
from providers.formance.client.ledger_writes import BulkResult
from providers.formance.ledger.writes import LedgerWrites
from providers.formance.models.ledger import LedgerTransaction
from providers.formance.sandbox import create
from providers.formance.sandbox.ledger.records import Version
from providers.formance.translate.ledger_writes import part_outcomes
from providers.money import from_minor
from providers.operation import Operation
from providers.orders.ledger import (
    BulkOrder,
    LedgerTransactionOrder,
    NotesOrder,
    PostingOrder,
    RemovalOrder,
    RevertOrder,
    VariableOrder,
)
from tests.providers.formance.conftest import PEOPLE, NewRig, Rig

MANY = 10**39 + 7
MAIN = Ref(NodeType.LEDGER, ("main",), Provider.FORMANCE)
MONEY = from_minor(MANY, "USD/2")
ORDER = LedgerTransactionOrder(
    postings=(PostingOrder(source="world", destination="bank:1", money=MONEY),),
    timestamp=datetime(2026, 1, 2, tzinfo=UTC),
    reference="r-1",
    metadata={"a": "b"},
)
SCRIPT = LedgerTransactionOrder(
    script="send $m (source = @world destination = $who)",
    variables=(
        VariableOrder(name="m", money=MONEY),
        VariableOrder(name="n", number=MANY),
        VariableOrder(name="who", text="bank:1"),
    ),
)


def transaction(number: object, name: str = "main") -> Ref:
    return Ref(NodeType.LEDGER_TRANSACTION, (name, str(number)), Provider.FORMANCE)


def account(address: str, name: str = "main") -> Ref:
    return Ref(NodeType.LEDGER_ACCOUNT, (name, address), Provider.FORMANCE)


class Stack:
    """The writes of a provider over a sandbox of a version, which is known."""

    def __init__(self, rig: Rig, outcomes: dict[str, Any]) -> None:
        self.rig, self.outcomes = rig, outcomes
        self.writes = next(part for part in rig.provider.parts if isinstance(part, LedgerWrites))

    def sent(self) -> list[tuple[str, str, Any]]:
        """Method, path and body of the ledger's calls since the last time."""
        calls = [each for each in self.rig.ear.heard if "/ledger/" in each.path and not each.path.endswith("_info")]
        self.rig.ear.heard.clear()
        return [
            (each.method, each.path.removeprefix("/api/ledger"), json.loads(each.body) if each.body else None)
            for each in calls
        ]


@pytest.fixture
def stack(new_rig: NewRig) -> Any:
    async def make(version: Version) -> Stack:
        app = create(PEOPLE, ledger=version, payments_count=20)
        made = Stack(new_rig("v3", app=app), app.state.stack.books["main"].outcomes)
        await made.writes.ready_for_ledgers(Operation(timeout=5))
        made.sent()
        return made

    return make


POSTED = {
    "postings": [{"source": "world", "destination": "bank:1", "amount": MANY, "asset": "USD/2"}],
    "timestamp": "2026-01-02T00:00:00Z",
    "reference": "r-1",
    "metadata": {"a": "b"},
}


@pytest.mark.parametrize(
    ("version", "path"),
    [("v1", "/main/transactions"), ("v2.1", "/v2/main/transactions"), ("v2.4", "/v2/main/transactions")],
)
async def test_a_transaction_is_sent_whole_by_the_servers_own_api(
    stack: Any, operation: Operation, version: Version, path: str
) -> None:
    """Under our key, where the API takes one."""
    made = await stack(version)
    ref = await made.writes.create_ledger_transaction(MAIN, ORDER, "key-1", operation)

    assert made.sent() == [("POST", path, POSTED)]
    assert ref.keys[0] == "main"
    assert list(made.outcomes) == ([] if version == "v1" else ["key-1"])


async def test_variables_are_texts_where_numbers_would_lose_digits(stack: Any, operation: Operation) -> None:
    """Newer servers read numbers of a script's variables as floats."""
    new, old = await stack("v2.4"), await stack("v1")
    for each in (new, old):
        with pytest.raises(Rejected):  # the script has no `vars`
            await each.writes.preview_ledger_transaction(MAIN, SCRIPT, operation)

    [[_, _, modern]], [[_, _, first]] = new.sent(), old.sent()
    assert modern["script"]["vars"] == {"m": f"USD/2 {MANY}", "n": str(MANY), "who": "bank:1"}
    assert first["script"]["vars"] == {"m": {"asset": "USD/2", "amount": MANY}, "n": MANY, "who": "bank:1"}


async def test_every_write_of_newer_servers_has_its_key(stack: Any, operation: Operation) -> None:
    made = await stack("v2.4")
    writes: LedgerWrites = made.writes
    await writes.create_ledger_transaction(MAIN, ORDER, "k1", operation)
    await writes.revert_ledger_transaction(RevertOrder(transaction=transaction(3), force=True), "k2", operation)
    await writes.add_ledger_metadata(NotesOrder(target=transaction(4), metadata={"a": "b"}), "k3", operation)
    await writes.add_ledger_metadata(NotesOrder(target=account("fees"), metadata={"a/b": "c"}), "k4", operation)
    await writes.remove_ledger_metadata(RemovalOrder(target=transaction(4), key="a"), "k5", operation)
    await writes.remove_ledger_metadata(RemovalOrder(target=account("fees"), key="a/b"), "k6", operation)
    parts = (ORDER, RevertOrder(transaction=transaction(5), force=True))
    await writes.execute_ledger_bulk(BulkOrder(ledger=MAIN, parts=parts, goes_on=True), "k7", operation)

    assert list(made.outcomes) == ["k1", "k2", "k3", "k4", "k5", "k6", "k7-1"]
    assert [(method, path) for method, path, _ in made.sent()] == [
        ("POST", "/v2/main/transactions"),
        ("POST", "/v2/main/transactions/3/revert"),
        ("POST", "/v2/main/transactions/4/metadata"),
        ("POST", "/v2/main/accounts/fees/metadata"),
        ("DELETE", "/v2/main/transactions/4/metadata/a"),
        ("DELETE", "/v2/main/accounts/fees/metadata/a/b"),
        ("POST", "/v2/main/_bulk"),
    ]


@pytest.mark.parametrize("version", ["v1", "v2.4"])
async def test_what_cannot_be_there_is_not_asked_for(stack: Any, operation: Operation, version: Version) -> None:
    made = await stack(version)
    writes: LedgerWrites = made.writes
    nowhere = Ref(NodeType.LEDGER, ("a/b",), Provider.FORMANCE)
    for call in (
        lambda: writes.create_ledger_transaction(nowhere, ORDER, "k", operation),
        lambda: writes.preview_ledger_transaction(nowhere, ORDER, operation),
        lambda: writes.create_ledger_transactions(nowhere, [ORDER], operation),
        lambda: writes.run_ledger_script(nowhere, SCRIPT, operation),
        lambda: writes.update_ledger_mapping(nowhere, [], operation),
        lambda: writes.export_ledger_logs(nowhere, 1, operation),
        lambda: writes.revert_ledger_transaction(RevertOrder(transaction=transaction("x")), "k", operation),
        lambda: writes.revert_ledger_transaction(RevertOrder(transaction=transaction(1, "a/b")), "k", operation),
        lambda: writes.add_ledger_metadata(NotesOrder(target=account("a b"), metadata={}), "k", operation),
        lambda: writes.add_ledger_metadata(NotesOrder(target=transaction("x"), metadata={}), "k", operation),
    ):
        with pytest.raises(NotFound):
            await call()
    assert made.sent() == []


ODD: list[tuple[str, str, str, type[ProviderError]]] = [
    ("v1", "/api/ledger/main/transactions", '{"data": []}', UnknownOutcome),
    ("v1", "/api/ledger/main/transactions", '{"data": {}}', Garbled),
    ("v2.4", "/api/ledger/v2/main/transactions", '{"data": {}}', Garbled),
    ("v2.4", "/api/ledger/v2/main/transactions", '{"data": null}', Garbled),
    ("v2.4", "/api/ledger/v2/main/transactions", "[]", Garbled),
]


@pytest.mark.parametrize(("version", "path", "body", "error"), ODD)
async def test_an_answer_that_names_nothing_leaves_open_what_happened(
    stack: Any, operation: Operation, *, version: Version, path: str, body: str, error: type[ProviderError]
) -> None:
    made = await stack(version)
    made.rig.fault(path, method="POST", body=body, status=200)

    with pytest.raises(error):
        await made.writes.create_ledger_transaction(MAIN, ORDER, "k", operation)


async def test_a_batch_that_is_not_supported_is_told_from_one_that_is_refused(stack: Any, operation: Operation) -> None:
    new, old = await stack("v2.4"), await stack("v1")
    with pytest.raises(Unsupported):
        await new.writes.create_ledger_transactions(MAIN, [ORDER], operation)
    assert len(await old.writes.create_ledger_transactions(MAIN, [ORDER], operation)) == 1
    with pytest.raises(Rejected) as caught:
        await old.writes.create_ledger_transactions(MAIN, [ORDER], operation)

    assert caught.value.vendor_code == "CONFLICT"


@pytest.mark.parametrize("body", ['{"data": [{"responseType": 1}]}', '{"results": []}', "{}"])
async def test_a_bulk_whose_answer_cannot_be_read_may_have_happened(
    stack: Any, operation: Operation, body: str
) -> None:
    made = await stack("v2.4")
    made.rig.fault("/api/ledger/v2/main/_bulk", method="POST", body=body, status=400)

    with pytest.raises(Garbled):
        await made.writes.execute_ledger_bulk(BulkOrder(ledger=MAIN, parts=(ORDER,)), "k", operation)


def test_what_a_server_does_not_speak_of_it_did_not_come_to() -> None:
    """Of more results than there are elements, the rest is nobody's."""
    done = BulkResult("CREATE_TRANSACTION", LedgerTransaction(id=MANY))
    note = BulkResult("ADD_METADATA")
    refused = BulkResult("ERROR", error_code="CONFLICT", error_description="taken")
    left = BulkResult("ERROR", error_code="INTERNAL", error_description="context canceled")
    found = part_outcomes([done, note, refused, left], [ORDER] * 5, "main")

    assert [each.ref and each.ref.keys for each in found] == [("main", str(MANY)), None, None, None, None]
    assert [each.is_refused for each in found] == [False, False, True, True, True]
    assert [each.is_tried for each in found] == [True, True, True, False, False]
    assert [each.vendor_code for each in found] == [None, None, "CONFLICT", None, None]
    assert len(part_outcomes([done] * 3, [ORDER], "main")) == 1
