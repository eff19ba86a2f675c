"""Whose objects a caller may see: decided for each object once it is loaded, so that denial looks like absence.

A caller that is bound to customers sees what hangs on their accounts. What cannot be decided, because a provider or
the directory fails, raises that failure: it is never shown.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any, TypeVar

from providers.domain import NodeType, Pool, Ref
from resolvers.access.ledger import account_is_theirs, transaction_is_theirs
from resolvers.access.wallets import part_is_theirs, wallet_is_theirs
from resolvers.context import RequestContext

T = TypeVar("T")
Rule = Callable[[Any, RequestContext], Awaitable[bool]]

ORGANISATIONS = frozenset(
    {
        NodeType.CONNECTOR,
        NodeType.CONNECTOR_TASK,
        NodeType.LEDGER,
        NodeType.WORKFLOW,
        NodeType.WORKFLOW_INSTANCE,
        NodeType.TRIGGER,
        NodeType.RECONCILIATION_POLICY,
        NodeType.RECONCILIATION,
        NodeType.WEBHOOK_CONFIG,
        NodeType.OAUTH_CLIENT,
        NodeType.OAUTH_USER,
    }
)
"""What belongs to no customer."""


async def visible(node: T | None, context: RequestContext) -> T | None:
    """The object; None when the caller may not see it. Raises what keeps this from being decided."""
    if node is None or context.caller.customers is None:
        return node
    ref: Ref = node.ref  # type: ignore[attr-defined]  # every node has one
    return node if await _RULES[ref.type](node, context) else None


async def is_theirs(account: Ref, context: RequestContext) -> bool:
    """Whether an account is of a customer whom the caller may see."""
    customers = context.caller.customers
    return customers is None or await context.loaders.owners_by_account.load(account) in customers


async def any_is_theirs(accounts: Iterable[Ref | None], context: RequestContext) -> bool:
    """Whether one of these accounts is theirs. A failure counts only when no other account decides it."""
    answers = await _answers(accounts, context)
    if True in answers:
        return True
    _raise_first(answers)
    return False


async def all_are_theirs(accounts: Iterable[Ref | None], context: RequestContext) -> bool:
    """Whether there are accounts here, and none of them is another's."""
    answers = await _answers(accounts, context)
    if False in answers:
        return False
    _raise_first(answers)
    return bool(answers)


async def holds_theirs_only(pool: Pool, context: RequestContext) -> bool:
    """Whether what is told of a pool as a whole tells nothing of others' accounts."""
    return context.caller.customers is None or await all_are_theirs(pool.account_refs, context)


async def _answers(accounts: Iterable[Ref | None], context: RequestContext) -> Sequence[bool | BaseException]:
    asked = {account: None for account in accounts if account is not None}
    return await asyncio.gather(*(is_theirs(account, context) for account in asked), return_exceptions=True)


def _raise_first(answers: Sequence[bool | BaseException]) -> None:
    for answer in answers:
        if isinstance(answer, BaseException):
            raise answer


async def _customer(customer: Any, context: RequestContext) -> bool:  # noqa: ANN401 - a rule
    return context.caller.customers is not None and customer.customer_id in context.caller.customers


async def _account(account: Any, context: RequestContext) -> bool:  # noqa: ANN401 - a rule
    context.loaders.accounts_by_ref[account.provider].prime(account.ref, account)
    return await is_theirs(account.ref, context)


async def _movement(moved: Any, context: RequestContext) -> bool:  # noqa: ANN401 - a rule
    return await any_is_theirs((moved.source, moved.destination), context)


async def _pool(pool: Any, context: RequestContext) -> bool:  # noqa: ANN401 - a rule
    return await any_is_theirs(pool.account_refs, context)


async def _bank_account(kept: Any, context: RequestContext) -> bool:  # noqa: ANN401 - a rule
    if context.caller.customers is not None and kept.customer_id in context.caller.customers:
        return True
    return await any_is_theirs((related.account for related in kept.related), context)


async def _refresh(refresh: Any, context: RequestContext) -> bool:  # noqa: ANN401 - a rule
    return await all_are_theirs((account.ref for account in refresh.accounts), context)


async def _organisations(_node: Any, _context: RequestContext) -> bool:  # noqa: ANN401 - a rule
    return False


_RULES: dict[NodeType, Rule] = {
    NodeType.CUSTOMER: _customer,
    NodeType.AGGREGATED_ACCOUNT: _account,
    NodeType.PAYMENT_ACCOUNT: _account,
    NodeType.SMART_ACCOUNT: _account,
    NodeType.PAYMENT: _movement,
    NodeType.TRANSFER_INITIATION: _movement,
    NodeType.POOL: _pool,
    NodeType.BANK_ACCOUNT: _bank_account,
    NodeType.REFRESH: _refresh,
    NodeType.CONNECTOR: _organisations,
    NodeType.CONNECTOR_TASK: _organisations,
    NodeType.LEDGER: _organisations,
    NodeType.LEDGER_ACCOUNT: account_is_theirs,
    NodeType.LEDGER_TRANSACTION: transaction_is_theirs,
    NodeType.WALLET: wallet_is_theirs,
    NodeType.WALLET_BALANCE: part_is_theirs,
    NodeType.HOLD: part_is_theirs,
    NodeType.WORKFLOW: _organisations,
    NodeType.WORKFLOW_INSTANCE: _organisations,
    NodeType.TRIGGER: _organisations,
    NodeType.RECONCILIATION_POLICY: _organisations,
    NodeType.RECONCILIATION: _organisations,
    NodeType.WEBHOOK_CONFIG: _organisations,
    NodeType.OAUTH_CLIENT: _organisations,
    NodeType.OAUTH_USER: _organisations,
}
