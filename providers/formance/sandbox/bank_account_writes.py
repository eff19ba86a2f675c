"""Writes to `/api/payments/bank-accounts`: storing them, making them known at connectors, and metadata."""

import uuid

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from providers.formance.sandbox import ids
from providers.formance.sandbox.auth import Auth
from providers.formance.sandbox.bank_accounts import bank_account_wire
from providers.formance.sandbox.bodies import Forwarding, MetadataChange, NewBankAccount, body
from providers.formance.sandbox.errors import incapable, invalid, not_found
from providers.formance.sandbox.moments import Moments
from providers.formance.sandbox.news import News
from providers.formance.sandbox.records import Account, BankAccount, Connector, RelatedAccount
from providers.formance.sandbox.routing import answer, route
from providers.formance.sandbox.state import State
from providers.formance.sandbox.validation import Field, check
from providers.formance.sandbox.workflows import Workflows

_ROOT = "/api/payments/bank-accounts"
_TAKERS = ("BANKING-CIRCLE", "MANGOPAY", "MONEYCORP", "ATLAR", "WISE", "GENERIC", "DUMMY-PAY")
"""The providers at which external accounts can be made."""


class BankAccountWrites:
    """Writes to bank accounts of one server."""

    def __init__(self, state: State, moments: Moments, workflows: Workflows, news: News) -> None:
        self._state, self._moments, self._workflows, self._news = state, moments, workflows, news

    def routes(self, auth: Auth) -> list[Route]:
        """All three writes."""
        return [
            route("POST", _ROOT, auth.protect(self._create)),
            route("POST", f"{_ROOT}/{{id}}/forward", auth.protect(self._forward)),
            route("PATCH", f"{_ROOT}/{{id}}/metadata", auth.protect(self._annotate)),
        ]

    async def _create(self, request: Request) -> Response:
        """v3 stores it before it looks for the connector: a refusal because of that leaves the bank account there."""
        new = await body(request, NewBankAccount)
        self._check(new)
        if new.connector_id and self._state.generation == "v2":
            self._taker(new.connector_id)
        bank_account = BankAccount(
            id=str(uuid.uuid4()),
            name=new.name or "",
            created_at=self._moments.now(),
            country=new.country or "",
            iban=new.iban or "",
            account_number=new.account_number or "",
            swift_bic_code=new.swift_bic_code or "",
            metadata=new.metadata or {},
        )
        self._state.bank_accounts[bank_account.id] = bank_account
        self._news.bank_account(bank_account)
        if new.connector_id:
            await self._make_known(bank_account, self._taker(new.connector_id))
        return answer({"data": bank_account_wire(self._state.generation, bank_account)})

    async def _forward(self, request: Request) -> Response:
        identifier = ids.checked_uuid(request.path_params["id"])
        wanted = (await body(request, Forwarding)).connector_id
        check(self._state.generation, [Field("connectorID", wanted, kind="connectorID")])
        bank_account = self._state.bank_accounts.get(identifier)
        if bank_account is None:
            raise not_found(self._state.generation, "bank account")
        connector = self._taker(wanted or "")
        if self._state.generation == "v2" and _is_known(bank_account, connector):
            raise invalid("bank account already forwarded to connector")
        await self._make_known(bank_account, connector)
        return answer({"data": bank_account_wire(self._state.generation, bank_account)})

    async def _annotate(self, request: Request) -> Response:
        identifier = ids.checked_uuid(request.path_params["id"])
        changes = (await body(request, MetadataChange)).metadata
        if not changes:
            raise invalid("metadata must be provided")
        bank_account = self._state.bank_accounts.get(identifier)
        if bank_account is None:
            raise not_found(self._state.generation, "bank account metadata", verb="update")
        bank_account.metadata = {**bank_account.metadata, **changes}
        return Response(status_code=204)

    def _check(self, new: NewBankAccount) -> None:
        if not new.account_number and not new.iban:
            raise invalid("either accountNumber or iban must be provided")
        if not new.name:
            raise invalid("name must be provided")
        if not new.country and self._state.generation == "v2":
            raise invalid("country must be provided")
        check(self._state.generation, [Field("connectorID", new.connector_id, kind="connectorID", is_optional=True)])

    def _taker(self, connector_id: str) -> Connector:
        connector = self._state.connectors.get(connector_id)
        if connector is None:
            raise invalid("connector not installed") if self._state.generation == "v2" else not_found("v3", "connector")
        if connector.provider in _TAKERS:
            return connector
        if self._state.generation == "v2":
            raise invalid("bank account creation not implemented for this connector")
        raise incapable("bank account creation")

    async def _make_known(self, bank_account: BankAccount, connector: Connector) -> None:
        """Ends when the provider has it. To ask v3 twice joins or repeats nothing: its workflow runs once."""
        if _is_known(bank_account, connector):
            return
        if self._state.generation == "v2":
            self._relate(bank_account, connector)
        else:
            await self._workflows.finish(self._ask_provider(bank_account, connector))

    async def _ask_provider(self, bank_account: BankAccount, connector: Connector) -> None:
        await self._workflows.provider()
        if not _is_known(bank_account, connector):
            self._relate(bank_account, connector)

    def _relate(self, bank_account: BankAccount, connector: Connector) -> None:
        now, is_old = self._moments.now(), self._state.generation == "v2"
        account = Account(
            id=ids.account_id(connector.key, bank_account.id),
            reference=bank_account.id,
            connector=connector,
            created_at=now,
            kind="EXTERNAL_FORMANCE" if is_old else "EXTERNAL",
            name=bank_account.name,
            default_asset="",
            metadata={},
            raw={},
        )
        self._state.accounts[account.id] = account
        related = RelatedAccount(str(uuid.uuid4()) if is_old else "", account.id, connector, now)
        bank_account.related = [*bank_account.related, related]
        self._news.account(account)
        self._news.bank_account(bank_account)


def _is_known(bank_account: BankAccount, connector: Connector) -> bool:
    return any(related.connector.id == connector.id for related in bank_account.related)
