"""The provider's batches: fewest calls, one key's fault never another's, pages that can be read again."""

from uuid import uuid4

import httpx
import pytest

from providers.domain import BalanceKind, CustomerLink, LinkKind, PageRequest, Provider, ProviderMode, Ref
from providers.errors import Broken, Garbled, ProviderError, Rejected, Unsupported
from providers.http import HttpSettings
from providers.operation import Operation
from providers.pluggy import Config, connect, sandbox, translate
from providers.protocols import ReadsAccounts, ReadsBalances, ReadsPayments, ReadsPools
from providers.seed import customers
from providers.telemetry import Telemetry
from tests.providers.pluggy.conftest import IDS, PEOPLE, NewRig, Rig

LIST = "/payments/smart-accounts"
WHOLE_LIST = f"GET {LIST}?pageSize=500&page=1"
REFS = [translate.ref(native_id) for native_id in IDS]


def links(*indexes: int) -> dict[str, list[CustomerLink]]:
    found: dict[str, list[CustomerLink]] = {PEOPLE[index].id: [] for index in indexes}
    for link in sandbox.links(PEOPLE):
        if link.customer_id in found:
            kind = LinkKind(link.kind)
            found[link.customer_id].append(CustomerLink(Provider.PLUGGY, kind, link.external_id, link.customer_id))
    return found


async def ready(rig: Rig, operation: Operation) -> Rig:
    """The same rig after it has signed in, with a clean record."""
    await rig.provider.probe(operation)
    rig.calls()
    return rig


async def test_it_reads_accounts_and_balances_and_nothing_else(rig: Rig) -> None:
    provider = rig.provider

    assert isinstance(provider, ReadsAccounts)
    assert isinstance(provider, ReadsBalances)
    assert not isinstance(provider, ReadsPayments | ReadsPools)
    assert (provider.provider, provider.mode) == (Provider.PLUGGY, ProviderMode.SANDBOX)


async def test_the_probe_is_one_small_authenticated_call(rig: Rig, operation: Operation) -> None:
    assert await rig.provider.probe(operation) == ()
    assert rig.calls() == ["POST /auth", f"GET {LIST}?pageSize=1&page=1"]


class Closable(httpx.AsyncBaseTransport):
    """A transport that only tells whether it was closed."""

    is_closed = False

    async def aclose(self) -> None:
        self.is_closed = True


async def test_it_closes_its_connections() -> None:
    transport = Closable()
    provider = connect(
        Config.for_sandbox(),
        mode=ProviderMode.SANDBOX,
        transport=transport,
        telemetry=Telemetry(),
        http=HttpSettings(),
    )

    await provider.aclose()

    assert transport.is_closed


async def test_one_account_is_retrieved_alone(rig: Rig, operation: Operation) -> None:
    await ready(rig, operation)

    found = await rig.provider.accounts_by_ref(REFS[:1], operation)

    assert list(found) == REFS[:1]
    assert rig.calls() == [f"GET {LIST}/{IDS[0]}"]


async def test_many_accounts_are_one_list_call(rig: Rig, operation: Operation) -> None:
    await ready(rig, operation)

    found = await rig.provider.accounts_by_ref(REFS, operation)

    assert [account.ref for account in found.values() if not isinstance(account, ProviderError)] == REFS
    assert rig.calls() == [WHOLE_LIST]


async def test_fewer_accounts_than_list_pages_are_read_one_by_one(new_rig: NewRig, operation: Operation) -> None:
    people = customers(1400)
    rig = await ready(new_rig(people), operation)
    ids = [link.external_id for link in sandbox.links(people)]

    few = await rig.provider.accounts_by_ref([translate.ref(native_id) for native_id in ids[-3:]], operation)
    few_calls = rig.calls()
    many = await rig.provider.accounts_by_ref([translate.ref(native_id) for native_id in ids[-4:]], operation)

    assert (len(few), len(many)) == (3, 4)
    assert len(few_calls) == 3
    assert rig.calls() == [f"GET {LIST}?pageSize=500&page={page}" for page in (1, 2, 3)]


