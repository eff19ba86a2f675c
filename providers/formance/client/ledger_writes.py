"""The ledger: writes by both of the service's APIs, under the vendor's names. Those of the second begin with `v2_`.

Writes of the second API take the vendor's idempotency key where it has one.

https://docs.formance.com/ledger
"""

from collections.abc import Mapping

import msgspec

from providers.answers import LINES
from providers.endpoint import Endpoint, Query
from providers.errors import Rejected, Unsupported
from providers.formance.client.calls import Calls, ModelT, routed
from providers.formance.models import Data
from providers.formance.models.ledger import LedgerTransaction
from providers.formance.models.ledger_writes import (
    BulkResult,
    Element,
    LedgerRequest,
    MappingRequest,
    Metadata,
    ScriptAnswer,
    ScriptRequest,
    TransactionRequest,
    TransactionsRequest,
)
from providers.operation import Operation

_V1, _V2 = "/api/ledger/{ledger}", "/api/ledger/v2/{ledger}"


def _v1(operation: str, method: str, path: str) -> Endpoint:
    return Endpoint(operation, method, f"{_V1}{path}")


def _v2(operation: str, method: str, path: str, **options: int) -> Endpoint:
    return Endpoint(f"v2_{operation}", method, f"{_V2}{path}", **options)


CREATE_TRANSACTION = _v1("create_transaction", "POST", "/transactions")
CREATE_TRANSACTIONS = _v1("create_transactions", "POST", "/transactions/batch")
REVERT_TRANSACTION = _v1("revert_transaction", "POST", "/transactions/{txid}/revert")
ADD_METADATA_ON_TRANSACTION = _v1("add_metadata_on_transaction", "POST", "/transactions/{txid}/metadata")
ADD_METADATA_TO_ACCOUNT = _v1("add_metadata_to_account", "POST", "/accounts/{address}/metadata")
RUN_SCRIPT = _v1("run_script", "POST", "/script")
UPDATE_MAPPING = _v1("update_mapping", "PUT", "/mapping")

V2_CREATE_LEDGER = _v2("create_ledger", "POST", "")
V2_UPDATE_LEDGER_METADATA = _v2("update_ledger_metadata", "PUT", "/metadata")
V2_DELETE_LEDGER_METADATA = _v2("delete_ledger_metadata", "DELETE", "/metadata/{key}")
V2_CREATE_TRANSACTION = _v2("create_transaction", "POST", "/transactions")
V2_REVERT_TRANSACTION = _v2("revert_transaction", "POST", "/transactions/{id}/revert")
V2_ADD_METADATA_ON_TRANSACTION = _v2("add_metadata_on_transaction", "POST", "/transactions/{id}/metadata")
V2_DELETE_TRANSACTION_METADATA = _v2("delete_transaction_metadata", "DELETE", "/transactions/{id}/metadata/{key}")
V2_ADD_METADATA_TO_ACCOUNT = _v2("add_metadata_to_account", "POST", "/accounts/{address}/metadata")
V2_DELETE_ACCOUNT_METADATA = _v2("delete_account_metadata", "DELETE", "/accounts/{address}/metadata/{key}")
V2_CREATE_BULK = _v2("create_bulk", "POST", "/_bulk", answers=400)
V2_EXPORT_LOGS = _v2("export_logs", "POST", "/logs/export")
V2_IMPORT_LOGS = _v2("import_logs", "POST", "/logs/import")

PATIENCE = 60.0
"""Seconds for a log to be imported."""

Path = Mapping[str, str]

_TRANSACTION = msgspec.json.Decoder(Data[LedgerTransaction])
_TRANSACTIONS: "msgspec.json.Decoder[Data[tuple[LedgerTransaction, ...]]]" = msgspec.json.Decoder(
    Data[tuple[LedgerTransaction, ...]]
)
_SCRIPT = msgspec.json.Decoder(ScriptAnswer)
_RESULTS: "msgspec.json.Decoder[Data[tuple[BulkResult, ...]]]" = msgspec.json.Decoder(Data[tuple[BulkResult, ...]])


