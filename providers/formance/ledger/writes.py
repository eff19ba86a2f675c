"""What is done to ledgers, by either of the service's APIs."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

import msgspec

from providers.answers import translating
from providers.domain import LedgerExport, LedgerPartOutcome, LedgerTransaction, NodeType, Provider, Ref
from providers.errors import Garbled, NotFound, UnknownOutcome, Unsupported
from providers.formance import filters, paging
from providers.formance.client.ledger import LedgerService, Search
from providers.formance.client.ledger_writes import (
    CREATE_TRANSACTION,
    V2_CREATE_BULK,
    V2_CREATE_LEDGER,
    V2_CREATE_TRANSACTION,
    V2_DELETE_ACCOUNT_METADATA,
    V2_DELETE_LEDGER_METADATA,
    V2_EXPORT_LOGS,
    V2_IMPORT_LOGS,
    V2_UPDATE_LEDGER_METADATA,
)
from providers.formance.ledger.generation import V1, V2_1, LedgerGeneration
from providers.formance.ledger.search import is_address, is_ledger, is_number, named
from providers.formance.translate import ledger as reads
from providers.formance.translate import ledger_writes as translate
from providers.http import Endpoint
from providers.operation import Operation
from providers.orders.ledger import (
    BulkOrder,
    ContractOrder,
    LedgerOrder,
    LedgerTransactionOrder,
    NotesOrder,
    RemovalOrder,
    RevertOrder,
)

_REVERTS = "com.formance.spec/state/reverts"
"""Metadata of a transaction that takes another one back: the other one's number."""


