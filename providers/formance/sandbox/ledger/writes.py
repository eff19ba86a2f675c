"""Writes of the second API: `/api/ledger/v2/...`."""

from collections.abc import Callable
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from providers.formance.sandbox.auth import Auth
from providers.formance.sandbox.errors import invalid
from providers.formance.sandbox.ledger import keys, wire
from providers.formance.sandbox.ledger.bodies import NewLedger, NewTransaction, body, check_address, flag
from providers.formance.sandbox.ledger.book import Book
from providers.formance.sandbox.ledger.commits import Commits
from providers.formance.sandbox.ledger.reads import ROOT
from providers.formance.sandbox.ledger.records import Account, Transaction
from providers.formance.sandbox.routing import route

_LEDGER = f"{ROOT}/{{ledger}}"
_ACCOUNT = f"{_LEDGER}/accounts/{{address}}/metadata"
_TRANSACTION = f"{_LEDGER}/transactions/{{id}}"

Write = Callable[[], bytes]
Metadata = dict[str, str]


class Writes:
    """What is written to one server's ledgers, one at a time."""

    def __init__(self, commits: Commits) -> None:
        self._commits, self._version = commits, commits.version

    def routes(self, auth: Auth) -> list[Route]:
        """All writes but bulks and imports."""
        endpoints: list[tuple[str, str, Callable[[Request], Any]]] = [
            ("POST", _LEDGER, self._open),
            ("PUT", f"{_LEDGER}/metadata", self._note_ledger),
            ("DELETE", f"{_LEDGER}/metadata/{{key:path}}", self._forget_ledger),
            ("POST", f"{_LEDGER}/transactions", self._create),
            ("POST", f"{_TRANSACTION}/revert", self._revert),
            ("POST", f"{_TRANSACTION}/metadata", self._note_transaction),
            ("DELETE", f"{_TRANSACTION}/metadata/{{key:path}}", self._forget_transaction),
            ("POST", _ACCOUNT, self._note_account),
            ("DELETE", f"{_ACCOUNT}/{{key:path}}", self._forget_account),
        ]
        return [route(method, path, auth.protect(endpoint)) for method, path, endpoint in endpoints]

    async def _open(self, request: Request) -> Response:
        self._commits.open(request.path_params["ledger"], await body(request, NewLedger, empty={}))
        return Response(status_code=204)

    async def _note_ledger(self, request: Request) -> Response:
        book = self._book(request)
        book.metadata = {**book.metadata, **await body(request, Metadata, empty={})}
        return Response(status_code=204)

    async def _forget_ledger(self, request: Request) -> Response:
        book, gone = self._book(request), request.path_params["key"]
        book.metadata = {key: value for key, value in book.metadata.items() if key != gone}
        return Response(status_code=204)

    async def _create(self, request: Request) -> Response:
        book, wanted = self._book(request), await body(request, NewTransaction)
        if not all(isinstance(value, str) for value in (wanted.metadata or {}).values()):
            raise invalid("invalid JSON: metadata values must be text")
        is_dry = flag(request, "dryRun")

        def write() -> bytes:
            return self._rendered(self._commits.create(book, wanted, is_dry=is_dry))

        return await self._done(request, book, 200, write, is_dry=is_dry)

    async def _revert(self, request: Request) -> Response:
        book = self._book(request)
        original = self._commits.transaction(book, request.path_params["id"])
        force, at_effective_date = flag(request, "force"), flag(request, "atEffectiveDate")
        is_dry = flag(request, "dryRun") and self._version == "v2.4"

        def write() -> bytes:
            made = self._commits.revert(book, original, force=force, at_effective_date=at_effective_date, is_dry=is_dry)
            return self._rendered(made)

        return await self._done(request, book, 201, write, is_dry=is_dry, is_new=True)

    async def _note_transaction(self, request: Request) -> Response:
        book = self._book(request)
        found = self._commits.transaction(book, request.path_params["id"])
        return await self._note(request, book, lambda: found)

    async def _note_account(self, request: Request) -> Response:
        book = self._book(request)
        check_address(request.path_params["address"])
        return await self._note(request, book, lambda: self._commits.account(book, request.path_params["address"]))

    async def _note(self, request: Request, book: Book, target: Callable[[], Account | Transaction]) -> Response:
        metadata, is_dry = await body(request, Metadata, empty={}), flag(request, "dryRun")

        def write() -> bytes:
            if not is_dry:
                self._commits.note(book, target(), metadata)
            return b""

        return await self._done(request, book, 204, write, is_dry=is_dry)

    async def _forget_transaction(self, request: Request) -> Response:
        book = self._book(request)
        return await self._forget(request, book, self._commits.transaction(book, request.path_params["id"]))

    async def _forget_account(self, request: Request) -> Response:
        book = self._book(request)
        return await self._forget(request, book, self._commits.account(book, request.path_params["address"]))

    async def _forget(self, request: Request, book: Book, target: Account | Transaction) -> Response:
        def write() -> bytes:
            self._commits.forget(book, target, request.path_params["key"])
            return b""

        return await self._done(request, book, 204, write, is_new=True)

    async def _done(
        self, request: Request, book: Book, status: int, write: Write, *, is_dry: bool = False, is_new: bool = False
    ) -> Response:
        """Under its idempotency key, which only newer servers take for what `is_new`."""
        if is_dry or (is_new and self._version != "v2.4"):
            text = write()
            return Response(text or None, status, media_type="application/json" if text else None)
        return await keys.once(request, book, self._version, status, write)

    def _book(self, request: Request) -> Book:
        return self._commits.book(request.path_params["ledger"])

    def _rendered(self, made: Transaction) -> bytes:
        return msgspec.json.encode({"data": wire.transaction(made, self._version)})