class LedgerWriteCalls(Calls):
    """One method for each operation that writes, and the export of logs."""

    async def create_transaction(
        self, ledger: str, body: TransactionRequest, operation: Operation
    ) -> tuple[LedgerTransaction, ...]:
        """Make a transaction. The ledger is made if it is not there."""
        return await self._write(CREATE_TRANSACTION, _TRANSACTIONS, operation, {"ledger": ledger}, body=body)

    async def preview_transaction(
        self, ledger: str, body: TransactionRequest, operation: Operation
    ) -> tuple[LedgerTransaction, ...]:
        """What a transaction would be."""
        query = [("preview", "true")]
        return await self._look(
            CREATE_TRANSACTION, _TRANSACTIONS, operation, {"ledger": ledger}, query=query, body=body
        )

    async def v2_create_transaction(
        self, ledger: str, body: TransactionRequest, key: str, operation: Operation
    ) -> LedgerTransaction:
        """Make a transaction."""
        path = {"ledger": ledger}
        return await self._write(V2_CREATE_TRANSACTION, _TRANSACTION, operation, path, body=body, key=key)

    async def v2_preview_transaction(
        self, ledger: str, body: TransactionRequest, operation: Operation
    ) -> LedgerTransaction:
        """What a transaction would be."""
        query = [("dryRun", "true")]
        return await self._look(
            V2_CREATE_TRANSACTION, _TRANSACTION, operation, {"ledger": ledger}, query=query, body=body
        )

    async def create_transactions(
        self, ledger: str, body: TransactionsRequest, operation: Operation
    ) -> tuple[LedgerTransaction, ...]:
        """Make several transactions, all or none. Servers since 2.0 say in plain text that they do not do that."""
        try:
            async with routed():
                return await self._write(CREATE_TRANSACTIONS, _TRANSACTIONS, operation, {"ledger": ledger}, body=body)
        except Rejected as error:
            if error.vendor_code is not None:
                raise
            raise Unsupported(error.provider, error.operation, status=error.status) from error

    async def run_script(self, ledger: str, body: ScriptRequest, operation: Operation) -> LedgerTransaction:
        """Run a script. Its refusals come as successes. Servers since 2.0 have no such route."""
        async with routed():
            content = msgspec.json.encode(body)
            path = {"ledger": ledger}
            answer = await self._upstream.write(RUN_SCRIPT, _SCRIPT, operation, path=path, content=content)
        if answer.transaction is None:
            raise Rejected(self._upstream.provider, RUN_SCRIPT.operation, vendor_code=answer.error_code)
        return answer.transaction

    async def update_mapping(self, ledger: str, body: MappingRequest, operation: Operation) -> None:
        """Replace a ledger's rules. Servers since 2.0 have no such route."""
        async with routed():
            await self._order(UPDATE_MAPPING, operation, path={"ledger": ledger}, body=body)

    async def revert_transaction(self, ledger: str, txid: str, query: Query, operation: Operation) -> LedgerTransaction:
        """Take a transaction back, and give the one that does."""
        path = {"ledger": ledger, "txid": txid}
        return await self._write(REVERT_TRANSACTION, _TRANSACTION, operation, path, query=query)

    async def v2_revert_transaction(
        self, ledger: str, id_: str, query: Query, key: str, operation: Operation
    ) -> LedgerTransaction:
        """Take a transaction back, and give the one that does."""
        path = {"ledger": ledger, "id": id_}
        return await self._write(V2_REVERT_TRANSACTION, _TRANSACTION, operation, path, query=query, key=key)

    async def add_metadata_on_transaction(self, ledger: str, txid: str, body: Metadata, operation: Operation) -> None:
        """Add metadata to a transaction."""
        await self._order(ADD_METADATA_ON_TRANSACTION, operation, path={"ledger": ledger, "txid": txid}, body=body)

    async def add_metadata_to_account(self, ledger: str, address: str, body: Metadata, operation: Operation) -> None:
        """Add metadata to an account."""
        await self._order(ADD_METADATA_TO_ACCOUNT, operation, path={"ledger": ledger, "address": address}, body=body)

    async def v2_add_metadata_on_transaction(
        self, ledger: str, id_: str, body: Metadata, key: str, operation: Operation
    ) -> None:
        """Add metadata to a transaction."""
        await self._told(V2_ADD_METADATA_ON_TRANSACTION, operation, {"ledger": ledger, "id": id_}, body=body, key=key)

    async def v2_delete_transaction_metadata(
        self, ledger: str, id_: str, metadata_key: str, key: str, operation: Operation
    ) -> None:
        """Delete one of a transaction's metadata."""
        path = {"ledger": ledger, "id": id_, "key": metadata_key}
        await self._told(V2_DELETE_TRANSACTION_METADATA, operation, path, key=key)

    async def v2_add_metadata_to_account(
        self, ledger: str, address: str, body: Metadata, key: str, operation: Operation
    ) -> None:
        """Add metadata to an account."""
        path = {"ledger": ledger, "address": address}
        await self._told(V2_ADD_METADATA_TO_ACCOUNT, operation, path, body=body, key=key)

    async def v2_delete_account_metadata(
        self, ledger: str, address: str, metadata_key: str, key: str, operation: Operation
    ) -> None:
        """Delete one of an account's metadata."""
        path = {"ledger": ledger, "address": address, "key": metadata_key}
        await self._told(V2_DELETE_ACCOUNT_METADATA, operation, path, key=key)

    async def v2_create_ledger(self, ledger: str, body: LedgerRequest, operation: Operation) -> None:
        """Make a ledger."""
        await self._order(V2_CREATE_LEDGER, operation, path={"ledger": ledger}, body=body)

    async def v2_update_ledger_metadata(self, ledger: str, body: Metadata, operation: Operation) -> None:
        """Add metadata to a ledger."""
        await self._order(V2_UPDATE_LEDGER_METADATA, operation, path={"ledger": ledger}, body=body)

    async def v2_delete_ledger_metadata(self, ledger: str, metadata_key: str, operation: Operation) -> None:
        """Delete one of a ledger's metadata."""
        await self._order(V2_DELETE_LEDGER_METADATA, operation, path={"ledger": ledger, "key": metadata_key})

    async def v2_create_bulk(
        self, ledger: str, body: tuple[Element, ...], query: Query, operation: Operation
    ) -> tuple[BulkResult, ...]:
        """Many writes, with what became of each of them. When one failed the status is that of a refusal."""
        path = {"ledger": ledger}
        return await self._write(V2_CREATE_BULK, _RESULTS, operation, path, body=body, query=query)

    async def v2_export_logs(self, ledger: str, lines: int, operation: Operation) -> bytes:
        """The first lines of a log, oldest first. The rest is not waited for."""
        return await self._upstream.read(V2_EXPORT_LOGS, LINES, operation, path={"ledger": ledger}, lines=lines)

    async def v2_import_logs(self, ledger: str, content: bytes, operation: Operation) -> None:
        """Fill a ledger that is new with a log."""
        await self._upstream.command(
            V2_IMPORT_LOGS,
            operation,
            path={"ledger": ledger},
            content=content,
            patience=PATIENCE,
            headers={"content-type": "application/octet-stream"},
        )

    async def _write(
        self,
        endpoint: Endpoint,
        decoder: "msgspec.json.Decoder[Data[ModelT]]",
        operation: Operation,
        path: Path,
        *,
        body: object = None,
        query: Query = (),
        key: str = "",
    ) -> ModelT:
        content = b"" if body is None else msgspec.json.encode(body)
        write = self._upstream.write(
            endpoint, decoder, operation, path=path, query=query, content=content, headers=_keyed(key)
        )
        return (await write).data

    async def _look(
        self,
        endpoint: Endpoint,
        decoder: "msgspec.json.Decoder[Data[ModelT]]",
        operation: Operation,
        path: Path,
        *,
        query: Query,
        body: TransactionRequest,
    ) -> ModelT:
        content = msgspec.json.encode(body)
        read = self._upstream.read(endpoint, decoder, operation, path=path, query=query, content=content)
        return (await read).data

    async def _told(
        self, endpoint: Endpoint, operation: Operation, path: Path, *, body: object = None, key: str
    ) -> None:
        content = b"" if body is None else msgspec.json.encode(body)
        await self._upstream.command(endpoint, operation, path=path, content=content, headers=_keyed(key))


def _keyed(key: str) -> Mapping[str, str] | None:
    return {"idempotency-key": key} if key else None
