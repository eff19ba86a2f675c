"""The ledger: reads by both of the service's APIs, under the vendor's names. Those of the second begin with `v2_`.

https://docs.formance.com/ledger
"""

from collections.abc import Sequence

import msgspec

from providers.answers import COUNT
from providers.endpoint import Endpoint, Query
from providers.formance.client.calls import ModelT, routed
from providers.formance.client.ledger_writes import LedgerWriteCalls
from providers.formance.models import Cursor, Data, Envelope
from providers.formance.models.ledger import (
    LedgerAccount,
    LedgerLog,
    LedgerRecord,
    LedgerServerInfo,
    LedgerStats,
    LedgerStorage,
    LedgerTransaction,
    Mapping,
    VolumesRow,
)
from providers.operation import Operation

LONGEST_QUERY = 7_000
"""Characters of a filter that go into an address; a longer one is sent as a body."""

_V1, _V2 = "/api/ledger/{ledger}", "/api/ledger/v2/{ledger}"


def _v1(operation: str, path: str, method: str = "GET") -> Endpoint:
    return Endpoint(operation, method, f"{_V1}{path}")


def _v2(operation: str, path: str, method: str = "GET") -> Endpoint:
    return Endpoint(f"v2_{operation}", method, f"{_V2}{path}")


GET_INFO = Endpoint("get_info", "GET", "/api/ledger/_info")
GET_LEDGER_INFO = _v1("get_ledger_info", "/_info")
COUNT_ACCOUNTS = _v1("count_accounts", "/accounts", "HEAD")
LIST_ACCOUNTS = _v1("list_accounts", "/accounts")
GET_ACCOUNT = _v1("get_account", "/accounts/{address}")
GET_MAPPING = _v1("get_mapping", "/mapping")
COUNT_TRANSACTIONS = _v1("count_transactions", "/transactions", "HEAD")
LIST_TRANSACTIONS = _v1("list_transactions", "/transactions")
GET_TRANSACTION = _v1("get_transaction", "/transactions/{txid}")
GET_BALANCES = _v1("get_balances", "/balances")
GET_BALANCES_AGGREGATED = _v1("get_balances_aggregated", "/aggregate/balances")
LIST_LOGS = _v1("list_logs", "/logs")
READ_STATS = _v1("read_stats", "/stats")

V2_GET_INFO = Endpoint("v2_get_info", "GET", "/api/ledger/v2/_info")
V2_LIST_LEDGERS = Endpoint("v2_list_ledgers", "GET", "/api/ledger/v2")
V2_GET_LEDGER = _v2("get_ledger", "")
V2_GET_LEDGER_INFO = _v2("get_ledger_info", "/_info")
V2_COUNT_ACCOUNTS = _v2("count_accounts", "/accounts", "HEAD")
V2_LIST_ACCOUNTS = _v2("list_accounts", "/accounts")
V2_GET_ACCOUNT = _v2("get_account", "/accounts/{address}")
V2_COUNT_TRANSACTIONS = _v2("count_transactions", "/transactions", "HEAD")
V2_LIST_TRANSACTIONS = _v2("list_transactions", "/transactions")
V2_GET_TRANSACTION = _v2("get_transaction", "/transactions/{id}")
V2_GET_BALANCES_AGGREGATED = _v2("get_balances_aggregated", "/aggregate/balances")
V2_GET_VOLUMES_WITH_BALANCES = _v2("get_volumes_with_balances", "/volumes")
V2_LIST_LOGS = _v2("list_logs", "/logs")
V2_READ_STATS = _v2("read_stats", "/stats")

Balances = dict[str, dict[str, int]]
"""By account and asset."""

_SERVER_INFO = msgspec.json.Decoder(LedgerServerInfo)
_LEDGERS = msgspec.json.Decoder(Envelope[LedgerRecord])
_LEDGER = msgspec.json.Decoder(Data[LedgerRecord])
_STORAGE = msgspec.json.Decoder(Data[LedgerStorage])
_ACCOUNTS = msgspec.json.Decoder(Envelope[LedgerAccount])
_ACCOUNT = msgspec.json.Decoder(Data[LedgerAccount])
_TRANSACTIONS = msgspec.json.Decoder(Envelope[LedgerTransaction])
_TRANSACTION = msgspec.json.Decoder(Data[LedgerTransaction])
_LOGS = msgspec.json.Decoder(Envelope[LedgerLog])
_VOLUMES = msgspec.json.Decoder(Envelope[VolumesRow])
_BALANCES: "msgspec.json.Decoder[Envelope[Balances]]" = msgspec.json.Decoder(Envelope[Balances])
_AGGREGATED: "msgspec.json.Decoder[Data[dict[str, int]]]" = msgspec.json.Decoder(Data[dict[str, int]])
_STATS = msgspec.json.Decoder(Data[LedgerStats])
_MAPPING: "msgspec.json.Decoder[Data[Mapping | None]]" = msgspec.json.Decoder(Data[Mapping | None])


