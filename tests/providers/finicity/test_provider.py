"""Finicity as a provider: how few calls a batch takes, and what one failure costs."""

from collections.abc import Sequence
from datetime import UTC

import pytest

from providers.domain import (
    Account,
    CustomerLink,
    LinkKind,
    LinkOrigin,
    NodeType,
    PageRequest,
    Provider,
    Ref,
)
from providers.errors import Broken, Garbled, Outcome, ProviderError, Rejected
from providers.finicity import FinicityProvider, sandbox
from providers.finicity.sandbox.seed import customer_id
from providers.finicity.translate import account_ref
from providers.finicity.usernames import ENTRIES, LIFETIME, Remembered
from providers.operation import Operation
from providers.protocols import DerivesLinks, ReadsAccounts, ReadsBalances
from providers.sandbox import Bench, Fault
from providers.seed import customers
from tests.providers.finicity.conftest import Clock, received

PEOPLE = {person.id: person for person in customers(25)}
ADA, BRUNO, CHIDI, FARID = "cus_0001", "cus_0002", "cus_0003", "cus_0006"
TOKEN = "POST authentication"


def links(*people: str) -> dict[str, Sequence[CustomerLink]]:
    """What the directory stores for these customers; nothing for those who are to be found by username."""
    stored = {link.customer_id: link.external_id for link in sandbox.links(list(PEOPLE.values()))}
    return {
        person: [CustomerLink(Provider.FINICITY, LinkKind.CUSTOMER, stored[person], person)] if person in stored else []
        for person in people
    }


def good(outcome: Outcome[Sequence[Account]]) -> Sequence[Account]:
    assert not isinstance(outcome, ProviderError)
    return outcome


def fault(person: str, *, status: int = 500, body: str = "") -> Fault:
    path = f"*/{customer_id(PEOPLE[person])}/accounts*"
    return Fault(vendor="finicity", path=path, times=9, status=status, body=body)


async def test_it_reads_accounts_and_derives_links(provider: FinicityProvider) -> None:
    assert isinstance(provider, ReadsAccounts)
    assert isinstance(provider, DerivesLinks)
    assert not isinstance(provider, ReadsBalances)


async def test_accounts_of_customers_take_one_call_each(
    provider: FinicityProvider, bench: Bench, operation: Operation
) -> None:
    found = await provider.accounts_by_customer(links(ADA, BRUNO, FARID), operation)

    assert [len(good(found[person])) for person in (ADA, BRUNO, FARID)] == [4, 3, 2]
    assert received(bench) == [TOKEN] + ["GET accounts"] * 3
    assert {call.wave for call in operation.calls if not call.is_token} == {2}


async def test_balances_come_with_the_accounts(provider: FinicityProvider, operation: Operation) -> None:
    found = good((await provider.accounts_by_customer(links(ADA), operation))[ADA])

    assert all(account.known_balances for account in found)
    assert all(account.fetched_at.tzinfo is UTC for account in found)
    assert {balance.fetched_at for account in found for balance in account.known_balances or ()} == {
        found[0].fetched_at
    }


async def test_a_customer_without_a_link_is_found_by_username_and_remembered(
    provider: FinicityProvider, bench: Bench, operation: Operation
) -> None:
    for _ in range(2):
        found = await provider.accounts_by_customer(links(CHIDI), operation)

    assert {account.ref.keys[0] for account in good(found[CHIDI])} == {customer_id(PEOPLE[CHIDI])}
    assert received(bench) == [TOKEN, "GET customers", "GET accounts", "GET accounts"]


async def test_a_customer_unknown_to_the_vendor_has_no_accounts(
    provider: FinicityProvider, bench: Bench, operation: Operation
) -> None:
    """Neither found by username nor behind a stored link; that nobody was found is remembered too."""
    gone = [CustomerLink(Provider.FINICITY, LinkKind.CUSTOMER, "1", "cus_8888")]
    asked = {"cus_9999": [], "cus_8888": gone, "cus_7777": []}
    for _ in range(2):
        found = await provider.accounts_by_customer(asked, operation)

        assert found == {"cus_9999": [], "cus_8888": [], "cus_7777": []}
    assert received(bench).count("GET customers") == 2


async def test_a_link_that_cannot_be_an_id_is_not_asked_for(
    provider: FinicityProvider, bench: Bench, operation: Operation
) -> None:
    odd = [CustomerLink(Provider.FINICITY, LinkKind.CUSTOMER, "..", "cus_1")]

    assert await provider.accounts_by_customer({"cus_1": odd}, operation) == {"cus_1": []}
    assert (
        await provider.accounts_by_ref([account_ref("..", "1"), Ref(NodeType.AGGREGATED_ACCOUNT, ("1",))], operation)
        == {}
    )
    assert received(bench) == []


async def test_one_customers_failure_is_not_anothers(
    provider: FinicityProvider, bench: Bench, operation: Operation
) -> None:
    bench.add(fault(BRUNO))
    found = await provider.accounts_by_customer(links(ADA, BRUNO), operation)

    assert len(good(found[ADA])) == 4
    assert isinstance(found[BRUNO], Broken)


async def test_an_absurd_amount_makes_the_answer_unusable(
    provider: FinicityProvider, bench: Bench, operation: Operation
) -> None:
    body = '{"accounts":[{"id":1,"currency":"USD","balance":1e999}]}'
    bench.add(fault(ADA, status=200, body=body))
    found = await provider.accounts_by_customer(links(ADA), operation)

    error = found[ADA]
    assert isinstance(error, Garbled)
    assert error.operation == "GetCustomerAccounts"