class LedgerWrites:
    """Implements `WritesLedgers`."""

    def __init__(self, service: LedgerService, generation: LedgerGeneration) -> None:
        self._service, self._generation = service, generation

    async def ready_for_ledgers(self, operation: Operation) -> None:
        """Which server answers decides which of its APIs is spoken."""
        await self._generation.current(operation)

    async def create_ledger(self, order: LedgerOrder, operation: Operation) -> Ref:
        """A name that is taken is refused."""
        self._second(V2_CREATE_LEDGER)
        await self._service.v2_create_ledger(order.name, translate.ledger_request(order), operation)
        return reads.ledger_ref(order.name)

    async def update_ledger_metadata(self, ledger: Ref, metadata: Mapping[str, str], operation: Operation) -> None:
        """One call."""
        self._second(V2_UPDATE_LEDGER_METADATA)
        await self._service.v2_update_ledger_metadata(_name(ledger, V2_UPDATE_LEDGER_METADATA), metadata, operation)

    async def delete_ledger_metadata(self, ledger: Ref, metadata_key: str, operation: Operation) -> None:
        """One that is not there is as good as deleted."""
        self._second(V2_DELETE_LEDGER_METADATA)
        name = _name(ledger, V2_DELETE_LEDGER_METADATA)
        await self._service.v2_delete_ledger_metadata(name, metadata_key, operation)

    async def create_ledger_transaction(
        self, ledger: Ref, order: LedgerTransactionOrder, key: str, operation: Operation
    ) -> Ref:
        """One call. A reference that is taken is refused with CONFLICT."""
        name = _name(ledger, V2_CREATE_TRANSACTION)
        if self._is_first:
            body = translate.transaction_request(order, as_texts=False)
            [made] = await self._service.create_transaction(name, body, operation) or [None]
            if made is None:
                raise UnknownOutcome(Provider.FORMANCE, CREATE_TRANSACTION.operation)
        else:
            body = translate.transaction_request(order, as_texts=True)
            made = await self._service.v2_create_transaction(name, body, key, operation)
        return reads.ledger_transaction_ref(name, made.number)

    async def preview_ledger_transaction(
        self, ledger: Ref, order: LedgerTransactionOrder, operation: Operation
    ) -> LedgerTransaction:
        """One call."""
        name = _name(ledger, V2_CREATE_TRANSACTION)
        if await self._generation.current(operation) == V1:
            body = translate.transaction_request(order, as_texts=False)
            rows = await self._service.preview_transaction(name, body, operation)
        else:
            body = translate.transaction_request(order, as_texts=True)
            rows = (await self._service.v2_preview_transaction(name, body, operation),)
        if len(rows) != 1:
            raise Garbled(Provider.FORMANCE, CREATE_TRANSACTION.operation)
        with translating(Provider.FORMANCE, V2_CREATE_TRANSACTION.operation):
            return reads.ledger_transaction(rows[0], name, fetched_at=datetime.now(UTC))

    async def create_ledger_transactions(
        self, ledger: Ref, orders: Sequence[LedgerTransactionOrder], operation: Operation
    ) -> Sequence[Ref]:
        """One call, of the first generation's servers alone."""
        name = _name(ledger, CREATE_TRANSACTION)
        bodies = tuple(translate.transaction_request(each, as_texts=False) for each in orders)
        made = await self._service.create_transactions(name, translate.transactions_request(bodies), operation)
        return [reads.ledger_transaction_ref(name, each.number) for each in made]

    async def run_ledger_script(self, ledger: Ref, order: LedgerTransactionOrder, operation: Operation) -> Ref:
        """One call, of the first generation's servers alone."""
        name = _name(ledger, CREATE_TRANSACTION)
        made = await self._service.run_script(name, translate.script_request(order), operation)
        return reads.ledger_transaction_ref(name, made.number)

    async def ledger_transactions_with_note(
        self, ledger: Ref, note: tuple[str, str], operation: Operation
    ) -> Sequence[Ref]:
        """One call."""
        name, (key, value) = _name(ledger, V2_CREATE_TRANSACTION), note
        if await self._generation.current(operation) == V1:
            search = Search(size=paging.PAGE, more=[(f"metadata[{key}]", value)])
            found = await self._service.list_transactions(name, search, operation)
        else:
            search = Search(size=paging.PAGE, filter=filters.text(named(key, value)))
            found = await self._service.v2_list_transactions(name, search, operation)
        return [reads.ledger_transaction_ref(name, each.number) for each in reversed(found.data)]

    async def revert_ledger_transaction(self, order: RevertOrder, key: str, operation: Operation) -> Ref:
        """One call. One that has been taken back is refused."""
        name, number = _keys(order.transaction, is_number, V2_CREATE_TRANSACTION)
        if self._is_first:
            if order.at_effective_date:
                raise Unsupported(Provider.FORMANCE, CREATE_TRANSACTION.operation)
            query = [("disableChecks", "true")] if order.force else []
            made = await self._service.revert_transaction(name, number, query, operation)
        else:
            query = translate.revert_query(order)
            made = await self._service.v2_revert_transaction(name, number, query, key, operation)
        return reads.ledger_transaction_ref(name, made.number)

    async def reverting_ledger_transaction(self, transaction: Ref, operation: Operation) -> Ref | None:
        """One call: it names the one that it takes back."""
        name, number = _keys(transaction, is_number, V2_CREATE_TRANSACTION)
        found = await self.ledger_transactions_with_note(reads.ledger_ref(name), (_REVERTS, number), operation)
        return found[0] if found else None

    async def add_ledger_metadata(self, order: NotesOrder, key: str, operation: Operation) -> None:
        """One call."""
        service, metadata = self._service, order.metadata
        if order.target.type is NodeType.LEDGER_ACCOUNT:
            name, address = _keys(order.target, is_address, V2_DELETE_ACCOUNT_METADATA)
            if self._is_first:
                await service.add_metadata_to_account(name, address, metadata, operation)
            else:
                await service.v2_add_metadata_to_account(name, address, metadata, key, operation)
            return
        name, number = _keys(order.target, is_number, V2_DELETE_ACCOUNT_METADATA)
        if self._is_first:
            await service.add_metadata_on_transaction(name, number, metadata, operation)
        else:
            await service.v2_add_metadata_on_transaction(name, number, metadata, key, operation)

    async def remove_ledger_metadata(self, order: RemovalOrder, key: str, operation: Operation) -> None:
        """One call. The first API cannot do it."""
        self._second(V2_DELETE_ACCOUNT_METADATA)
        if order.target.type is NodeType.LEDGER_ACCOUNT:
            name, address = _keys(order.target, is_address, V2_DELETE_ACCOUNT_METADATA)
            await self._service.v2_delete_account_metadata(name, address, order.key, key, operation)
        else:
            name, number = _keys(order.target, is_number, V2_DELETE_ACCOUNT_METADATA)
            await self._service.v2_delete_transaction_metadata(name, number, order.key, key, operation)

    async def execute_ledger_bulk(
        self, order: BulkOrder, key: str, operation: Operation
    ) -> Sequence[LedgerPartOutcome]:
        """One call. Each write has a key of its own. Servers before 2.4 cannot do all or none."""
        self._second(V2_CREATE_BULK)
        if order.is_atomic and self._generation.known == V2_1:
            raise Unsupported(Provider.FORMANCE, V2_CREATE_BULK.operation)
        name = _name(order.ledger, V2_CREATE_BULK)
        flags = {"continueOnFailure": order.goes_on, "atomic": order.is_atomic}
        query = [(flag, "true") for flag, is_set in flags.items() if is_set]
        body = tuple(translate.element(part, f"{key}-{place}") for place, part in enumerate(order.parts))
        results = await self._service.v2_create_bulk(name, body, query, operation)
        return translate.part_outcomes(results, order.parts, name)

    async def update_ledger_mapping(
        self, ledger: Ref, contracts: Sequence[ContractOrder], operation: Operation
    ) -> None:
        """One call, of the first generation's servers alone."""
        name = _name(ledger, CREATE_TRANSACTION)
        await self._service.update_mapping(name, translate.mapping_request(contracts), operation)

    async def import_ledger_logs(self, ledger: Ref, lines: bytes, operation: Operation) -> None:
        """One call."""
        self._second(V2_IMPORT_LOGS)
        await self._service.v2_import_logs(_name(ledger, V2_IMPORT_LOGS), lines, operation)

    async def export_ledger_logs(self, ledger: Ref, count: int, operation: Operation) -> LedgerExport:
        """One call, of whose answer no more is read than is wanted, and the line that tells whether there is more."""
        name = _name(ledger, V2_EXPORT_LOGS)
        if await self._generation.current(operation) == V1:
            raise Unsupported(Provider.FORMANCE, V2_EXPORT_LOGS.operation)
        text = await self._service.v2_export_logs(name, count + 1, operation)
        try:
            return translate.log_export(text, count)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise Garbled(Provider.FORMANCE, V2_EXPORT_LOGS.operation) from error

    @property
    def _is_first(self) -> bool:
        """Whether the server speaks the first API alone. `ready_for_ledgers` has asked it."""
        return self._generation.known == V1

    def _second(self, endpoint: Endpoint) -> None:
        if self._is_first:
            raise Unsupported(Provider.FORMANCE, endpoint.operation)


def _name(ledger: Ref, endpoint: Endpoint) -> str:
    """A ledger's name. Raises `NotFound` for what cannot be one, and nothing is sent."""
    if not is_ledger(ledger.native_id):
        raise NotFound(Provider.FORMANCE, endpoint.operation)
    return ledger.native_id


def _keys(ref: Ref, is_one: Callable[[str], bool], endpoint: Endpoint) -> tuple[str, str]:
    """The ledger's name, and what an object is called in it. Raises `NotFound` for what cannot be either."""
    name, identifier = ref.keys
    if not (is_ledger(name) and is_one(identifier)):
        raise NotFound(Provider.FORMANCE, endpoint.operation)
    return name, identifier