async def test_before_the_lists_length_is_known_the_rest_is_read_by_what_is_less(
    new_rig: NewRig, operation: Operation
) -> None:
    people = customers(1400)
    rig = new_rig(people)
    ids = [link.external_id for link in sandbox.links(people)]

    found = await rig.provider.accounts_by_ref([translate.ref(ids[index]) for index in (0, -1)], operation)

    assert len(found) == 2
    assert rig.calls() == ["POST /auth", WHOLE_LIST, f"GET {LIST}/{ids[-1]}"]


async def test_unknown_and_impossible_ids_are_left_out(rig: Rig, operation: Operation) -> None:
    await ready(rig, operation)
    strangers = [translate.ref(str(uuid4())), translate.ref("../../auth"), translate.ref("")]

    found = await rig.provider.accounts_by_ref([*strangers, REFS[0]], operation)
    alone = await rig.provider.accounts_by_ref(strangers[:1], operation)
    impossible = await rig.provider.accounts_by_ref(strangers[1:], operation)

    assert (list(found), dict(alone), dict(impossible)) == ([REFS[0]], {}, {})
    assert rig.calls() == [WHOLE_LIST, f"GET {LIST}/{strangers[0].native_id}"]


async def test_an_account_under_another_id_is_garbled(rig: Rig, operation: Operation) -> None:
    rig.fault(f"{LIST}/*", status=200, body=f'{{"id":"{IDS[1]}"}}')

    found = await rig.provider.accounts_by_ref(REFS[:1], operation)

    assert isinstance(found[REFS[0]], Garbled)


async def test_a_failing_list_is_every_keys_error(rig: Rig, operation: Operation) -> None:
    rig.fault(LIST, status=500, body="")

    found = await rig.provider.accounts_by_ref(REFS[:3], operation)

    assert [type(found[ref]) for ref in REFS[:3]] == [Broken] * 3


async def test_a_failing_page_harms_only_what_no_other_page_holds(new_rig: NewRig, operation: Operation) -> None:
    people = customers(1400)
    rig = await ready(new_rig(people), operation)
    ids = [link.external_id for link in sandbox.links(people)]
    rig.fault(LIST, delay_ms=1)  # takes the first page, and lets it pass
    rig.fault(LIST, status=500, body="")
    wanted = [translate.ref(native_id) for native_id in (ids[0], ids[500], ids[1000], ids[-1])]

    found = await rig.provider.accounts_by_ref(wanted, operation)

    assert [isinstance(found[ref], Broken) for ref in wanted] == [False, True, False, False]


async def test_an_account_that_slips_between_pages_is_asked_for_alone(new_rig: NewRig, operation: Operation) -> None:
    people = customers(800)
    rig = await ready(new_rig(people), operation)
    ids = [link.external_id for link in sandbox.links(people)]
    rig.fault(LIST, status=200, body='{"results":[],"total":600,"totalPages":2}')

    found = await rig.provider.accounts_by_ref(
        [translate.ref(native_id) for native_id in (*ids[:2], ids[-1])], operation
    )

    assert len(found) == 3
    assert len(rig.calls()) == 4


async def test_where_the_list_is_closed_accounts_are_read_one_by_one(rig: Rig, operation: Operation) -> None:
    await ready(rig, operation)
    rig.fault(LIST, status=404, body='{"code":404,"message":"Not Found"}')

    first = await rig.provider.accounts_by_ref(REFS[:2], operation)
    first_calls = rig.calls()
    again = await rig.provider.accounts_by_ref(REFS[:2], operation)

    assert list(first) == list(again) == REFS[:2]
    assert first_calls[0] == WHOLE_LIST
    assert sorted(rig.calls()) == sorted(first_calls[1:])


async def test_an_application_without_smart_accounts_is_told_so(new_rig: NewRig, operation: Operation) -> None:
    rig = new_rig(smart_accounts=False)

    found = await rig.provider.accounts_by_ref(REFS[:2], operation)

    assert [type(found[ref]) for ref in REFS[:2]] == [Unsupported] * 2
    with pytest.raises(Unsupported):
        await rig.provider.probe(operation)


async def test_accounts_of_many_customers_are_one_batch(rig: Rig, operation: Operation) -> None:
    await ready(rig, operation)

    found = await rig.provider.accounts_by_customer(links(0, 1, 2, 3), operation)

    counts = {
        customer_id: len(accounts) for customer_id, accounts in found.items() if not isinstance(accounts, ProviderError)
    }
    assert counts == {PEOPLE[0].id: 2, PEOPLE[1].id: 1, PEOPLE[2].id: 0, PEOPLE[3].id: 1}
    assert rig.calls() == [WHOLE_LIST]


