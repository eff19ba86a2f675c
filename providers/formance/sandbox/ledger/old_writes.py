"""Writes of the first API: `/api/ledger/{ledger}/...`, with those that only ledgers 1.x know."""

from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from providers.formance.sandbox.auth import Auth
from providers.formance.sandbox.errors import RefusedError, invalid
from providers.formance.sandbox.ledger import wire
from providers.formance.sandbox.ledger.bodies import Batch, NewTransaction, OldScript, Script, body, flag
from providers.formance.sandbox.ledger.book import Book
from providers.formance.sandbox.ledger.commits import Commits
from providers.formance.sandbox.ledger.old_reads import OLD_LEDGER
from providers.formance.sandbox.routing import answer, route

Metadata = dict[str, Any]


class OldWrites:
    """What is written to one server's ledgers by the first API."""

    def __init__(self, commits: Commits) -> None:
        self._commits, self._is_old = commits, commits.version == "v1"

    def routes(self, auth: Auth) -> list[Route]:
        """All writes. Servers of the second API do not know mappings and scripts any more, and refuse batches."""
        endpoints: list[tuple[str, str, Callable[[Request], Any]]] = [
            ("POST", "transactions", self._create),
            ("POST", "transactions/batch", self._batch),
            ("POST", "transactions/{id}/revert", self._revert),
            ("POST", "transactions/{id}/metadata", self._note_transaction),
            ("POST", "accounts/{address}/metadata", self._note_account),
        ]
        if self._is_old:
            endpoints += [
                ("POST", "script", self._script),
                ("GET", "mapping", self._mapping),
                ("PUT", "mapping", self._map),
            ]
        return [route(method, f"{OLD_LEDGER}/{path}", auth.protect(endpoint)) for method, path, endpoint in endpoints]

    def _book(self, request: Request) -> Book:
        return self._commits.opened(request.path_params["ledger"])

    async def _create(self, request: Request) -> Response:
        wanted = await body(request, NewTransaction)
        made = self._commits.create(self._book(request), wanted, is_dry=flag(request, "preview"))
        return answer({"data": [wire.old_transaction(made)]})

    async def _batch(self, request: Request) -> Response:
        """All or none."""
        if not self._is_old:
            return PlainTextResponse("not supported", status_code=400)
        book, wanted = self._book(request), (await body(request, Batch)).transactions or []
        if not wanted:
            raise RefusedError(400, "VALIDATION", "no transaction to commit")
        self._check(book, wanted)
        made = [self._commits.create(book, each) for each in wanted]
        return answer({"data": [wire.old_transaction(each) for each in made]})

    def _check(self, book: Book, wanted: list[NewTransaction]) -> None:
        postings = [posting for each in wanted for posting in each.postings or []]
        if not all(each.postings for each in wanted):
            raise RefusedError(400, "VALIDATION", "transaction has no postings")
        self._commits.create(book, NewTransaction(postings=postings), is_dry=True)
        references = [each.reference for each in wanted if each.reference]
        if len(set(references)) < len(references) or any(each in book.references for each in references):
            raise RefusedError(409, "CONFLICT", "duplicate reference")

    async def _revert(self, request: Request) -> Response:
        book = self._book(request)
        original = self._commits.transaction(book, request.path_params["id"])
        made = self._commits.revert(book, original, force=request.query_params.get("disableChecks") == "true")
        return answer({"data": wire.old_transaction(made)}, 201)

    async def _note_transaction(self, request: Request) -> Response:
        book = self._book(request)
        found = self._commits.transaction(book, request.path_params["id"])
        self._commits.note(book, found, await self._metadata(request))
        return Response(status_code=204)

    async def _note_account(self, request: Request) -> Response:
        book, metadata = self._book(request), await self._metadata(request)
        self._commits.note(book, self._commits.account(book, request.path_params["address"]), metadata)
        return Response(status_code=204)

    async def _metadata(self, request: Request) -> Metadata:
        """Any JSON on 1.x; text alone on servers of the second API."""
        found = await body(request, Metadata, empty={})
        if not self._is_old and not all(isinstance(value, str) for value in found.values()):
            raise invalid("invalid metadata format")
        return found

    async def _script(self, request: Request) -> Response:
        """Refusals come with status 200, too."""
        wanted = await body(request, OldScript)
        script = NewTransaction(
            script=Script(wanted.plain, wanted.vars), reference=wanted.reference, metadata=wanted.metadata
        )
        try:
            if not wanted.plain:
                raise RefusedError(400, "NO_SCRIPT", "no script to execute")
            made = self._commits.create(self._book(request), script, is_dry=flag(request, "preview"))
        except RefusedError as error:
            return answer({"errorCode": error.code, "errorMessage": error.message})
        return answer({"transaction": wire.old_transaction(made)})

    async def _mapping(self, request: Request) -> Response:
        return answer({"data": self._book(request).mapping or None})

    async def _map(self, request: Request) -> Response:
        book = self._book(request)
        book.mapping = {"contracts": (await body(request, Metadata)).get("contracts") or []}
        return answer({"data": book.mapping})