async def test_accounts_by_ref_take_one_call_for_each_customer(
    provider: FinicityProvider, bench: Bench, operation: Operation
) -> None:
    """The whole list where several are wanted, the single read where one is."""
    known = await provider.accounts_by_customer(links(ADA, BRUNO), operation)
    bench.calls.clear()
    refs = [account.ref for account in [*good(known[ADA]), good(known[BRUNO])[1]]]
    missing = account_ref(customer_id(PEOPLE[ADA]), "1")
    found = await provider.accounts_by_ref([*refs, *refs, missing], operation)

    assert list(found) == refs
    assert all(not isinstance(account, ProviderError) and account.ref == ref for ref, account in found.items())
    assert received(bench) == ["GET accounts", f"GET {refs[-1].native_id}"]


async def test_an_account_that_is_gone_is_left_out_and_a_failure_is_not(
    provider: FinicityProvider, bench: Bench, operation: Operation
) -> None:
    bench.add(fault(BRUNO))
    gone = account_ref(customer_id(PEOPLE[ADA]), "1")
    stranger = [account_ref("1", "1"), account_ref("1", "2")]
    broken = account_ref(customer_id(PEOPLE[BRUNO]), "5011600010")
    found = await provider.accounts_by_ref([gone, *stranger, broken], operation)

    assert list(found) == [broken]
    assert isinstance(found[broken], Broken)


async def test_all_accounts_are_listed_page_by_page(
    provider: FinicityProvider, bench: Bench, operation: Operation
) -> None:
    pages, token = [], ""
    while True:
        pages.append(await provider.list_accounts(PageRequest(token, 20), operation))
        if pages[-1].next is None:
            break
        token = pages[-1].next

    people = [person.id for person in PEOPLE.values() if person.finicity]
    everything = await provider.accounts_by_customer(links(*people), operation)
    assert [a.ref for page in pages for a in page.items] == [a.ref for p in people for a in good(everything[p])]
    assert [page.token for page in pages] == ["1x5", "6x5", "11x5", "16x5"]
    assert [page.has_more for page in pages] == [True, True, True, False]


async def test_a_page_read_again_is_the_same_whatever_size_is_asked_for(
    provider: FinicityProvider, operation: Operation
) -> None:
    first = await provider.list_accounts(PageRequest("", 20), operation)
    again = await provider.list_accounts(PageRequest(first.token, 3), operation)

    assert [account.ref for account in again.items] == [account.ref for account in first.items]


@pytest.mark.parametrize("token", ["x", "0x5", "1x0", "1x26", "1x5x", "²x5", "99999999999x1", "-1x5"])
async def test_a_foreign_page_token_is_refused_without_a_call(
    provider: FinicityProvider, bench: Bench, operation: Operation, token: str
) -> None:
    with pytest.raises(Rejected):
        await provider.list_accounts(PageRequest(token, 20), operation)

    assert received(bench) == []


async def test_a_page_that_lost_a_customer_is_an_error(
    provider: FinicityProvider, bench: Bench, operation: Operation
) -> None:
    bench.add(fault(ADA))

    with pytest.raises(Broken):
        await provider.list_accounts(PageRequest("", 20), operation)


async def test_links_are_derived_for_every_customer_asked_for(
    provider: FinicityProvider, bench: Bench, operation: Operation
) -> None:
    bench.add(Fault(vendor="finicity", path="*/customers", status=500, body=""))
    await provider.derive_links({ADA: ()}, operation)
    found = await provider.derive_links({ADA: (), CHIDI: (), "cus_9999": ()}, operation)

    expected = CustomerLink(
        Provider.FINICITY, LinkKind.CUSTOMER, customer_id(PEOPLE[CHIDI]), CHIDI, LinkOrigin.USERNAME
    )
    assert found[CHIDI] == (expected,)
    assert found["cus_9999"] == ()
    assert not isinstance(found[ADA], ProviderError)


async def test_a_loose_match_of_a_username_is_nobody(
    provider: FinicityProvider, bench: Bench, operation: Operation
) -> None:
    body = '{"customers":[{"id":"5026900000","username":"CUS_0001"}],"moreAvailable":"false"}'
    bench.add(Fault(vendor="finicity", path="*/customers", body=body))

    assert await provider.derive_links({ADA: ()}, operation) == {ADA: ()}


async def test_an_account_tells_its_customer_by_username(
    provider: FinicityProvider, bench: Bench, operation: Operation
) -> None:
    """One call for a customer whose username is not known yet; whoever was found by username is known."""
    known = await provider.accounts_by_customer(links(ADA, CHIDI), operation)
    accounts = [*good(known[ADA]), *good(known[CHIDI])]
    bench.calls.clear()
    for _ in range(2):
        owners = await provider.customers_by_account(accounts, operation)

    assert [owners[account.ref] for account in accounts] == [ADA] * 4 + [CHIDI] * 4
    assert len(bench.calls) == 1


async def test_an_account_of_a_customer_that_is_gone_tells_nobody(
    provider: FinicityProvider, bench: Bench, operation: Operation
) -> None:
    [account, *_] = good((await provider.accounts_by_customer(links(ADA), operation))[ADA])
    bench.add(Fault(vendor="finicity", path=f"*/{account.ref.keys[0]}", status=404, body='{"code":14001}'))

    assert await provider.customers_by_account([account], operation) == {account.ref: None}


async def test_a_probe_is_one_call(provider: FinicityProvider, bench: Bench, operation: Operation) -> None:
    assert await provider.probe(operation) == ()
    await provider.aclose()

    assert received(bench) == [TOKEN, "GET customers"]


def test_memory_ends_and_is_bounded(clock: Clock) -> None:
    memory: Remembered[str | None] = Remembered(clock)
    for number in range(ENTRIES + 1):
        memory.put(str(number), None)

    assert (memory.get("0"), memory.get("1")) == (None, (None,))
    clock.now += LIFETIME
    assert memory.get("1") is None