class Search(msgspec.Struct, frozen=True):
    """Which page of a ledger's list is wanted. `filter` is JSON; "" is no filter. `more` are the list's own parameters.

    Beside a cursor, which tells the rest, servers ignore everything but what to expand.
    """

    cursor: str = ""
    size: int = 0
    filter: str = ""
    more: Sequence[tuple[str, str]] = ()

    def sent(self) -> tuple[Query, bytes]:
        """The query string, and the body that holds the filter when it is too long for that."""
        if self.cursor:
            return [("cursor", self.cursor), *[each for each in self.more if each[0] == "expand"]], b""
        size = [("pageSize", str(self.size))] if self.size else []
        if not self.filter:
            return [*size, *self.more], b""
        if len(self.filter) * 2 > LONGEST_QUERY:
            return [*size, *self.more], self.filter.encode()
        return [*size, ("query", self.filter), *self.more], b""


class LedgerService(LedgerWriteCalls):
    """One method for each operation that reads."""

    async def get_info(
        self, operation: Operation, *, authenticated: bool = True, is_counted: bool = False
    ) -> LedgerServerInfo:
        """The server's version; by servers of the first generation, also the names of all ledgers."""
        return await self._info(GET_INFO, operation, authenticated=authenticated, is_counted=is_counted)

    async def v2_get_info(
        self, operation: Operation, *, authenticated: bool = True, is_counted: bool = False
    ) -> LedgerServerInfo:
        """The server's version."""
        return await self._info(V2_GET_INFO, operation, authenticated=authenticated, is_counted=is_counted)

    async def get_ledger_info(self, ledger: str, operation: Operation) -> LedgerStorage:
        """How a ledger is stored."""
        return await self._one(GET_LEDGER_INFO, _STORAGE, operation, path={"ledger": ledger})

    async def v2_get_ledger_info(self, ledger: str, operation: Operation) -> LedgerStorage:
        """How a ledger is stored."""
        return await self._one(V2_GET_LEDGER_INFO, _STORAGE, operation, path={"ledger": ledger})

    async def v2_list_ledgers(self, search: Search, operation: Operation) -> Cursor[LedgerRecord]:
        """A page of the ledgers."""
        query, _ = search.sent()
        return (await self._upstream.read(V2_LIST_LEDGERS, _LEDGERS, operation, query=query)).cursor

    async def v2_get_ledger(self, ledger: str, operation: Operation) -> LedgerRecord:
        """One ledger."""
        return await self._one(V2_GET_LEDGER, _LEDGER, operation, path={"ledger": ledger})

    async def count_accounts(self, ledger: str, search: Search, operation: Operation) -> int:
        """How many accounts there are."""
        return await self._count(COUNT_ACCOUNTS, ledger, search, operation)

    async def v2_count_accounts(self, ledger: str, search: Search, operation: Operation) -> int:
        """How many accounts there are."""
        return await self._count(V2_COUNT_ACCOUNTS, ledger, search, operation)

    async def list_accounts(self, ledger: str, search: Search, operation: Operation) -> Cursor[LedgerAccount]:
        """A page of accounts, without their volumes."""
        return await self._list(LIST_ACCOUNTS, _ACCOUNTS, ledger, search, operation)

    async def v2_list_accounts(self, ledger: str, search: Search, operation: Operation) -> Cursor[LedgerAccount]:
        """A page of accounts."""
        return await self._list(V2_LIST_ACCOUNTS, _ACCOUNTS, ledger, search, operation)

    async def get_account(self, ledger: str, address: str, operation: Operation) -> LedgerAccount:
        """One account with its volumes. One that never was is there, too, and has none."""
        return await self._one(GET_ACCOUNT, _ACCOUNT, operation, path={"ledger": ledger, "address": address})

    async def v2_get_account(self, ledger: str, address: str, query: Query, operation: Operation) -> LedgerAccount:
        """One account."""
        path = {"ledger": ledger, "address": address}
        return (await self._upstream.read(V2_GET_ACCOUNT, _ACCOUNT, operation, path=path, query=query)).data

    async def get_mapping(self, ledger: str, operation: Operation) -> Mapping | None:
        """A ledger's rules. Servers since 2.0 have no such route."""
        async with routed():
            return await self._one(GET_MAPPING, _MAPPING, operation, path={"ledger": ledger})

    async def count_transactions(self, ledger: str, search: Search, operation: Operation) -> int:
        """How many transactions there are."""
        return await self._count(COUNT_TRANSACTIONS, ledger, search, operation)

    async def v2_count_transactions(self, ledger: str, search: Search, operation: Operation) -> int:
        """How many transactions there are."""
        return await self._count(V2_COUNT_TRANSACTIONS, ledger, search, operation)

    async def list_transactions(self, ledger: str, search: Search, operation: Operation) -> Cursor[LedgerTransaction]:
        """A page of transactions, newest first."""
        return await self._list(LIST_TRANSACTIONS, _TRANSACTIONS, ledger, search, operation)

    async def v2_list_transactions(
        self, ledger: str, search: Search, operation: Operation
    ) -> Cursor[LedgerTransaction]:
        """A page of transactions, newest first."""
        return await self._list(V2_LIST_TRANSACTIONS, _TRANSACTIONS, ledger, search, operation)

    async def get_transaction(self, ledger: str, txid: str, operation: Operation) -> LedgerTransaction:
        """One transaction."""
        return await self._one(GET_TRANSACTION, _TRANSACTION, operation, path={"ledger": ledger, "txid": txid})

    async def v2_get_transaction(self, ledger: str, id_: str, query: Query, operation: Operation) -> LedgerTransaction:
        """One transaction."""
        path = {"ledger": ledger, "id": id_}
        return (await self._upstream.read(V2_GET_TRANSACTION, _TRANSACTION, operation, path=path, query=query)).data

    async def get_balances(self, ledger: str, search: Search, operation: Operation) -> Cursor[Balances]:
        """A page of balances by account."""
        return await self._list(GET_BALANCES, _BALANCES, ledger, search, operation)

    async def get_balances_aggregated(self, ledger: str, query: Query, operation: Operation) -> dict[str, int]:
        """The sums of balances, by asset."""
        return await self._sums(GET_BALANCES_AGGREGATED, ledger, Search(more=query), operation)

    async def v2_get_balances_aggregated(self, ledger: str, search: Search, operation: Operation) -> dict[str, int]:
        """The sums of balances, by asset."""
        return await self._sums(V2_GET_BALANCES_AGGREGATED, ledger, search, operation)

    async def v2_get_volumes_with_balances(
        self, ledger: str, search: Search, operation: Operation
    ) -> Cursor[VolumesRow]:
        """A page of volumes, one row for each account and asset."""
        return await self._list(V2_GET_VOLUMES_WITH_BALANCES, _VOLUMES, ledger, search, operation)

    async def list_logs(self, ledger: str, search: Search, operation: Operation) -> Cursor[LedgerLog]:
        """A page of the log, newest first."""
        return await self._list(LIST_LOGS, _LOGS, ledger, search, operation)

    async def v2_list_logs(self, ledger: str, search: Search, operation: Operation) -> Cursor[LedgerLog]:
        """A page of the log, newest first."""
        return await self._list(V2_LIST_LOGS, _LOGS, ledger, search, operation)

    async def read_stats(self, ledger: str, operation: Operation) -> LedgerStats:
        """How much there is in a ledger."""
        return await self._one(READ_STATS, _STATS, operation, path={"ledger": ledger})

    async def v2_read_stats(self, ledger: str, operation: Operation) -> LedgerStats:
        """How much there is in a ledger."""
        return await self._one(V2_READ_STATS, _STATS, operation, path={"ledger": ledger})

    async def _info(
        self, endpoint: Endpoint, operation: Operation, *, authenticated: bool, is_counted: bool
    ) -> LedgerServerInfo:
        read = self._upstream.read(
            endpoint, _SERVER_INFO, operation, authenticated=authenticated, is_counted=is_counted
        )
        return (await read).told

    async def _list(
        self,
        endpoint: Endpoint,
        decoder: "msgspec.json.Decoder[Envelope[ModelT]]",
        ledger: str,
        search: Search,
        operation: Operation,
    ) -> Cursor[ModelT]:
        query, content = search.sent()
        read = self._upstream.read(endpoint, decoder, operation, path={"ledger": ledger}, query=query, content=content)
        return (await read).cursor

    async def _count(self, endpoint: Endpoint, ledger: str, search: Search, operation: Operation) -> int:
        query, content = search.sent()
        return await self._upstream.read(
            endpoint, COUNT, operation, path={"ledger": ledger}, query=query, content=content
        )

    async def _sums(self, endpoint: Endpoint, ledger: str, search: Search, operation: Operation) -> dict[str, int]:
        query, content = search.sent()
        read = self._upstream.read(
            endpoint, _AGGREGATED, operation, path={"ledger": ledger}, query=query, content=content
        )
        return (await read).data