async def test_customers_without_links_cost_no_call(rig: Rig, operation: Operation) -> None:
    found = await rig.provider.accounts_by_customer({"cus_x": [], "cus_y": []}, operation)

    assert found == {"cus_x": [], "cus_y": []}
    assert rig.calls() == []


async def test_a_vanished_account_is_left_out_and_a_failed_one_is_its_customers_error(
    new_rig: NewRig, operation: Operation
) -> None:
    rig = await ready(new_rig(customers(1400)), operation)
    theirs = links(1, 3)
    (gone,), (failed,) = theirs[PEOPLE[1].id], theirs[PEOPLE[3].id]
    rig.app.state.vendor.holdings.pop(gone.external_id)
    rig.fault(f"{LIST}/{failed.external_id}", status=500, body="")

    found = await rig.provider.accounts_by_customer(theirs, operation)

    assert found[PEOPLE[1].id] == []
    assert isinstance(found[PEOPLE[3].id], Broken)


async def test_balances_are_read_at_once_and_fail_alone(rig: Rig, operation: Operation) -> None:
    await ready(rig, operation)
    rig.fault(f"{LIST}/{IDS[1]}/balance", status=500, body="")
    rig.fault(f"{LIST}/{IDS[2]}/balance", status=200, body='{"balance":"NaN"}')
    unknown = Ref(REFS[0].type, (str(uuid4()),), Provider.PLUGGY)

    found = await rig.provider.balances_by_account([*REFS[:4], unknown], operation)

    kinds = [BalanceKind.CURRENT, BalanceKind.BLOCKED, BalanceKind.SCHEDULED]
    good = [found[ref] for ref in (REFS[0], REFS[3])]
    assert [[one.kind for one in balances] for balances in good if not isinstance(balances, ProviderError)] == [
        kinds
    ] * 2
    assert isinstance(found[REFS[1]], Broken)
    assert isinstance(found[REFS[2]], Garbled)
    assert unknown not in found
    assert len(rig.calls()) == 5
    assert {call.wave for call in operation.calls[2:]} == {operation.waves}


async def test_the_list_is_walked_by_tokens_to_its_end(rig: Rig, operation: Operation) -> None:
    seen: list[str] = []
    token: str | None = ""
    while token is not None:
        page = await rig.provider.list_accounts(PageRequest(token, size=9), operation)
        seen += [account.provider_id for account in page.items]
        assert (page.total, page.has_more) == (len(IDS), page.next is not None)
        token = page.next

    assert seen == IDS


async def test_a_page_can_be_read_again_by_its_own_token(rig: Rig, operation: Operation) -> None:
    first = await rig.provider.list_accounts(PageRequest(size=9), operation)
    again = await rig.provider.list_accounts(PageRequest(first.token, size=50), operation)

    assert [one.ref for one in again.items] == [one.ref for one in first.items]


async def test_a_page_without_counts_goes_on_while_pages_are_full(rig: Rig, operation: Operation) -> None:
    rig.fault(LIST, status=200, body='{"results":[{"id":"a"},{"id":"b"}]}', times=2)

    full = await rig.provider.list_accounts(PageRequest(size=2), operation)
    short = await rig.provider.list_accounts(PageRequest(size=3), operation)

    assert (full.next, full.total) == ("2x2", None)
    assert (short.next, short.has_more) == (None, False)


@pytest.mark.parametrize("token", ["2", "0x20", "2x0", "-1x5", "axb", "1x20x3", "\u0661x20", "9" * 30 + "x20"])
async def test_a_token_that_was_never_given_out_is_rejected_without_a_call(
    rig: Rig, operation: Operation, token: str
) -> None:
    with pytest.raises(Rejected):
        await rig.provider.list_accounts(PageRequest(token), operation)

    assert rig.calls() == []


async def test_a_page_is_never_larger_than_the_vendor_allows(rig: Rig, operation: Operation) -> None:
    page = await rig.provider.list_accounts(PageRequest("1x900"), operation)

    assert page.token == "1x500"
