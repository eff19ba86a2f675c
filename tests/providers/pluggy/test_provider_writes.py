"""Smart accounts opened through the provider: what is sent, what a failure means, and how a lost one can be told."""

from typing import Any

import msgspec
import pytest

from providers.errors import Broken, Garbled, ProviderError, RateLimited, Rejected, UnknownOutcome, Unsupported
from providers.operation import Operation
from providers.orders import OpensSmartAccounts, SmartAccountOrder
from providers.pluggy import translate
from providers.seed import customers
from tests.providers.pluggy.conftest import IDS, NewRig, Rig

LIST = "/payments/smart-accounts"
WHOLE_LIST = f"GET {LIST}?pageSize=500&page=1"
ORDER = SmartAccountOrder(
    name="Ana Souza",
    tax_number="12345678900",
    email="ana@example.com",
    phone_number="+5521999999999",
    city="Rio de Janeiro",
    state="RJ",
    street_name="Rua do Ouvidor",
    is_sandbox=True,
)
CONTACT = {
    "email": "ana@example.com",
    "phoneNumber": "+5521999999999",
    "address": {"city": "Rio de Janeiro", "state": "RJ", "streetName": "Rua do Ouvidor"},
}
ITEM = "71996b6d-8991-450c-8542-ae59069d1a9d"


async def ready(rig: Rig, operation: Operation) -> Rig:
    """The same rig after it has signed in, with a clean record."""
    await rig.provider.probe(operation)
    rig.calls()
    return rig


async def fails(rig: Rig, operation: Operation, order: SmartAccountOrder = ORDER) -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        await rig.provider.create_smart_account(order, operation)
    return caught.value


async def test_an_account_is_opened_by_one_call_and_can_be_read_then(rig: Rig, operation: Operation) -> None:
    await ready(rig, operation)
    ref = await rig.provider.create_smart_account(ORDER, operation)
    found = await rig.provider.accounts_by_ref([ref], operation)

    assert isinstance(rig.provider, OpensSmartAccounts)
    assert rig.calls() == [f"POST {LIST}", f"GET {LIST}/{ref.native_id}"]
    assert not isinstance(found[ref], ProviderError)
    assert ref == translate.ref(ref.native_id)


@pytest.mark.parametrize(
    ("order", "body"),
    [
        (ORDER, {**CONTACT, "name": "Ana Souza", "taxNumber": "12345678900", "isSandbox": True}),
        (
            msgspec.structs.replace(ORDER, name=None, tax_number=None, item_id=ITEM, is_sandbox=False),
            {**CONTACT, "itemId": ITEM, "isSandbox": False},
        ),
    ],
)
def test_what_an_order_leaves_out_is_not_sent(order: SmartAccountOrder, body: dict[str, Any]) -> None:
    assert msgspec.json.decode(msgspec.json.encode(translate.creation(order))) == body


@pytest.mark.parametrize("field", ["tax_number", "name", "email", "phone_number", "city"])
async def test_what_is_missing_is_the_vendors_to_refuse(rig: Rig, operation: Operation, field: str) -> None:
    await ready(rig, operation)
    lacking = msgspec.structs.replace(ORDER, **{field: "" if field in {"email", "phone_number", "city"} else None})
    error = await fails(rig, operation, lacking)

    assert (type(error), error.status, error.operation) == (Rejected, 400, "smart_account_create")
    assert len(rig.app.state.vendor.holdings) == len(IDS)


@pytest.mark.parametrize(
    ("what", "kind"),
    [
        ({"status": 500}, Broken),
        ({"status": 503}, Broken),
        ({"status": 429}, RateLimited),
        ({"status": 404, "body": '{"code":404,"message":"Not Found"}'}, Unsupported),
        ({"drop": "before"}, UnknownOutcome),
        ({"drop": "half"}, UnknownOutcome),
        ({"body": '{"id":'}, Garbled),
        ({"body": '{"id":""}'}, Garbled),
        ({"body": '{"id":"1/../2"}'}, Garbled),
    ],
    ids=str,
)
async def test_a_failure_is_told_for_what_it_is_and_nothing_is_sent_again(
    rig: Rig, operation: Operation, *, what: dict[str, object], kind: type[ProviderError]
) -> None:
    await ready(rig, operation)
    rig.fault(LIST, method="POST", **what)

    assert type(await fails(rig, operation)) is kind
    assert rig.calls() == [f"POST {LIST}"]


async def test_an_account_whose_answer_was_lost_is_the_one_that_was_not_there_before(
    rig: Rig, operation: Operation
) -> None:
    before = await rig.provider.smart_account_ids(operation)
    rig.fault(LIST, method="POST", drop="half")
    await fails(rig, operation)
    after = await rig.provider.smart_account_ids(operation)

    assert list(before) == IDS
    assert len(set(after) - set(before)) == 1


async def test_all_ids_take_one_call_for_five_hundred(new_rig: NewRig, operation: Operation) -> None:
    rig = await ready(new_rig(customers(800)), operation)
    ids = await rig.provider.smart_account_ids(operation)

    assert list(ids) == list(rig.app.state.vendor.holdings)
    assert rig.calls() == [WHOLE_LIST, f"GET {LIST}?pageSize=500&page=2"]


PAGE = '{{"total":{total},"results":[{{"id":"{id}"}}]}}'


async def test_a_list_that_changed_under_the_reader_is_read_again(rig: Rig, operation: Operation) -> None:
    """One id is told where two were promised: the missing one must not be taken for new later."""
    await ready(rig, operation)
    rig.fault(LIST, body=PAGE.format(total=2, id=IDS[0]))

    assert list(await rig.provider.smart_account_ids(operation)) == IDS
    assert rig.calls() == [WHOLE_LIST] * 2


async def test_a_list_that_never_holds_what_it_counts_is_an_error(rig: Rig, operation: Operation) -> None:
    await ready(rig, operation)
    rig.fault(LIST, body=PAGE.format(total=2, id=IDS[0]), times=9)
    with pytest.raises(Broken) as caught:
        await rig.provider.smart_account_ids(operation)

    assert caught.value.retryable
    assert rig.calls() == [WHOLE_LIST] * 3


@pytest.mark.parametrize("body", ['{"results":[]}', '{"total":0,"totalPages":7,"results":[]}'])
async def test_an_empty_page_is_the_last_one(rig: Rig, operation: Operation, body: str) -> None:
    await ready(rig, operation)
    rig.fault(LIST, body=body, times=9)

    assert list(await rig.provider.smart_account_ids(operation)) == []
    assert rig.calls() == [WHOLE_LIST]


async def test_the_length_of_the_list_is_forgotten_once_it_has_changed(new_rig: NewRig, operation: Operation) -> None:
    """Known to have two pages, it is not read for two accounts; not known, it is taken for one page."""
    rig = await ready(new_rig(customers(800)), operation)
    two = [translate.ref(native_id) for native_id in list(rig.app.state.vendor.holdings)[:2]]
    await rig.provider.accounts_by_ref(two, operation)
    alone = rig.calls()
    await rig.provider.create_smart_account(ORDER, operation)
    await rig.provider.accounts_by_ref(two, operation)

    assert alone == [f"GET {LIST}/{ref.native_id}" for ref in two]
    assert rig.calls() == [f"POST {LIST}", WHOLE_LIST]
