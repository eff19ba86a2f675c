"""Finicity as the graph's provider: keys in, the fewest vendor calls, domain objects or errors by key out."""

import asyncio
import re
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import TypeVar

from providers.answers import translating
from providers.domain import (
    Account,
    BankKey,
    CustomerLink,
    LinkKind,
    LinkOrigin,
    Page,
    PageRequest,
    Provider,
    ProviderMode,
    Ref,
    ServerModule,
)
from providers.errors import NotFound, Outcome, ProviderError, Rejected
from providers.finicity import translate
from providers.finicity.account_writes import AccountWrites
from providers.finicity.capabilities import CAPABILITIES
from providers.finicity.client import (
    GET_CUSTOMER_ACCOUNT,
    GET_CUSTOMER_ACCOUNTS,
    GET_CUSTOMER_ACCOUNTS_BY_INSTITUTION,
    GET_CUSTOMER_ACCOUNTS_BY_INSTITUTION_LOGIN,
    GET_CUSTOMERS,
    Client,
)
from providers.finicity.costs import COSTS
from providers.finicity.ids import is_account, is_id
from providers.finicity.models import CustomerAccount
from providers.finicity.usernames import Usernames
from providers.http import Endpoint
from providers.operation import Operation

K = TypeVar("K")
T = TypeVar("T")

ACCOUNTS_EACH = 4
"""How many accounts a customer has, by and large: only decides how many customers a page of accounts is made of."""

MOST_CUSTOMERS = 25
"""Customers on one page of accounts, each of whom costs a call."""

_TOKEN = re.compile(r"([1-9][0-9]{0,9})x([1-9][0-9]?)")


