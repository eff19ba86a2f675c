"""What ledger servers tell of themselves and of single ledgers."""

from collections.abc import MutableMapping
from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from providers.formance.sandbox.auth import Auth
from providers.formance.sandbox.ledger.book import Book
from providers.formance.sandbox.ledger.commits import Commits
from providers.formance.sandbox.ledger.old_reads import OLD_LEDGER
from providers.formance.sandbox.ledger.reads import ROOT
from providers.formance.sandbox.ledger.records import Version
from providers.formance.sandbox.routing import answer, route
from providers.seed import NOW

VERSIONS: dict[Version, str] = {"v1": "v1.10.14", "v2.1": "v2.1.7", "v2.4": "v2.4.12"}

_MIGRATIONS = ("Init schema", "Add moves", "Add bucket state")


class Infos:
    """Of one server."""

    def __init__(self, commits: Commits) -> None:
        self._commits = commits

    def routes(self, auth: Auth) -> list[Route]:
        """The server's own ones need no token."""
        old = [
            route("GET", "/api/ledger/_info", self._old_server),
            route("GET", f"{OLD_LEDGER}/_info", auth.protect(self._old_ledger)),
        ]
        if self._commits.version == "v1":
            return old
        return [
            route("GET", f"{ROOT}/_info", self._server),
            route("GET", f"{ROOT}/{{ledger}}/_info", auth.protect(self._ledger)),
            *old,
        ]

    async def _server(self, _request: Request) -> Response:
        bare = {"server": "ledger", "version": VERSIONS[self._commits.version]}
        return answer(bare if self._commits.version == "v2.1" else {"data": self._told()})

    async def _old_server(self, _request: Request) -> Response:
        return answer({"data": self._told()})

    async def _ledger(self, request: Request) -> Response:
        return answer({"data": _storage(self._commits.book(request.path_params["ledger"]))})

    async def _old_ledger(self, request: Request) -> Response:
        return answer({"data": _storage(self._commits.opened(request.path_params["ledger"]))})

    def _told(self) -> dict[str, Any]:
        books: MutableMapping[str, Book] = self._commits.books
        config = {"storage": {"driver": "postgres", "ledgers": list(books)}}
        return {"server": "ledger", "version": VERSIONS[self._commits.version], "config": config}


def _storage(book: Book) -> dict[str, Any]:
    migrations = [
        {"version": number, "name": name, "date": NOW - timedelta(days=500 - number), "state": "DONE"}
        for number, name in enumerate(_MIGRATIONS, 1)
    ]
    return {"name": book.name, "storage": {"migrations": migrations}}
