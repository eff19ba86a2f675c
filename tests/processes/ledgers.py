"""Mutations of ledgers, as they are tried by several processes."""

from typing import Any

from tests.conftest import Graph
from tests.operations import ground
from tests.operations.row import Needs, Variables, change
from tests.processes.row import Row
from tests.resolvers.orders.rows_ledgers import account, ledger, log, posting

MOVED = 5
UNSUPPORTED = {"v3": ("UNSUPPORTED", None), "v2": ("UNSUPPORTED", None)}
"""By ledgers that know the second API, whatever the generation of the payments server."""


def _given(**fields: Any) -> Needs:
    async def needs(_graph: Graph) -> Variables:
        return ground.input_(**fields)

    return needs


def _noted(kind: str, **target: str) -> Needs:
    """A note that is not there yet."""

    async def needs(_graph: Graph) -> Variables:
        return ground.input_(**target, metadata={kind: ground.key()})

    return needs


async def _ledgers_own(graph: Graph) -> dict[str, str]:
    """A ledger that nobody else writes to at the same time."""
    made = await ground.made(graph, change("createLedger", "CreateLedgerInput", "ledger { id }"), name=ground.key())
    return {"ledgerId": made["ledger"]["id"]}


async def _ledger_with_a_note(graph: Graph) -> Variables:
    return await _kept("updateLedgerMetadata", _LEDGER, **await _ledgers_own(graph))(graph)


def _kept(mutation: str, shows: str, **target: str) -> Needs:
    """A note that is there to be deleted."""

    async def needs(graph: Graph) -> Variables:
        key = ground.key()
        document = change(mutation, f"{mutation[0].upper()}{mutation[1:]}Input", shows)
        await ground.made(graph, document, **target, metadata={key: "x"})
        return ground.input_(**target, metadataKey=key)

    return needs


async def _new(_graph: Graph) -> Variables:
    return ground.input_(name=ground.key())


async def _empty(graph: Graph) -> Variables:
    return ground.input_(**await _ledgers_own(graph), lines=log())


async def _transaction(graph: Graph, **metadata: str) -> str:
    document = change("createLedgerTransaction", "CreateLedgerTransactionInput", "transaction { id }")
    made = await ground.made(graph, document, ledgerId=ledger(), postings=[posting(MOVED)], metadata=metadata)
    return str(made["transaction"]["id"])


async def _to_revert(graph: Graph) -> Variables:
    return ground.input_(transactionId=await _transaction(graph))


async def _to_note(graph: Graph) -> Variables:
    return ground.input_(transactionId=await _transaction(graph), metadata={"reviewed": ground.key()})


async def _to_forget(graph: Graph) -> Variables:
    return ground.input_(transactionId=await _transaction(graph, gone="x"), metadataKey="gone")


def _row(mutation: str, shows: str, operation: str, needs: Needs, holds: Any, **more: Any) -> Row:
    return Row(
        mutation=mutation,
        takes=f"{mutation[0].upper()}{mutation[1:]}Input",
        shows=shows,
        operation=f"formance.ledger.{operation}",
        needs=needs,
        holds=holds,
        **more,
    )


def _has(field: str) -> Any:
    return lambda given, payload: given["metadata"].items() <= payload[field]["metadata"].items()


def _has_not(field: str) -> Any:
    return lambda given, payload: given["metadataKey"] not in payload[field]["metadata"]


_POSTED = {"ledgerId": ledger(), "postings": [posting(MOVED)]}
_ROWS = {"ledgerId": ledger(), "transactions": [{"postings": [posting(MOVED)]}]}
_SCRIPT = {"ledgerId": ledger(), "script": {"plain": "send [EUR/2 5] (source = @world destination = @till)"}}
_BULK = {"ledgerId": ledger(), "elements": [{"createTransaction": {"postings": [posting(MOVED)]}}]}
_LEDGER, _TRANSACTION, _ACCOUNT = "ledger { id metadata }", "transaction { id metadata }", "account { id metadata }"

LEDGERS = (
    _row(
        "createLedger",
        "ledger { id name }",
        "v2.create_ledger",
        _new,
        lambda given, payload: payload["ledger"]["name"] == given["name"],
        path="/api/ledger/v2/operations-*",
    ),
    _row(
        "updateLedgerMetadata", _LEDGER, "v2.update_ledger_metadata", _noted("seen", ledgerId=ledger()), _has("ledger")
    ),
    _row(
        "deleteLedgerMetadata",
        _LEDGER,
        "v2.delete_ledger_metadata",
        _ledger_with_a_note,
        _has_not("ledger"),
    ),
    _row(
        "importLedgerLogs",
        "ledger { id statistics { transactionCount } }",
        "v2.import_logs",
        _empty,
        lambda _given, payload: payload["ledger"]["statistics"] == {"transactionCount": "1"},
        is_patient=True,
    ),
    _row(
        "createLedgerTransaction",
        "transaction { id postings { money { minorUnits } } }",
        "v2.create_transaction",
        _given(**_POSTED),
        lambda _given, payload: payload["transaction"]["postings"] == [{"money": {"minorUnits": str(MOVED)}}],
    ),
    _row(
        "revertLedgerTransaction",
        _TRANSACTION,
        "v2.revert_transaction",
        _to_revert,
        lambda _given, payload: "com.formance.spec/state/reverts" in payload["transaction"]["metadata"],
    ),
    _row(
        "updateLedgerTransactionMetadata",
        _TRANSACTION,
        "v2.add_metadata_on_transaction",
        _to_note,
        _has("transaction"),
    ),
    _row(
        "deleteLedgerTransactionMetadata",
        _TRANSACTION,
        "v2.delete_transaction_metadata",
        _to_forget,
        _has_not("transaction"),
    ),
    _row(
        "updateLedgerAccountMetadata",
        _ACCOUNT,
        "v2.add_metadata_to_account",
        _noted("seen", accountId=account("fees")),
        _has("account"),
    ),
    _row(
        "deleteLedgerAccountMetadata",
        _ACCOUNT,
        "v2.delete_account_metadata",
        _kept("updateLedgerAccountMetadata", _ACCOUNT, accountId=account("platform:cash")),
        _has_not("account"),
    ),
    _row(
        "executeLedgerBulk",
        "results { error { code } transaction { id postings { money { minorUnits } } } }",
        "v2.create_bulk",
        _given(**_BULK),
        lambda _given, payload: (
            [each["transaction"]["postings"] for each in payload["results"]]
            == [[{"money": {"minorUnits": str(MOVED)}}]]
        ),
        is_keyed=True,
    ),
    _row(
        "createLedgerTransactions",
        "transactions { id }",
        "v1.create_transactions",
        _given(**_ROWS),
        lambda _given, _payload: False,
        refused=UNSUPPORTED,
    ),
    _row(
        "runLedgerScript",
        "transaction { id }",
        "v1.run_script",
        _given(**_SCRIPT),
        lambda _given, _payload: False,
        refused=UNSUPPORTED,
    ),
    _row(
        "updateLedgerMapping",
        "ledger { id }",
        "v1.update_mapping",
        _given(ledgerId=ledger(), contracts=[]),
        lambda _given, _payload: False,
        refused=UNSUPPORTED,
    ),
)
