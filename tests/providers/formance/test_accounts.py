"""Payment accounts: one call for many, on both generations of servers, and the customers that they belong to."""

import string

import pytest

from providers.domain import AccountKind, CustomerLink, LinkKind, LinkOrigin, PageRequest, Provider
from providers.errors import Broken, NotFound, Rejected
from providers.formance import sandbox
from providers.operation import Operation
from tests.providers.formance.conftest import ACCOUNTS, PEOPLE, Rig, account

STORED: dict[str, list[CustomerLink]] = {
    person.id: [
        CustomerLink(Provider.FORMANCE, LinkKind.ACCOUNT, link.external_id, person.id)
        for link in sandbox.links(PEOPLE)
        if link.customer_id == person.id
    ]
    for person in PEOPLE
}


def owned(rig: Rig, customer_id: str) -> set[str]:
    """Ids of the accounts that really are a customer's."""
    stored = {link.external_id for link in STORED[customer_id]}
    return stored | {row.id for row in rig.state.accounts.values() if row.metadata.get("customer_id") == customer_id}


@pytest.mark.parametrize(("count", "calls"), [(1, 1), (2, 1), (40, 1), (41, 2), (100, 3)])
async def test_accounts_by_id_take_one_call_for_each_forty(
    rig: Rig, operation: Operation, count: int, calls: int
) -> None:
    refs = rig.accounts(count)

    found = await rig.provider.accounts_by_ref(refs, operation)

    assert list(found) == refs or set(found) == set(refs)
    assert all(outcome.ref == ref for ref, outcome in found.items())  # type: ignore[union-attr]
    assert len(rig.reads()) == calls


async def test_a_cold_start_takes_two_waves_and_a_warm_one_takes_one(rig: Rig, operation: Operation) -> None:
    await rig.provider.accounts_by_ref(rig.accounts(5), operation)
    assert operation.waves == 2

    warm = Operation(timeout=5)
    await rig.provider.accounts_by_ref(rig.accounts(100), warm)
    assert warm.waves == 1


async def test_ids_that_cannot_be_ids_are_left_out_without_a_call(rig: Rig, operation: Operation) -> None:
    good = rig.accounts(1)[0].native_id
    wrong = ["", aliased(rig), "nonsense!", "e30", good + "=", good[:-3], rig.payments(1)[0].native_id, "A", "é"]

    assert await rig.provider.accounts_by_ref([account(text) for text in wrong], operation) == {}
    assert await rig.provider.balances_by_account([account(text) for text in wrong], operation) == {}
    assert rig.paths() == []


async def test_unknown_accounts_are_left_out(rig: Rig, operation: Operation) -> None:
    unknown = account(sandbox_id("gone"))
    known = rig.accounts(3)

    assert set(await rig.provider.accounts_by_ref([*known, unknown], operation)) == set(known)
    assert await rig.provider.accounts_by_ref([unknown], operation) == {}


def aliased(rig: Rig) -> str:
    """Another spelling that decodes to the same bytes as an account's id: the bits that pad it are set."""
    alphabet = string.ascii_uppercase + string.ascii_lowercase + string.digits + "-_"
    known = next(ref.native_id for ref in rig.accounts() if len(ref.native_id) % 4)
    return known[:-1] + alphabet[alphabet.index(known[-1]) + 1]


def sandbox_id(reference: str) -> str:
    """An id in the right form."""
    from providers.formance.sandbox import ids

    return ids.account_id({"Provider": "STRIPE", "Reference": "36d6e1b2-8f25-4e7c-8c1f-7d1f4b5a9a10"}, reference)


async def test_a_reference_that_several_connectors_know_finds_the_right_account(
    new_rig: "object", operation: Operation
) -> None:
    """v2 servers filter by reference alone."""
    rig: Rig = new_rig("v2")  # type: ignore[operator]
    one, other = rig.accounts(2)
    twin = sandbox_id(rig.state.accounts[one.native_id].reference)

    found = await rig.provider.accounts_by_ref([account(twin), other], operation)

    assert set(found) == {other}


async def test_a_fault_costs_only_the_accounts_of_its_call(v3: Rig, operation: Operation) -> None:
    refs = v3.accounts(60)
    v3.fault(ACCOUNTS, status=500, body='{"errorCode":"INTERNAL","errorMessage":"no"}')

    found = await v3.provider.accounts_by_ref(refs, operation)

    failed = [outcome for outcome in found.values() if isinstance(outcome, Broken)]
    assert len(found) == 60
    assert len(failed) in {20, 40}
    assert {error.vendor_code for error in failed} == {"INTERNAL"}


async def test_a_list_pages_by_the_vendors_cursor(rig: Rig, operation: Operation) -> None:
    first = await rig.provider.list_accounts(PageRequest("", 60), operation)
    assert (len(first.items), first.token, first.has_more) == (60, "", True)
    assert first.next is not None

    second = await rig.provider.list_accounts(PageRequest(first.next, 60), operation)
    assert (second.token, second.next, second.has_more) == (first.next, None, False)
    assert {item.ref for item in first.items + second.items} == set(rig.accounts())


