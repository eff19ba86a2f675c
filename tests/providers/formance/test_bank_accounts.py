"""Bank accounts: by id, by account, and the list."""

import pytest

from providers.domain import PageRequest
from providers.errors import Broken
from providers.formance.models import BankAccount, RelatedAccount
from providers.formance.translate import bank_account
from providers.operation import Operation
from providers.seed import NOW
from tests.providers.formance.conftest import Rig, account
from tests.providers.formance.conftest import bank_account as ref_of
from tests.providers.formance.orders import bank_account_order

BANK_ACCOUNTS = "/api/payments/bank-accounts"
UNKNOWN = "00000000-0000-4000-8000-000000000000"


async def test_bank_accounts_by_id_are_one_call(rig: Rig, operation: Operation) -> None:
    wanted = [ref_of(each) for each in rig.state.bank_accounts]

    found = await rig.provider.bank_accounts_by_ref([*wanted, ref_of(UNKNOWN)], operation)

    assert {ref: getattr(outcome, "ref", None) for ref, outcome in found.items()} == {ref: ref for ref in wanted}
    assert len(rig.reads()) == 1


async def test_one_is_got_and_what_cannot_be_an_id_costs_nothing(rig: Rig, operation: Operation) -> None:
    one = ref_of(next(iter(rig.state.bank_accounts)))
    assert set(await rig.provider.bank_accounts_by_ref([one], operation)) == {one}
    assert rig.reads() == [f"{BANK_ACCOUNTS}/{one.native_id}"]

    assert await rig.provider.bank_accounts_by_ref([ref_of(UNKNOWN)], operation) == {}
    rig.reads()
    odd = [ref_of("x"), ref_of(one.native_id.upper())]
    assert await rig.provider.bank_accounts_by_ref(odd, operation) == {}
    assert rig.reads() == []


async def test_numbers_come_masked_and_relations_as_identities(rig: Rig, operation: Operation) -> None:
    page = await rig.provider.list_bank_accounts(PageRequest("", 100), operation)

    assert {each.provider_id for each in page.items} == set(rig.state.bank_accounts)
    for found in page.items:
        held = rig.state.bank_accounts[found.provider_id]
        for whole, shown in ((held.iban, found.masked_iban), (held.account_number, found.masked_account_number)):
            assert (shown is None) == (not whole)
            assert not whole or whole not in repr(found)
        assert [each.account for each in found.related] == [account(each.account_id) for each in held.related]
        assert all(each.connector and each.provider_name and each.created_at for each in found.related)


async def test_bank_accounts_of_accounts_are_one_list(rig: Rig, operation: Operation) -> None:
    expected: dict[str, set[str]] = {}
    for held in rig.state.bank_accounts.values():
        for related in held.related:
            expected.setdefault(related.account_id, set()).add(held.id)
    accounts = [account(each) for each in expected]
    others = [*rig.accounts(1), account("x")]

    found = await rig.provider.bank_accounts_by_account([*accounts, *others], operation)

    assert rig.reads() == [BANK_ACCOUNTS]
    assert {ref.native_id: {each.provider_id for each in found[ref]} for ref in accounts} == expected
    assert [list(found[ref]) for ref in others] == [[], []]


async def test_bank_accounts_of_customers_are_those_whose_notes_name_them(rig: Rig, operation: Operation) -> None:
    kept = [
        await rig.provider.create_bank_account(bank_account_order(metadata={"customer_id": name}), operation)
        for name in ("cus_0001", "cus_0002")
    ]
    rig.reads()

    found = await rig.provider.bank_accounts_by_customer(["cus_0001", "cus_0003"], operation)

    assert rig.reads() == [BANK_ACCOUNTS]
    assert {name: [each.provider_id for each in outcome] for name, outcome in found.items()} == {
        "cus_0001": [kept[0].native_id],
        "cus_0003": [],
    }
    rig.fault(BANK_ACCOUNTS, status=500)
    assert isinstance((await rig.provider.bank_accounts_by_customer(["cus_0001"], operation))["cus_0001"], Broken)
    assert await rig.provider.bank_accounts_by_customer([], operation) == {}


async def test_impossible_accounts_cost_no_call(rig: Rig, operation: Operation) -> None:
    assert await rig.provider.bank_accounts_by_account([account("x")], operation) == {account("x"): ()}
    assert rig.paths() == []


async def test_a_list_pages(rig: Rig, operation: Operation) -> None:
    first = await rig.provider.list_bank_accounts(PageRequest("", 10), operation)
    second = await rig.provider.list_bank_accounts(PageRequest(first.next or "", 10), operation)
    assert (len(first.items), len(second.items), second.next) == (10, 5, None)


async def test_a_failed_list_is_the_failure_of_all_who_asked(rig: Rig, operation: Operation) -> None:
    refs = [ref_of(each) for each in list(rig.state.bank_accounts)[:2]]
    accounts = rig.accounts(2)
    rig.fault(BANK_ACCOUNTS, times=2, status=500)
    by_ref = await rig.provider.bank_accounts_by_ref(refs, operation)
    by_account = await rig.provider.bank_accounts_by_account(accounts, operation)
    assert {type(each) for each in [*by_ref.values(), *by_account.values()]} == {Broken}

    rig.fault(f"{BANK_ACCOUNTS}/*", status=500)
    assert isinstance((await rig.provider.bank_accounts_by_ref(refs[:1], operation))[refs[0]], Broken)


@pytest.mark.parametrize(
    ("number", "shown"),
    [("", None), ("FR76****123", "FR76****123"), ("DE89370400440532013000", "***000"), ("12", "***")],
)
def test_a_number_that_nobody_masked_is_masked_here(number: str, shown: str | None) -> None:
    made = bank_account(BankAccount("b", iban=number), fetched_at=NOW)
    assert (made.masked_iban or "")[-6:] == (shown or "")[-6:]
    assert not number or "*" in number or number not in (made.masked_iban or "")


def test_what_is_left_out_is_null() -> None:
    made = bank_account(BankAccount("b", related_accounts=(RelatedAccount(),)), fetched_at=NOW)
    assert (made.country, made.swift_bic_code, made.masked_account_number, made.created_at) == (None,) * 4
    (related,) = made.related
    assert (related.account, related.connector, related.provider_name) == (None, None, None)
