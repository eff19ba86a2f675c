"""Refreshes and deletions through the provider: by which operation, what a failure means, what is remembered."""

from collections.abc import Awaitable, Callable

import msgspec
import pytest

from providers.domain import NodeType, Ref
from providers.errors import (
    Broken,
    Garbled,
    NotFound,
    ProviderError,
    RateLimited,
    Rejected,
    UnknownOutcome,
)
from providers.finicity import FinicityProvider
from providers.finicity.sandbox.seed import customer_id
from providers.finicity.translate import account_ref
from providers.operation import Operation
from providers.orders import RefreshesAccounts, RefreshOrder
from providers.sandbox import Bench, Fault
from providers.seed import customers
from tests.providers.finicity.conftest import received

PEOPLE = customers(25)
FIRST, FIFTH = customer_id(PEOPLE[0]), customer_id(PEOPLE[4])
LOGIN, ACCOUNT = "6009800000", "5011600000"
TROUBLED = "6009800041"
ALL, ONE = RefreshOrder(customer=FIRST), RefreshOrder(customer=FIRST, login=LOGIN)
ALL_TIERED, ONE_TIERED = (msgspec.structs.replace(order, is_tiered=True) for order in (ALL, ONE))

Do = Callable[[FinicityProvider, Operation], Awaitable[None]]


def refresh(order: RefreshOrder) -> Do:
    return lambda provider, operation: provider.refresh_accounts(order, operation)


def delete(customer: str = FIRST, account: str = ACCOUNT) -> Do:
    return lambda provider, operation: provider.delete_account(account_ref(customer, account), operation)


def delete_login(customer: str = FIRST, login: str = LOGIN) -> Do:
    return lambda provider, operation: provider.delete_login(customer, login, operation)


WRITES = {
    "RefreshCustomerAccounts": refresh(ALL),
    "RefreshCustomerAccountsV2": refresh(ALL_TIERED),
    "RefreshCustomerAccountsByInstitutionLogin": refresh(ONE),
    "RefreshCustomerAccountsByInstitutionLoginV2": refresh(ONE_TIERED),
    "DeleteCustomerAccount": delete(),
    "DeleteCustomerAccountsByInstitutionLogin": delete_login(),
}
every_write = pytest.mark.parametrize("name", WRITES)


async def fails(work: Awaitable[object]) -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        await work
    return caught.value


@every_write
async def test_each_order_is_one_call_of_the_vendors_operation(
    provider: FinicityProvider, operation: Operation, name: str
) -> None:
    await WRITES[name](provider, operation)

    assert isinstance(provider, RefreshesAccounts)
    assert [(call.operation, call.attempts) for call in operation.calls if not call.is_token] == [(name, 1)]


async def test_a_refresh_moves_the_dates_of_what_it_was_asked_for(
    provider: FinicityProvider, operation: Operation
) -> None:
    refs = [account_ref(FIRST, str(int(ACCOUNT) + position)) for position in range(4)]
    before = await provider.accounts_by_ref(refs, operation)
    await provider.refresh_accounts(ONE, operation)
    after = await provider.accounts_by_ref(refs, operation)

    moved = [_attempted(after[ref]) > _attempted(before[ref]) for ref in refs]
    assert moved == [True, True, False, False]


def _attempted(account: object) -> float:
    moment = getattr(account, "aggregation_attempted_at", None)
    assert moment is not None
    return float(moment.timestamp())


async def test_what_was_deleted_is_no_longer_found(provider: FinicityProvider, operation: Operation) -> None:
    refs = [account_ref(FIRST, str(int(ACCOUNT) + position)) for position in range(4)]
    await provider.delete_account(refs[3], operation)
    assert list(await provider.accounts_by_ref(refs, operation)) == refs[:3]
    await provider.delete_login(FIRST, LOGIN, operation)
    assert list(await provider.accounts_by_ref(refs, operation)) == [refs[2]]


