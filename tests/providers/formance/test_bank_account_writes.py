"""Bank accounts kept, forwarded and annotated."""

import logging

import pytest

from providers.errors import NotFound, Rejected, UnknownOutcome
from providers.operation import Operation
from tests.providers.formance.conftest import Rig, bank_account, connector
from tests.providers.formance.orders import IBAN, bank_account_order, installed, kept

BANK_ACCOUNTS = "/api/payments/bank-accounts"
GONE = connector("eyJQcm92aWRlciI6IlNUUklQRSIsIlJlZmVyZW5jZSI6IngifQ")


async def test_a_bank_account_is_kept_as_ordered_and_found_by_its_notes(
    rig: Rig, operation: Operation, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    order = bank_account_order(account_number="", swift_bic_code="COBADEFF", metadata={"write": "w1", "a]b": "\u00e9"})

    made = await rig.provider.create_bank_account(order, operation)

    body = {"name": "Supplier", "country": "DE", "iban": IBAN, "swiftBicCode": "COBADEFF", "metadata": order.metadata}
    assert rig.sent() == [("POST", "/bank-accounts", body)]
    found = (await rig.provider.bank_accounts_by_ref([made], operation))[made]
    assert not isinstance(found, Exception)
    assert (found.name, found.country, found.related) == ("Supplier", "DE", ())
    assert IBAN not in repr(found) + caplog.text
    assert await rig.provider.find_bank_account(order.metadata, operation) == made
    assert await rig.provider.find_bank_account({"write": "w1"}, operation) == made
    assert await rig.provider.find_bank_account({"write": "w1", "other": "x"}, operation) is None
    rig.paths()
    assert await rig.provider.find_bank_account({}, operation) is None
    assert rig.paths() == []


async def test_it_may_be_forwarded_in_the_same_call(rig: Rig, operation: Operation) -> None:
    generic = installed(rig)
    made = await rig.provider.create_bank_account(bank_account_order(connector=generic), operation)
    (found,) = (await rig.provider.bank_accounts_by_ref([made], operation)).values()
    assert not isinstance(found, Exception)
    assert [each.connector for each in found.related] == [generic]


async def test_forwarding_makes_it_known_at_a_connector(rig: Rig, operation: Operation) -> None:
    made, generic = await rig.provider.create_bank_account(bank_account_order(), operation), installed(rig)
    rig.sent()

    await rig.provider.forward_bank_account(made, generic, operation)

    body = {"connectorID": generic.native_id}
    assert rig.sent() == [("POST", f"/bank-accounts/{made.native_id}/forward", body)]
    (found,) = (await rig.provider.bank_accounts_by_ref([made], operation)).values()
    assert not isinstance(found, Exception)
    (related,) = found.related
    assert related.account is not None
    by_account = await rig.provider.bank_accounts_by_account([related.account], operation)
    assert [each.ref for each in by_account[related.account]] == [made]
    assert related.account in await rig.provider.accounts_by_ref([related.account], operation)


async def test_forwarding_twice_is_refused_on_v2_only(v2: Rig, v3: Rig, operation: Operation) -> None:
    for rig in (v2, v3):
        made = await rig.provider.create_bank_account(bank_account_order(connector=installed(rig)), operation)
        if rig is v3:
            await rig.provider.forward_bank_account(made, installed(rig), operation)
            continue
        with pytest.raises(Rejected) as refusal:
            await rig.provider.forward_bank_account(made, installed(rig), operation)
        assert refusal.value.vendor_code == "VALIDATION"


async def test_a_refusal_of_the_connector_leaves_it_kept_on_v3(v2: Rig, v3: Rig, operation: Operation) -> None:
    """So on v3 the outcome is not known until it has been looked up; v2 keeps nothing."""
    for wrong in (GONE, installed(v3, "STRIPE")):
        notes = {"write": wrong.native_id}
        order = bank_account_order(connector=wrong, metadata=notes)
        with pytest.raises(UnknownOutcome):
            await v3.provider.create_bank_account(order, operation)
        assert await v3.provider.find_bank_account(notes, operation) is not None
        with pytest.raises(Rejected):
            await v2.provider.create_bank_account(order, operation)
        assert await v2.provider.find_bank_account(notes, operation) is None


async def test_a_refusal_that_cannot_be_looked_up_is_an_unknown_outcome(v3: Rig, operation: Operation) -> None:
    v3.fault(BANK_ACCOUNTS, method="POST", status=400, body='{"errorCode":"VALIDATION"}')
    v3.fault(BANK_ACCOUNTS, method="GET", status=400)
    with pytest.raises(UnknownOutcome) as unknown:
        await v3.provider.create_bank_account(bank_account_order(connector=installed(v3)), operation)
    assert unknown.value.vendor_code == "VALIDATION"


async def test_a_plain_refusal_stays_one(rig: Rig, operation: Operation) -> None:
    for order in (
        bank_account_order(iban=""),
        bank_account_order(name=""),
        bank_account_order(iban="", connector=GONE),
    ):
        with pytest.raises(Rejected) as refusal:
            await rig.provider.create_bank_account(order, operation)
        assert refusal.value.vendor_code == "VALIDATION"


async def test_notes_are_added_and_replaced(rig: Rig, operation: Operation) -> None:
    made = await rig.provider.create_bank_account(bank_account_order(metadata={"a": "1", "b": "1"}), operation)
    rig.sent()
    await rig.provider.update_bank_account_metadata(made, {"b": "2"}, operation)

    assert rig.sent() == [("PATCH", f"/bank-accounts/{made.native_id}/metadata", {"metadata": {"b": "2"}})]
    assert await rig.provider.find_bank_account({"a": "1", "b": "2"}, operation) == made


async def test_impossible_ids_are_not_found_and_nothing_is_sent(rig: Rig, operation: Operation) -> None:
    provider = rig.provider
    for write in (
        provider.create_bank_account(bank_account_order(connector=connector("x")), operation),
        provider.forward_bank_account(bank_account("x"), installed(rig), operation),
        provider.forward_bank_account(kept(rig), connector("x"), operation),
        provider.update_bank_account_metadata(bank_account("x"), {"k": "v"}, operation),
    ):
        with pytest.raises(NotFound):
            await write
    assert rig.paths() == []
