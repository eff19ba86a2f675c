"""Many writes in one call. It answers with a result for each, also when some of them failed."""

import copy
from collections.abc import Callable
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from providers.formance.sandbox.auth import Auth
from providers.formance.sandbox.errors import RefusedError, invalid
from providers.formance.sandbox.ledger import keys, wire
from providers.formance.sandbox.ledger.bodies import (
    Element,
    MetadataChange,
    MetadataRemoval,
    NewTransaction,
    Revert,
    body,
    converted,
    flag,
)
from providers.formance.sandbox.ledger.book import Book
from providers.formance.sandbox.ledger.commits import Commits
from providers.formance.sandbox.ledger.reads import ROOT
from providers.formance.sandbox.ledger.records import Account, Outcome, Transaction
from providers.formance.sandbox.routing import answer, route

MOST = 100
"""Elements that newer servers take in one call."""

_TOLD = {"INSUFFICIENT_FUND", "COMPILATION_FAILED", "METADATA_OVERRIDE", "NO_POSTINGS", "CONFLICT"}
"""All other refusals of elements are internal errors to the server."""

Result = dict[str, Any]


class Bulks:
    """The bulk endpoint of one server."""

    def __init__(self, commits: Commits) -> None:
        self._commits, self._is_new = commits, commits.version == "v2.4"
        self._actions: dict[str, Callable[[Book, dict[str, Any]], Any]] = {
            "CREATE_TRANSACTION": self._create,
            "ADD_METADATA": self._note,
            "REVERT_TRANSACTION": self._revert,
            "DELETE_METADATA": self._forget,
        }

    def routes(self, auth: Auth) -> list[Route]:
        """The one write."""
        return [route("POST", f"{ROOT}/{{ledger}}/_bulk", auth.protect(self._run))]

    async def _run(self, request: Request) -> Response:
        book = self._commits.book(request.path_params["ledger"])
        elements = await body(request, list[Element])
        atomic, parallel, goes_on = (flag(request, name) for name in ("atomic", "parallel", "continueOnFailure"))
        if self._is_new and len(elements) > MOST:
            raise RefusedError(413, "BULK_SIZE_EXCEEDED", f"bulk size exceeded, max size is {MOST}")
        if self._is_new and atomic and parallel:
            raise RefusedError(412, "VALIDATION", "atomic and parallel options are mutually exclusive")
        for each in elements:
            if each.action not in self._actions:
                raise invalid(f"unexpected action '{each.action}'")
        before = copy.deepcopy(book) if self._is_new and atomic else None
        results, has_failed = self._results(book, elements, goes_on=goes_on)
        if has_failed and before is not None:
            self._commits.books[book.name] = before
        return answer({"data": results}, 400 if has_failed else 200)

    def _results(self, book: Book, elements: list[Element], *, goes_on: bool) -> tuple[list[Result], bool]:
        """Newer servers tell of those that they did not come to, too."""
        results: list[Result] = []
        has_failed = False
        for each in elements:
            if has_failed and not goes_on:
                if not self._is_new:
                    break
                results.append(_failure("INTERNAL", "context canceled"))
                continue
            try:
                results.append(self._one(book, each))
            except RefusedError as error:
                has_failed = True
                results.append(_failure(error.code if error.code in _TOLD else "INTERNAL", error.message))
        return results, has_failed

    def _one(self, book: Book, element: Element) -> Result:
        print_ = keys.fingerprint(element.action, msgspec.json.encode(element.data))
        found = keys.kept(book, element.ik, print_, self._commits.version)
        if found is not None:
            return msgspec.json.decode(found, type=Result)
        made = self._actions[element.action](book, element.data)
        result: Result = {"responseType": element.action}
        if made is not None:
            result["data"] = wire.transaction(made, self._commits.version)
        if self._is_new:
            result["logID"] = book.logs[-1].id
        if element.ik:
            book.outcomes[element.ik] = Outcome(print_, msgspec.json.encode(result))
            book.logs[-1].idempotency_key = element.ik
        return result

    def _create(self, book: Book, data: dict[str, Any]) -> Transaction:
        return self._commits.create(book, converted(data, NewTransaction))

    def _revert(self, book: Book, data: dict[str, Any]) -> Transaction:
        wanted = converted(data, Revert)
        original = self._commits.transaction(book, wanted.id)
        made = self._commits.revert(book, original, force=wanted.force, at_effective_date=wanted.at_effective_date)
        return original if self._is_new else made

    def _note(self, book: Book, data: dict[str, Any]) -> None:
        wanted = converted(data, MetadataChange)
        self._commits.note(book, self._target(book, wanted.target_type, wanted.target_id), wanted.metadata)

    def _forget(self, book: Book, data: dict[str, Any]) -> None:
        wanted = converted(data, MetadataRemoval)
        self._commits.forget(book, self._target(book, wanted.target_type, wanted.target_id), wanted.key)

    def _target(self, book: Book, kind: str, identifier: str | int) -> Account | Transaction:
        if kind == "ACCOUNT":
            return self._commits.account(book, str(identifier))
        if kind == "TRANSACTION":
            return self._commits.transaction(book, identifier)
        raise invalid(f"invalid target type: {kind}")


def _failure(code: str, description: str) -> Result:
    return {"responseType": "ERROR", "errorCode": code, "errorDescription": description}
