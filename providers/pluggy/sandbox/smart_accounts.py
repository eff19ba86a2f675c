"""The smart-account family: list by page, create, retrieve, balance."""

import re

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from providers.pluggy.sandbox import errors, limits
from providers.pluggy.sandbox.auth import Handler, guarded
from providers.pluggy.sandbox.creation import smart_account_create
from providers.pluggy.sandbox.notices import Notices
from providers.pluggy.sandbox.state import Holding, SandboxState, SmartAccount
from providers.pluggy.sandbox.wire import answer

DEFAULT_PAGE_SIZE = 20
MAX_PAGE_SIZE = 500
"""Stated by the vendor for its other lists only; a larger page is cut to this without a word."""

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

_WHOLE_NUMBER = re.compile(r"[0-9]{1,9}(\.0+)?")
"""The vendor declares both page parameters as doubles, so that SDKs may send `2.0`."""


def routes(state: SandboxState, notices: Notices) -> list[Route]:
    """The routes of the family, each behind its rate limit and the API key."""
    handlers: list[tuple[str, Handler]] = [
        (limits.LIST, smart_accounts_list(state)),
        (limits.CREATE, smart_account_create(state, notices)),
        (limits.RETRIEVE, smart_account_retrieve(state)),
        (limits.BALANCE, smart_account_balance_retrieve(state)),
    ]
    found = []
    for endpoint, handler in handlers:
        method, _, path = endpoint.partition(" ")
        found.append(Route(path, guarded(state, endpoint, handler), methods=[method]))
    return found


def smart_accounts_list(state: SandboxState) -> Handler:
    """`GET /payments/smart-accounts`: every smart account of the client, by page; a page past the end is empty."""

    async def handle(request: Request) -> Response:
        numbers = {}
        for name, default in (("page", 1), ("pageSize", DEFAULT_PAGE_SIZE)):
            number = _positive(request.query_params.get(name), default=default)
            if number is None:
                return errors.invalid(f"{name} must be a positive number")
            numbers[name] = number
        page, size = numbers["page"], min(numbers["pageSize"], MAX_PAGE_SIZE)
        total = len(state.holdings)
        results = [
            _listed(state, holding) for holding in list(state.holdings.values())[(page - 1) * size : page * size]
        ]
        return answer({"page": page, "total": total, "totalPages": -(-total // size), "results": results})

    return handle


def smart_account_retrieve(state: SandboxState) -> Handler:
    """`GET /payments/smart-accounts/{id}`."""

    async def handle(request: Request) -> Response:
        found = _find(state, request)
        return found if isinstance(found, Response) else answer(found.account)

    return handle


def smart_account_balance_retrieve(state: SandboxState) -> Handler:
    """`GET /payments/smart-accounts/{id}/balance`."""

    async def handle(request: Request) -> Response:
        found = _find(state, request)
        return found if isinstance(found, Response) else answer(found.balance)

    return handle


def _find(state: SandboxState, request: Request) -> Holding | Response:
    native_id: str = request.path_params["id"].lower()
    if not _UUID.fullmatch(native_id):
        return errors.invalid("id must be a UUID")
    return state.holdings.get(native_id) or errors.smart_account_not_found()


def _listed(state: SandboxState, holding: Holding) -> SmartAccount:
    if not state.sparse_lists:
        return holding.account
    unset = msgspec.UNSET
    return msgspec.structs.replace(holding.account, ispb=unset, is_sandbox=unset, pix_key=unset)


def _positive(raw: str | None, *, default: int) -> int | None:
    """The whole number above zero that a query parameter means, or None when it means none."""
    if raw is None:
        return default
    return int(raw.partition(".")[0]) or None if _WHOLE_NUMBER.fullmatch(raw) else None
