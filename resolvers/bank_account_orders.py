"""What mutations do to bank accounts."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Protocol

import msgspec
import strawberry

from providers.domain import CUSTOMER_NOTE, BankAccount, NodeType, Ref, Refusal, WriteOutcome
from providers.errors import NotFound, ProviderError, Rejected, UnknownOutcome
from providers.operation import Operation
from providers.orders import BankAccountOrder, WritesBankAccounts
from providers.protocols import ReadsBankAccounts
from resolvers.annotating import about, annotated, some
from resolvers.attempt import Write
from resolvers.batching import value_of
from resolvers.context import Info
from resolvers.vendor_key import NOTE, vendor_key
from resolvers.writing import INPUT, PATIENCE, Changed, Checks, Ordered, changed, off, ordered, then

SLOW = timedelta(minutes=4)
"""How long it may take until a payment provider has taken a bank account that was forwarded to it."""


class CreateBankAccountInput(Protocol):
    """The shape of the schema's input of this name."""

    name: str
    country: str | None
    iban: str | None
    account_number: str | None
    swift_bic_code: str | None
    connector_id: strawberry.ID | None
    metadata: object
    idempotency_key: str


class ForwardBankAccountInput(Protocol):
    """The shape of the schema's input of this name."""

    bank_account_id: strawberry.ID
    connector_id: strawberry.ID
    idempotency_key: str


class UpdateBankAccountMetadataInput(Protocol):
    """The shape of the schema's input of this name."""

    bank_account_id: strawberry.ID
    metadata: object
    idempotency_key: str


# The annotations name the schema's input types by lazy references, because this layer does not import the schema.
Create = Annotated[Annotated["CreateBankAccountInput", strawberry.lazy("schema.bank_account_orders")], INPUT]
Forward = Annotated[Annotated["ForwardBankAccountInput", strawberry.lazy("schema.bank_account_orders")], INPUT]
Annotate = Annotated[Annotated["UpdateBankAccountMetadataInput", strawberry.lazy("schema.bank_account_orders")], INPUT]


async def create_bank_account(info: Info, input: Create) -> Changed:
    """Keep a bank account, and forward it where a connector is named."""
    checks = Checks(info)
    order = _order(input, checks, note=vendor_key(info, input.idempotency_key))
    to = ordered(info, WritesBankAccounts)
    if to is None or checks.failed:
        return checks.failed or off()
    making = _Making(info, to, order)
    write = Write(
        operation="createBankAccount",
        provider=to.provider,
        key=input.idempotency_key,
        input=order,
        send=making.send,
        find=making.find,
        settle=SLOW if order.connector else None,
        refusal=lambda error: about(error, "connectorId"),
    )
    return _told(await changed(info, write, checks), order)


async def forward_bank_account(info: Info, input: Forward) -> Changed:
    """Make a bank account known to a payment provider."""
    checks = Checks(info)
    bank_account = checks.ref(input.bank_account_id, "bankAccountId", of=[NodeType.BANK_ACCOUNT])
    connector = checks.ref(input.connector_id, "connectorId", of=[NodeType.CONNECTOR])
    to = ordered(info, WritesBankAccounts)
    if to is None or bank_account is None or connector is None:
        return checks.failed or off()

    async def find(_notes: bytes) -> WriteOutcome | None:
        found = await _kept(info, to, bank_account)
        return WriteOutcome(bank_account) if _is_known(found, connector) else None

    write = Write(
        operation="forwardBankAccount",
        provider=to.provider,
        key=input.idempotency_key,
        input=[bank_account, connector],
        send=lambda _notes: then(to.vendor.forward_bank_account(bank_account, connector, to.operation), bank_account),
        find=find,
        settle=SLOW,
    )
    return await changed(info, write, checks, patience=PATIENCE)


async def update_bank_account_metadata(info: Info, input: Annotate) -> Changed:
    """Add to a bank account's notes."""
    checks = Checks(info)
    bank_account = checks.ref(input.bank_account_id, "bankAccountId", of=[NodeType.BANK_ACCOUNT])
    notes = _free(checks, some(checks, input.metadata, "metadata"))
    to = ordered(info, WritesBankAccounts)
    if to is None or bank_account is None or checks.failed:
        return checks.failed or off()

    async def kept() -> Mapping[str, str]:
        return (await _kept(info, to, bank_account)).metadata

    return await annotated(
        info,
        to,
        name="updateBankAccountMetadata",
        key=input.idempotency_key,
        checks=checks,
        ref=bank_account,
        field="bankAccountId",
        notes=notes,
        send=lambda: to.vendor.update_bank_account_metadata(bank_account, notes, to.operation),
        kept=kept,
    )