async def test_a_foreign_cursor_is_refused(rig: Rig, operation: Operation) -> None:
    with pytest.raises(Rejected) as refusal:
        await rig.provider.list_accounts(PageRequest("made-up", 5), operation)
    assert refusal.value.vendor_code == "VALIDATION"


async def test_customers_accounts_come_from_stored_links_and_metadata_alike(rig: Rig, operation: Operation) -> None:
    found = await rig.provider.accounts_by_customer(STORED, operation)

    assert set(found) == set(STORED)
    for customer_id, accounts in found.items():
        assert not isinstance(accounts, Exception)
        assert {each.ref.native_id for each in accounts} == owned(rig, customer_id)
    clauses = sum(len(links) for links in STORED.values()) + len(STORED)
    assert len(rig.reads()) == -(-clauses // 40)


async def test_a_customer_without_a_link_costs_no_call_more(rig: Rig, operation: Operation) -> None:
    unlinked = next(person for person in PEOPLE if person.formance and not person.stored_links)
    linked = next(person for person in PEOPLE if person.formance and person.stored_links)

    found = await rig.provider.accounts_by_customer({unlinked.id: [], linked.id: STORED[linked.id]}, operation)

    assert found[unlinked.id]
    assert found[linked.id]
    assert rig.reads() == [ACCOUNTS]


async def test_a_stored_link_is_right_where_metadata_names_somebody_else(rig: Rig, operation: Operation) -> None:
    row = next(row for row in rig.state.accounts.values() if row.metadata.get("customer_id") == "cus_0001")
    link = CustomerLink(Provider.FORMANCE, LinkKind.ACCOUNT, row.id, "cus_0002")

    found = await rig.provider.accounts_by_customer({"cus_0001": [], "cus_0002": [link]}, operation)

    held = {customer: {each.ref.native_id for each in accounts} for customer, accounts in found.items()}  # type: ignore[union-attr]
    assert row.id in held["cus_0002"]
    assert row.id not in held["cus_0001"]


async def test_a_failed_question_is_the_failure_of_its_customers_only(v3: Rig, operation: Operation) -> None:
    v3.fault(ACCOUNTS, status=400, body='{"errorCode":"VALIDATION"}')

    found = await v3.provider.accounts_by_customer(STORED, operation)

    assert any(isinstance(outcome, Rejected) for outcome in found.values())
    assert not all(isinstance(outcome, Rejected) for outcome in found.values())


async def test_links_are_derived_from_metadata_in_one_call(rig: Rig, operation: Operation) -> None:
    wanted = [person.id for person in PEOPLE if not person.stored_links]

    found = await rig.provider.derive_links(dict.fromkeys([*wanted, "nobody"], ()), operation)

    assert found["nobody"] == []
    for customer_id in wanted:
        links = found[customer_id]
        assert not isinstance(links, Exception)
        assert {link.external_id for link in links} == owned(rig, customer_id)
        assert all(link.origin is LinkOrigin.METADATA and link.customer_id == customer_id for link in links)
    assert rig.reads() == [ACCOUNTS]


async def test_an_account_tells_its_customer_without_a_call(rig: Rig, operation: Operation) -> None:
    accounts = list((await rig.provider.accounts_by_ref(rig.accounts(100), operation)).values())
    rig.paths()

    customers = await rig.provider.customers_by_account(accounts, operation)  # type: ignore[arg-type]

    assert rig.paths() == []
    assert customers == {
        ref: rig.state.accounts[ref.native_id].metadata.get("customer_id") for ref in rig.accounts(100)
    }


async def test_an_account_holds_what_the_vendor_said(rig: Rig, operation: Operation) -> None:
    ref = rig.accounts(1)[0]
    row = rig.state.accounts[ref.native_id]

    found = (await rig.provider.accounts_by_ref([ref], operation))[ref]

    assert not isinstance(found, Exception)
    assert (found.name, found.kind, found.currency) == (
        row.name,
        AccountKind.INTERNAL,
        row.default_asset.partition("/")[0],
    )
    assert (found.provider_type, found.known_balances) == ("INTERNAL", None)


async def test_a_customer_of_whom_nothing_is_known_has_no_accounts(rig: Rig, operation: Operation) -> None:
    assert await rig.provider.accounts_by_customer({"nobody": []}, operation) == {"nobody": []}
    assert await rig.provider.accounts_by_customer({}, operation) == {}


async def test_history_of_an_impossible_account_is_not_asked_for(rig: Rig, operation: Operation) -> None:
    with pytest.raises(NotFound):
        await rig.provider.balance_history(account("nonsense"), PageRequest(), operation)
    assert rig.paths() == []
