"""The wallets service, under the vendor's names. Writes take the vendor's idempotency key.

https://docs.formance.com/wallets
"""

from collections.abc import Mapping, Sequence

import msgspec

from providers.endpoint import Endpoint, Query
from providers.formance.client.calls import Calls
from providers.formance.models import Cursor, Data, Envelope
from providers.formance.models import wallets as models
from providers.formance.models.ledger import LedgerTransaction
from providers.operation import Operation

_ROOT = "/api/wallets"

LIST_WALLETS = Endpoint("list_wallets", "GET", f"{_ROOT}/wallets")
CREATE_WALLET = Endpoint("create_wallet", "POST", f"{_ROOT}/wallets")
GET_WALLET = Endpoint("get_wallet", "GET", f"{_ROOT}/wallets/{{id}}")
UPDATE_WALLET = Endpoint("update_wallet", "PATCH", f"{_ROOT}/wallets/{{id}}")
GET_WALLET_SUMMARY = Endpoint("get_wallet_summary", "GET", f"{_ROOT}/wallets/{{id}}/summary")
LIST_BALANCES = Endpoint("list_balances", "GET", f"{_ROOT}/wallets/{{id}}/balances")
CREATE_BALANCE = Endpoint("create_balance", "POST", f"{_ROOT}/wallets/{{id}}/balances")
GET_BALANCE = Endpoint("get_balance", "GET", f"{_ROOT}/wallets/{{id}}/balances/{{balanceName}}")
DEBIT_WALLET = Endpoint("debit_wallet", "POST", f"{_ROOT}/wallets/{{id}}/debit")
CREDIT_WALLET = Endpoint("credit_wallet", "POST", f"{_ROOT}/wallets/{{id}}/credit")
GET_HOLDS = Endpoint("get_holds", "GET", f"{_ROOT}/holds")
GET_HOLD = Endpoint("get_hold", "GET", f"{_ROOT}/holds/{{holdID}}")
CONFIRM_HOLD = Endpoint("confirm_hold", "POST", f"{_ROOT}/holds/{{hold_id}}/confirm")
VOID_HOLD = Endpoint("void_hold", "POST", f"{_ROOT}/holds/{{hold_id}}/void")
GET_TRANSACTIONS = Endpoint("get_transactions", "GET", f"{_ROOT}/transactions")

_WALLETS = msgspec.json.Decoder(Envelope[models.Wallet])
_WALLET = msgspec.json.Decoder(Data[models.Wallet])
_SUMMARY = msgspec.json.Decoder(Data[models.Summary])
_BALANCES = msgspec.json.Decoder(Envelope[models.Balance])
_BALANCE = msgspec.json.Decoder(Data[models.Balance])
_HOLDS = msgspec.json.Decoder(Envelope[models.Hold])
_HOLD = msgspec.json.Decoder(Data[models.Hold])
_TRANSACTIONS = msgspec.json.Decoder(Envelope[LedgerTransaction])


class Wanted(msgspec.Struct, frozen=True):
    """Which page of a list is wanted. Beside a cursor, which tells the rest, the service ignores everything."""

    cursor: str = ""
    size: int = 0
    more: Sequence[tuple[str, str]] = ()

    def sent(self) -> Query:
        """The query string."""
        if self.cursor:
            return [("cursor", self.cursor)]
        return [*([("pageSize", str(self.size))] if self.size else []), *self.more]