class _Making:
    """One bank account to be made, and forwarded to its order's connector if that names one."""

    def __init__(self, info: Info, to: Ordered[WritesBankAccounts], order: BankAccountOrder) -> None:
        self._info, self._to, self._order = info, to, order
        self._connector = order.connector

    async def send(self, _notes: bytes) -> Ref | None:
        """By one request that changes something. A bank account that an earlier one made is only forwarded.

        One that is kept although it was not forwarded is made: its owner reads in `related` where it is known.
        """
        vendor, operation = self._to.vendor, self._to.operation
        if self._connector is None:
            return await vendor.create_bank_account(self._order, operation)
        kept = await self._made(operation)
        try:
            if kept is None:
                return await vendor.create_bank_account(self._order, operation)
            return await then(vendor.forward_bank_account(kept, self._connector, operation), kept)
        except (UnknownOutcome, Rejected, NotFound) as error:
            if isinstance(error, UnknownOutcome) and error.vendor_code is None:
                raise
            kept = kept or await self._made_after(error)
            if kept is None:
                raise
            return kept

    async def find(self, _notes: bytes) -> WriteOutcome | None:
        """Whether all of it was done."""
        ref = await self._made(self._to.operation)
        if ref is None:
            return None
        if self._connector and not _is_known(await _kept(self._info, self._to, ref), self._connector):
            return None
        return WriteOutcome(ref)

    async def _made(self, operation: Operation) -> Ref | None:
        return await self._to.vendor.find_bank_account({NOTE: self._order.metadata[NOTE]}, operation)

    async def _made_after(self, error: ProviderError) -> Ref | None:
        """Raises the first error when it cannot be told: that says whether something may have happened."""
        try:
            return await self._made(self._to.operation)
        except ProviderError:
            raise error from None


def _order(input: CreateBankAccountInput, checks: Checks, *, note: str) -> BankAccountOrder:
    """What was asked for; not to be used when a check has failed."""
    if not input.iban and not input.account_number:
        checks.refuse("Either an IBAN or an account number is needed.", "iban")
    texts = {name: getattr(input, name) for name in ("country", "iban", "account_number", "swift_bic_code")}
    notes = _free(checks, checks.notes(input.metadata, "metadata"))
    checks.told(notes.get(CUSTOMER_NOTE), "metadata", CUSTOMER_NOTE)
    connector = input.connector_id
    return BankAccountOrder(
        name=checks.text(input.name, "name"),
        connector=None if connector is None else checks.ref(connector, "connectorId", of=[NodeType.CONNECTOR]),
        metadata={**notes, NOTE: note},
        **texts,
    )


def _free(checks: Checks, notes: Mapping[str, str]) -> Mapping[str, str]:
    """Notes without the one that is ours."""
    if NOTE in notes:
        checks.refuse(f"The note `{NOTE}` is kept by this server.", "metadata", NOTE)
    return notes


def _told(made: Changed, order: BankAccountOrder) -> Changed:
    """With a hint when the bank account is kept, but not known to the connector."""
    if order.connector is None or not isinstance(made.node, BankAccount) or _is_known(made.node, order.connector):
        return made
    message = "The bank account is kept, but the connector did not take it. `forwardBankAccount` tries again."
    return msgspec.structs.replace(made, user_errors=(Refusal("NOT_FORWARDED", message, ("connectorId",)),))


def _is_known(bank_account: BankAccount, connector: Ref) -> bool:
    return any(related.connector == connector for related in bank_account.related)


async def _kept(info: Info, to: Ordered[WritesBankAccounts], ref: Ref) -> BankAccount:
    """The bank account as the provider has it now."""
    reader = info.context.providers.able(ReadsBankAccounts)[to.provider]
    found = await reader.bank_accounts_by_ref([ref], to.operation)
    if ref not in found:
        raise NotFound(to.provider, "get_bank_account")
    return value_of(found[ref])