@pytest.mark.parametrize(
    ("do", "kind", "code"),
    [
        (refresh(RefreshOrder(customer="1")), NotFound, "14001"),
        (refresh(RefreshOrder(customer="1", is_tiered=True)), NotFound, "14001"),
        (refresh(RefreshOrder(customer="abc")), NotFound, "14023"),
        (refresh(RefreshOrder(customer=FIRST, login="1")), NotFound, "38007"),
        (refresh(RefreshOrder(customer="1", login=LOGIN)), NotFound, "38007"),
        (refresh(RefreshOrder(customer=FIRST, login="1", is_tiered=True)), NotFound, "38007"),
        (refresh(RefreshOrder(customer=FIRST, login="abc")), Rejected, "14020"),
        (refresh(RefreshOrder(customer=FIFTH, login=TROUBLED)), Rejected, "103"),
        (refresh(RefreshOrder(customer=FIFTH, login=TROUBLED, is_tiered=True)), Rejected, "103"),
        (delete(account="1"), NotFound, "38003"),
        (delete(customer="1"), NotFound, "38003"),
        (delete(customer="abc"), NotFound, "14023"),
        (delete_login(login="1"), NotFound, "38007"),
        (delete_login(customer="1"), NotFound, "38007"),
        (delete_login(customer="abc"), NotFound, "14023"),
        (delete_login(login="abc"), Rejected, "14020"),
    ],
)
async def test_a_refusal_says_that_nothing_was_done_and_carries_the_vendors_code(
    provider: FinicityProvider, bench: Bench, operation: Operation, *, do: Do, kind: type[ProviderError], code: str
) -> None:
    error = await fails(do(provider, operation))

    assert isinstance(error, kind)
    assert (error.vendor_code, error.retryable) == (code, False)
    assert len(received(bench)) == 2


@every_write
@pytest.mark.parametrize(
    ("status", "body", "kind", "code"),
    [
        (500, '{"code":325}', Rejected, "325"),
        (500, '{"code":"5006"}', Rejected, "5006"),
        (500, '{"code":185}', Rejected, "185"),
        (500, '{"code":1}', Broken, "1"),
        (500, "", Broken, None),
        (503, "", Broken, None),
        (429, "", RateLimited, None),
        (403, "", Rejected, None),
        (408, "", UnknownOutcome, None),
    ],
)
async def test_no_answer_has_an_order_sent_again(
    provider: FinicityProvider,
    bench: Bench,
    operation: Operation,
    *,
    name: str,
    status: int,
    body: str,
    kind: type[ProviderError],
    code: str | None,
) -> None:
    method = "POST" if name.startswith("Refresh") else "DELETE"
    bench.add(Fault(vendor="finicity", method=method, path=f"*/{FIRST}/*", status=status, body=body, times=9))
    error = await fails(WRITES[name](provider, operation))

    assert isinstance(error, kind)
    assert error.vendor_code == code
    assert len(received(bench)) == 2


async def test_a_refresh_that_answers_nonsense_may_have_happened(
    provider: FinicityProvider, bench: Bench, operation: Operation
) -> None:
    bench.add(Fault(vendor="finicity", method="POST", path=f"*/{FIRST}/accounts", body='{"accounts":'))

    assert type(await fails(provider.refresh_accounts(ALL, operation))) is Garbled


@pytest.mark.parametrize("drop", ["before", "half"])
async def test_a_lost_answer_leaves_open_whether_a_refresh_began(
    provider: FinicityProvider, bench: Bench, operation: Operation, drop: str
) -> None:
    fault = {"vendor": "finicity", "method": "POST", "path": f"*/{FIRST}/accounts", "drop": drop}
    bench.add(msgspec.convert(fault, Fault))

    assert type(await fails(provider.refresh_accounts(ALL, operation))) is UnknownOutcome


@pytest.mark.parametrize(
    "do",
    [
        refresh(RefreshOrder(customer="..")),
        refresh(RefreshOrder(customer=FIRST, login="")),
        refresh(RefreshOrder(customer=FIRST, login="1/2")),
        delete(account=".."),
        delete(customer=""),
        delete_login(customer=".."),
        delete_login(login=""),
        lambda provider, operation: provider.delete_account(Ref(NodeType.AGGREGATED_ACCOUNT, (ACCOUNT,)), operation),
    ],
)
async def test_what_cannot_be_an_id_is_unknown_without_a_call(
    provider: FinicityProvider, bench: Bench, operation: Operation, do: Do
) -> None:
    """An empty login above all must never become the path of something larger."""
    assert isinstance(await fails(do(provider, operation)), NotFound)
    assert received(bench) == []


@every_write
@pytest.mark.parametrize("status", [None, 500, 404])
async def test_whose_accounts_they_are_is_asked_anew_after_a_write(
    provider: FinicityProvider, bench: Bench, operation: Operation, *, name: str, status: int | None
) -> None:
    """Whether it went well or not; other customers stay in memory."""
    await provider.derive_links({PEOPLE[0].id: (), PEOPLE[1].id: ()}, operation)
    if status is not None:
        bench.add(Fault(vendor="finicity", path=f"*/{FIRST}/*", status=status, body=""))
    try:
        await WRITES[name](provider, operation)
    except ProviderError:
        assert status is not None
    bench.calls.clear()
    await provider.derive_links({PEOPLE[0].id: (), PEOPLE[1].id: ()}, operation)

    assert [call.query for call in bench.calls] == [f"username={PEOPLE[0].id}&start=1&limit=1"]