class WalletsService(Calls):
    """One method for each operation."""

    async def list_wallets(self, wanted: Wanted, operation: Operation) -> Cursor[models.Wallet]:
        """A page of wallets."""
        return (await self._upstream.read(LIST_WALLETS, _WALLETS, operation, query=wanted.sent())).cursor

    async def get_wallet(self, wallet: str, operation: Operation) -> models.Wallet:
        """One wallet with what its main balance holds."""
        return await self._one(GET_WALLET, _WALLET, operation, path={"id": wallet})

    async def get_wallet_summary(self, wallet: str, operation: Operation) -> models.Summary:
        """All balances of a wallet, and their sums."""
        return await self._one(GET_WALLET_SUMMARY, _SUMMARY, operation, path={"id": wallet})

    async def list_balances(self, wallet: str, wanted: Wanted, operation: Operation) -> Cursor[models.Balance]:
        """A page of a wallet's balances."""
        path = {"id": wallet}
        return (await self._upstream.read(LIST_BALANCES, _BALANCES, operation, path=path, query=wanted.sent())).cursor

    async def get_balance(self, wallet: str, name: str, operation: Operation) -> models.Balance:
        """One balance with what it holds."""
        return await self._one(GET_BALANCE, _BALANCE, operation, path={"id": wallet, "balanceName": name})

    async def get_holds(self, wanted: Wanted, operation: Operation) -> Cursor[models.Hold]:
        """A page of holds."""
        return (await self._upstream.read(GET_HOLDS, _HOLDS, operation, query=wanted.sent())).cursor

    async def get_hold(self, hold: str, operation: Operation) -> models.Hold:
        """One hold with its amounts."""
        return await self._one(GET_HOLD, _HOLD, operation, path={"holdID": hold})

    async def get_transactions(self, wanted: Wanted, operation: Operation) -> Cursor[LedgerTransaction]:
        """A page of the ledger's transactions of wallets, newest first."""
        return (await self._upstream.read(GET_TRANSACTIONS, _TRANSACTIONS, operation, query=wanted.sent())).cursor

    async def create_wallet(self, body: models.WalletRequest, key: str, operation: Operation) -> models.Wallet:
        """Make a wallet. The key does not keep a second one from being made by all servers."""
        return (
            await self._upstream.write(
                CREATE_WALLET, _WALLET, operation, content=msgspec.json.encode(body), headers=_keyed(key)
            )
        ).data

    async def update_wallet(self, wallet: str, body: models.NotesRequest, key: str, operation: Operation) -> None:
        """Add notes to a wallet."""
        await self._ordered(UPDATE_WALLET, {"id": wallet}, body, key, operation)

    async def create_balance(self, wallet: str, body: models.BalanceRequest, key: str, operation: Operation) -> None:
        """Make a balance."""
        await self._ordered(CREATE_BALANCE, {"id": wallet}, body, key, operation)

    async def credit_wallet(self, wallet: str, body: models.CreditRequest, key: str, operation: Operation) -> None:
        """Put money into a wallet."""
        await self._ordered(CREDIT_WALLET, {"id": wallet}, body, key, operation)

    async def debit_wallet(self, wallet: str, body: models.DebitRequest, key: str, operation: Operation) -> None:
        """Take money out of a wallet at once."""
        await self._ordered(DEBIT_WALLET, {"id": wallet}, body, key, operation)

    async def debit_wallet_pending(
        self, wallet: str, body: models.DebitRequest, key: str, operation: Operation
    ) -> models.Hold:
        """Hold money of a wallet."""
        write = self._upstream.write(
            DEBIT_WALLET,
            _HOLD,
            operation,
            path={"id": wallet},
            content=msgspec.json.encode(body),
            headers=_keyed(key),
        )
        return (await write).data

    async def confirm_hold(self, hold: str, body: models.ConfirmRequest, key: str, operation: Operation) -> None:
        """Let held money go where it was meant for."""
        await self._ordered(CONFIRM_HOLD, {"hold_id": hold}, body, key, operation)

    async def void_hold(self, hold: str, key: str, operation: Operation) -> None:
        """Give held money back."""
        await self._ordered(VOID_HOLD, {"hold_id": hold}, None, key, operation)

    async def _ordered(
        self, endpoint: Endpoint, path: Mapping[str, str], body: object, key: str, operation: Operation
    ) -> None:
        content = b"" if body is None else msgspec.json.encode(body)
        await self._upstream.command(endpoint, operation, path=path, content=content, headers=_keyed(key))


def _keyed(key: str) -> Mapping[str, str]:
    return {"idempotency-key": key}
