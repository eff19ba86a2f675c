"""What a caller that is bound to customers may order: decided right before anything is sent or written.

An object that is another's is refused in the words for one that is not there. It is decided within the write, so that
the same idempotency key gives its first outcome also when the object is no more.
"""

from collections.abc import Awaitable, Callable, Sequence

import msgspec

from providers.domain import BankAccount, Hold, NodeType, PaymentAccount, Pool, Ref, Refusal, TransferInitiation
from providers.errors import NotFound, ProviderError
from resolvers.access.binding import all_are_theirs, holds_theirs_only
from resolvers.attempt import Write
from resolvers.batching import value_of
from resolvers.context import RequestContext
from resolvers.holdings import accounts_of_caller
from resolvers.node import by_ref

MISSING = "There is no such object."


class Named(msgspec.Struct, frozen=True):
    """An object that an input names, and where."""

    ref: Ref
    field: tuple[str, ...]


class Denied(NotFound):
    """Nothing was sent, because the caller may not order this."""

    def __init__(self, write: Write, refusal: Refusal) -> None:
        super().__init__(write.provider, write.operation, refusal.message)
        self.refusal = refusal


def within(write: Write, named: Sequence[Named], context: RequestContext) -> Write:
    """The write, refused when a bound caller names what is not theirs. Raises what keeps that from being decided."""
    if not context.caller.is_bound:
        return write

    async def prepare() -> bytes:
        for each in named:
            refused = await _refused(each, context)
            if refused is not None:
                raise Denied(write, refused)
        return await write.prepare()

    def refusal(error: ProviderError) -> Refusal:
        return error.refusal if isinstance(error, Denied) else write.refusal(error)

    return msgspec.structs.replace(write, prepare=prepare, refusal=refusal)


async def _refused(named: Named, context: RequestContext) -> Refusal | None:
    if named.ref.type is NodeType.CONNECTOR:
        return None if await _serves_them(named.ref, context) else Refusal("NOT_FOUND", MISSING, named.field)
    found = await by_ref(named.ref, context)
    if found is None:
        return Refusal("NOT_FOUND", MISSING, named.field)
    whole = _WHOLLY_THEIRS.get(named.ref.type)
    if whole is None or await whole(found, context):
        return None
    return Refusal("FORBIDDEN", "This is others', too: callers bound to customers cannot change it.", named.field)


async def _serves_them(connector: Ref, context: RequestContext) -> bool:
    """Connectors are the organisation's; one that has an account of theirs may be named."""
    answers = await accounts_of_caller(context, connector.provider)
    accounts = [account for _, outcome in answers for account in value_of(outcome)]
    return any(isinstance(account, PaymentAccount) and account.connector == connector for account in accounts)


async def _transfer(found: TransferInitiation, context: RequestContext) -> bool:
    """Whoever lets it go moves the money of both ends."""
    if found.source is None or found.destination is None:
        return False
    return await all_are_theirs((found.source, found.destination), context)


async def _bank_account(found: BankAccount, context: RequestContext) -> bool:
    if found.customer_id is not None and found.customer_id not in (context.caller.customers or ()):
        return False
    accounts = [related.account for related in found.related if related.account is not None]
    return not accounts or await all_are_theirs(accounts, context)


async def _pool(found: Pool, context: RequestContext) -> bool:
    return await holds_theirs_only(found, context)


async def _hold(found: Hold, context: RequestContext) -> bool:
    """Whoever lets it go moves the money of both ends."""
    if found.destination is None or found.destination.wallet is None:
        return False
    return await by_ref(found.destination.wallet, context) is not None


_WHOLLY_THEIRS: dict[NodeType, Callable[..., Awaitable[bool]]] = {
    NodeType.POOL: _pool,
    NodeType.TRANSFER_INITIATION: _transfer,
    NodeType.BANK_ACCOUNT: _bank_account,
    NodeType.HOLD: _hold,
}
"""What can be theirs and others' at once, and must be theirs alone to be changed."""
