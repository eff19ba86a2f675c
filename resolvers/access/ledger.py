"""Whose an account of a ledger is, and what bound callers see of transactions: what touches an account of theirs."""

import asyncio
from collections.abc import Iterable
from typing import Any

from providers.domain import LedgerAccount, LedgerTransaction, Ref
from resolvers.access.wallets import owner_of_account
from resolvers.context import RequestContext
from resolvers.loading.links import link_key

WALLETS = "wallets"
"""The first segment of the addresses in which the wallets service keeps its money."""


def is_wallets(account: LedgerAccount) -> bool:
    """Whether an account holds the money of a wallet."""
    return account.address.partition(":")[0] == WALLETS and account.ledger.native_id.startswith(WALLETS)


async def owner(account: LedgerAccount, context: RequestContext) -> str | None:
    """The customer of an account: by the directory's links first. Raises a `ProviderError`."""
    linked: str | None = await context.loaders.customer_ids_by_link.load(link_key(account.ref))
    if linked is not None:
        return linked
    return await owner_of_account(account, context) if is_wallets(account) else account.customer_id


async def account_is_theirs(account: LedgerAccount, context: RequestContext) -> bool:
    """Whether an account is of a customer whom the caller may see."""
    customers = context.caller.customers
    return customers is None or await owner(account, context) in customers


async def transaction_is_theirs(transaction: LedgerTransaction, context: RequestContext) -> bool:
    """Whether a transaction touches an account of theirs. A failure counts only when no other account decides it."""
    ends = {end for posting in transaction.postings for end in (posting.source, posting.destination)}
    answers = await _answers(ends, context)
    if True in answers.values():
        return True
    for answer in answers.values():
        if isinstance(answer, BaseException):
            raise answer
    return False


async def theirs(accounts: Iterable[Ref], context: RequestContext) -> frozenset[Ref]:
    """Those of the accounts that the caller may see. Raises what keeps this from being decided."""
    asked = frozenset(accounts)
    if context.caller.customers is None:
        return asked
    answers = await _answers(asked, context)
    for answer in answers.values():
        if isinstance(answer, BaseException):
            raise answer
    return frozenset(ref for ref, answer in answers.items() if answer is True)


async def _answers(accounts: Iterable[Ref], context: RequestContext) -> dict[Ref, Any]:
    refs = sorted(accounts)
    answers = await asyncio.gather(*(_is_theirs(ref, context) for ref in refs), return_exceptions=True)
    return dict(zip(refs, answers, strict=True))


async def _is_theirs(ref: Ref, context: RequestContext) -> bool:
    if ref.provider is None:
        return False
    account: LedgerAccount | None = await context.loaders.ledger_accounts_by_ref[ref.provider].load(ref)
    return account is not None and await account_is_theirs(account, context)