class FinicityProvider(AccountWrites):
    """Implements `Vendor`, `ReadsAccounts`, `ReadsAccountsByBank`, `DerivesLinks`, `RefreshesAccounts`.

    Accounts hold balances.
    """

    provider = Provider.FINICITY
    capabilities = CAPABILITIES
    parts: Sequence[object] = ()
    costs = COSTS

    def __init__(self, client: Client, *, mode: ProviderMode) -> None:
        super().__init__(client, Usernames(client))
        self.mode = mode

    async def probe(self, operation: Operation) -> tuple[ServerModule, ...]:
        """List one customer. The vendor tells no version."""
        await self._client.get_customers(operation, limit=1)
        return ()

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def accounts_by_ref(self, refs: Sequence[Ref], operation: Operation) -> Mapping[Ref, Outcome[Account]]:
        """One call for each customer: the whole list where several of its accounts are wanted, else the one account."""
        wanted: dict[str, list[Ref]] = defaultdict(list)
        for ref in dict.fromkeys(refs):
            if is_account(ref):
                wanted[ref.keys[0]].append(ref)
        answers = await asyncio.gather(*(self._pick(key, group, operation) for key, group in wanted.items()))
        return {ref: outcome for answer in answers for ref, outcome in answer.items()}

    async def accounts_by_customer(
        self, links: Mapping[str, Sequence[CustomerLink]], operation: Operation
    ) -> Mapping[str, Outcome[Sequence[Account]]]:
        """One call for each linked customer, and one before it to find a customer who has no link."""
        return await _each(links, lambda key: self._accounts_of_person(key, links[key], operation))

    async def accounts_by_bank(
        self, links: Mapping[BankKey, Sequence[CustomerLink]], operation: Operation
    ) -> Mapping[BankKey, Outcome[Sequence[Account]]]:
        """One call for each linked customer, by the vendor's list for a login or else for an institution."""
        return await _each(links, lambda key: self._accounts_at(key, links[key], operation))

    async def list_accounts(self, page: PageRequest, operation: Operation) -> Page[Account]:
        """The vendor lists no accounts but by customer: a page is all accounts of the next few customers.

        A token is `<first record>x<customers>`, so a page stays the same whatever size is asked for with it.
        """
        start, limit = _position(page)
        listed = await self._client.get_customers(operation, start=start, limit=limit)
        people = [str(raw.id) for raw in listed.customers or ()]
        sets = await asyncio.gather(*(_outcome(self._accounts_of(key, operation)) for key in people))
        following = f"{start + limit}x{limit}" if listed.more_available in {True, "true"} else None
        return Page(
            items=tuple(account for accounts in sets for account in _value(accounts)),
            calls=1 + len(people),
            token=f"{start}x{limit}",
            next=following,
            has_more=following is not None,
        )

    async def derive_links(
        self, links: Mapping[str, Sequence[CustomerLink]], operation: Operation
    ) -> Mapping[str, Outcome[Sequence[CustomerLink]]]:
        """By `username`: one call for each customer who has no stored link and was not asked for lately."""
        found = await _each([key for key in links if not links[key]], lambda key: self._link(key, operation))
        return {key: found.get(key, ()) for key in links}

    async def customers_by_account(
        self, accounts: Sequence[Account], operation: Operation
    ) -> Mapping[Ref, Outcome[str | None]]:
        """By `username`: one call for each of the vendor's customers that was not asked for lately."""
        owners = dict.fromkeys(account.ref.keys[0] for account in accounts)
        names = await _each(owners, lambda key: self._usernames.username(key, operation))
        return {account.ref: names[account.ref.keys[0]] for account in accounts}

    async def _pick(self, customer_id: str, refs: Sequence[Ref], operation: Operation) -> dict[Ref, Outcome[Account]]:
        try:
            if len(refs) == 1:
                return {refs[0]: await self._account(customer_id, refs[0].native_id, operation)}
            found = {account.ref: account for account in await self._accounts_of(customer_id, operation)}
        except NotFound:
            return {}
        except ProviderError as error:
            return dict.fromkeys(refs, error)
        return {ref: found[ref] for ref in refs if ref in found}

    async def _account(self, customer_id: str, account_id: str, operation: Operation) -> Account:
        raw = await self._client.get_customer_account(customer_id, account_id, operation)
        return _translated([raw], customer_id, GET_CUSTOMER_ACCOUNT)[0]

    async def _accounts_of(self, customer_id: str, operation: Operation) -> Sequence[Account]:
        raw = await self._client.get_customer_accounts(customer_id, operation)
        return _translated(raw.accounts or (), customer_id, GET_CUSTOMER_ACCOUNTS)

    async def _accounts_of_person(
        self, person: str, links: Sequence[CustomerLink], operation: Operation
    ) -> Sequence[Account]:
        """A customer whom the vendor no longer knows has no accounts."""
        ids = await self._ids_of_person(person, links, operation)
        sets = await asyncio.gather(*(_outcome(self._accounts_of(key, operation)) for key in ids))
        return [account for accounts in sets for account in _value(accounts)]

    async def _accounts_at(
        self, key: BankKey, links: Sequence[CustomerLink], operation: Operation
    ) -> Sequence[Account]:
        """None at all is the vendor's 404."""
        if not all(
            each is None or (each.isascii() and each.isdecimal()) for each in (key.institution_id, key.login_id)
        ):
            return ()
        ids = await self._ids_of_person(key.customer_id, links, operation)
        sets = await asyncio.gather(*(_outcome(self._part_of(each, key, operation)) for each in ids))
        return [account for accounts in sets for account in _value(accounts) if key.holds(account)]

    async def _part_of(self, customer_id: str, key: BankKey, operation: Operation) -> Sequence[Account]:
        client = self._client
        if key.login_id is not None:
            raw = await client.get_customer_accounts_by_institution_login(customer_id, key.login_id, operation)
            return _translated(raw.accounts or (), customer_id, GET_CUSTOMER_ACCOUNTS_BY_INSTITUTION_LOGIN)
        raw = await client.get_customer_accounts_by_institution(customer_id, str(key.institution_id), operation)
        return _translated(raw.accounts or (), customer_id, GET_CUSTOMER_ACCOUNTS_BY_INSTITUTION)

    async def _ids_of_person(self, person: str, links: Sequence[CustomerLink], operation: Operation) -> Sequence[str]:
        """The vendor's customers that a person is."""
        ours = [link for link in links if link.provider is Provider.FINICITY and link.kind is LinkKind.CUSTOMER]
        found = ours or await self._link(person, operation)
        return list(dict.fromkeys(link.external_id for link in found if is_id(link.external_id)))

    async def _link(self, person: str, operation: Operation) -> Sequence[CustomerLink]:
        found = await self._usernames.customer_id(person, operation)
        if found is None:
            return ()
        return (CustomerLink(Provider.FINICITY, LinkKind.CUSTOMER, found, person, LinkOrigin.USERNAME),)


def _translated(raw: Iterable[CustomerAccount], customer_id: str, endpoint: Endpoint) -> Sequence[Account]:
    fetched_at = datetime.now(UTC)
    with translating(Provider.FINICITY, endpoint.operation):
        return [translate.account(each, customer_id=customer_id, fetched_at=fetched_at) for each in raw]


def _position(page: PageRequest) -> tuple[int, int]:
    """The first customer record of a page, from 1, and how many."""
    if not page.token:
        return 1, max(1, min(MOST_CUSTOMERS, -(-page.size // ACCOUNTS_EACH)))
    token = _TOKEN.fullmatch(page.token)
    if token is None or int(token[2]) > MOST_CUSTOMERS:
        raise Rejected(Provider.FINICITY, GET_CUSTOMERS.operation, "The cursor is not one that this list gave out.")
    return int(token[1]), int(token[2])


async def _each(keys: Iterable[K], read: Callable[[K], Awaitable[T]]) -> dict[K, Outcome[T]]:
    unique = list(dict.fromkeys(keys))
    outcomes = await asyncio.gather(*(_outcome(read(key)) for key in unique))
    return dict(zip(unique, outcomes, strict=True))


async def _outcome(work: Awaitable[T]) -> Outcome[T]:
    try:
        return await work
    except ProviderError as error:
        return error


def _value(outcome: Outcome[Sequence[Account]]) -> Sequence[Account]:
    """The accounts of one of several sets: none when the vendor no longer knows the customer. Raises other errors."""
    if isinstance(outcome, NotFound):
        return ()
    if isinstance(outcome, ProviderError):
        raise outcome
    return outcome
