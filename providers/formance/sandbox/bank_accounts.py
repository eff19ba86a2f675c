"""`/api/payments/bank-accounts`: bank accounts that the stack's user stored, and what they became at connectors."""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from providers.formance.sandbox import ids, obfuscation
from providers.formance.sandbox.auth import Auth
from providers.formance.sandbox.errors import not_found
from providers.formance.sandbox.paging import asked, envelope
from providers.formance.sandbox.query import Column, Grammar
from providers.formance.sandbox.records import BankAccount, Generation, RelatedAccount, timestamp
from providers.formance.sandbox.routing import answer, route
from providers.formance.sandbox.state import State, ordered, selected


def _nothing(_bank_account: BankAccount) -> None:
    """A column that is empty in every row: the sandbox knows no service users."""


_COLUMNS = {
    "id": Column(lambda bank_account: bank_account.id),
    "name": Column(lambda bank_account: bank_account.name),
    "country": Column(lambda bank_account: bank_account.country),
    "psu_id": Column(_nothing),
}


class BankAccounts:
    """The reads of bank accounts. v2 ignores filters on the list."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._grammar = Grammar(state.generation, "bank accounts", _COLUMNS)

    def routes(self, auth: Auth) -> list[Route]:
        """Reads only."""
        return [
            route("GET", "/api/payments/bank-accounts", auth.protect(self._list)),
            route("GET", "/api/payments/bank-accounts/{id}", auth.protect(self._get)),
        ]

    async def _list(self, request: Request) -> Response:
        listing = await asked(request)
        rows = self._state.bank_accounts.values()
        if self._state.generation == "v2":
            return envelope(listing, ordered(list(rows), listing.filters.sort, "v2"), self._rendered)
        return envelope(listing, selected(rows, listing, self._grammar), self._rendered)

    async def _get(self, request: Request) -> Response:
        found = self._state.bank_accounts.get(ids.checked_uuid(request.path_params["id"]))
        if found is None:
            raise not_found(self._state.generation, "bank account")
        return answer({"data": self._rendered(found)})

    def _rendered(self, bank_account: BankAccount) -> Mapping[str, object]:
        return bank_account_wire(self._state.generation, bank_account)


def bank_account_wire(generation: Generation, bank_account: BankAccount) -> Mapping[str, object]:
    """A bank account as it is answered: numbers obfuscated, and what is empty left out.

    v2 repeats its first account at the top, as it did when there could be only one.
    """
    optional: dict[str, object] = {
        "iban": obfuscation.iban(generation, bank_account.iban),
        "accountNumber": obfuscation.account_number(generation, bank_account.account_number),
        "swiftBicCode": bank_account.swift_bic_code,
        "metadata": bank_account.metadata,
        "relatedAccounts": [_related(related) for related in bank_account.related],
    }
    body: dict[str, object] = {
        "id": bank_account.id,
        "name": bank_account.name,
        "createdAt": timestamp(bank_account.created_at),
        "country": bank_account.country,
        **{name: value for name, value in optional.items() if value},
    }
    if generation == "v2":
        body |= _first(bank_account)
    return body


def _first(bank_account: BankAccount) -> dict[str, object]:
    if not bank_account.related:
        return {"connectorID": ""}
    first = bank_account.related[0]
    return {"connectorID": first.connector.id, "provider": first.connector.provider, "accountID": first.account_id}


def _related(related: RelatedAccount) -> Mapping[str, object]:
    return {
        "id": related.id,
        "createdAt": timestamp(related.created_at),
        "accountID": related.account_id,
        "connectorID": related.connector.id,
        "provider": related.connector.provider,
    }
