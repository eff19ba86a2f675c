"""Finicity's operations over the project's HTTP caller: paths, both dialects of refusals, and unusable answers."""

from collections.abc import Awaitable, Callable

import pytest

from providers.errors import Broken, Busy, Garbled, NotFound, ProviderError, RateLimited, Rejected, Unauthorized
from providers.finicity.client import Client
from providers.finicity.sandbox.seed import customer_id
from providers.operation import Operation
from providers.sandbox import Bench, Fault
from providers.seed import customers
from tests.providers.finicity.conftest import NewClient

PEOPLE = customers(25)
FIRST, SIXTH = customer_id(PEOPLE[0]), customer_id(PEOPLE[5])
DIALECTS = pytest.mark.parametrize("dialect", ["1.13", "new"])


async def fails(work: Awaitable[object]) -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        await work
    return caught.value


@DIALECTS
async def test_customers_are_read_by_page_and_by_username(
    client_of: NewClient, operation: Operation, dialect: str
) -> None:
    client = client_of(dialect=dialect)
    page = await client.get_customers(operation, start=2, limit=3)
    [found] = (await client.get_customers(operation, username="cus_0003")).customers or []

    assert [raw.username for raw in page.customers or []] == ["cus_0002", "cus_0003", "cus_0005"]
    assert page.more_available is True
    assert found == await client.get_customer(str(found.id), operation)


async def test_one_account_is_the_same_as_in_its_list(client_of: NewClient, operation: Operation) -> None:
    client = client_of()
    listed = (await client.get_customer_accounts(FIRST, operation)).accounts or []

    assert len(listed) == 4
    for raw in listed:
        one = await client.get_customer_account(FIRST, str(raw.id), operation)
        assert (one.id, one.balance, bytes(one.detail)) == (raw.id, raw.balance, bytes(raw.detail))


async def test_accounts_are_read_by_institution_by_login_and_by_status(
    client_of: NewClient, operation: Operation
) -> None:
    client = client_of()
    [first, *_] = (await client.get_customer_accounts(FIRST, operation)).accounts or []
    here = await client.get_customer_accounts_by_institution(FIRST, str(first.institution_id), operation)
    login = await client.get_customer_accounts_by_institution_login(FIRST, str(first.institution_login_id), operation)
    [pending] = (await client.get_customer_accounts(SIXTH, operation, status="pending")).accounts or []

    assert [raw.id for raw in here.accounts or []] == [raw.id for raw in login.accounts or []]
    assert (pending.status, pending.balance, pending.aggregation_status_code) == ("pending", None, None)


Ask = Callable[[Client, Operation], Awaitable[object]]


@DIALECTS
@pytest.mark.parametrize(
    ("ask", "kind", "code"),
    [
        (lambda c, o: c.get_customer("1", o), NotFound, "14001"),
        (lambda c, o: c.get_customer("x", o), NotFound, "14023"),
        (lambda c, o: c.get_customer_accounts("1", o), NotFound, "14001"),
        (lambda c, o: c.get_customer_accounts(FIRST, o, status="closed"), Rejected, "18017"),
        (lambda c, o: c.get_customer_account(FIRST, "1", o), NotFound, "38003"),
        (lambda c, o: c.get_customer_accounts_by_institution(FIRST, "1", o), NotFound, "38006"),
        (lambda c, o: c.get_customer_accounts_by_institution_login(FIRST, "1", o), NotFound, "38007"),
        (lambda c, o: c.get_customers(o, start=0), Rejected, "41003"),
    ],
)
async def test_a_refusal_carries_the_vendors_code_as_text(
    client_of: NewClient, operation: Operation, *, dialect: str, ask: Ask, kind: type[ProviderError], code: str
) -> None:
    error = await fails(ask(client_of(dialect=dialect), operation))

    assert type(error) is kind
    assert error.vendor_code == code
    assert not error.retryable


@pytest.mark.parametrize(
    ("status", "body", "kind", "code"),
    [
        (500, '{"code":325,"message":"account 5011600000"}', Busy, "325"),
        (500, '{"code":"5006"}', Busy, "5006"),
        (500, '{"code":"oops"}', Broken, None),
        (500, "", Broken, None),
        (403, "<html>not from here</html>", Rejected, None),
        (429, "", RateLimited, None),
        (400, '{"code":{"a":1}}', Rejected, None),
        (404, '{"code":null}', NotFound, None),
        (404, "nothing here", NotFound, None),
        (400, '{"code":"4111 1111 1111 1111"}', Rejected, None),
        (418, "", Rejected, None),
        (302, "", Garbled, None),
        (203, "", Garbled, None),
        (200, "<html></html>", Garbled, None),
        (200, '{"accounts":[{"id":"1","balance":NaN}]}', Garbled, None),
        (200, '{"accounts":[{"id":"1","bal', Garbled, None),
        (200, "{}", Garbled, None),
    ],
)
async def test_an_unusable_answer_is_the_right_error_and_leaks_nothing(
    client_of: NewClient, bench: Bench, operation: Operation, *, status: int, body: str, kind: type, code: str | None
) -> None:
    bench.add(Fault(vendor="finicity", path="*/accounts", status=status, body=body, times=9))
    error = await fails(client_of().get_customer_accounts(FIRST, operation))

    assert (type(error), error.vendor_code) == (kind, code)
    assert FIRST not in str(error)
    assert "5011600000" not in str(error)


async def test_a_busy_account_is_not_asked_again(client_of: NewClient, bench: Bench, operation: Operation) -> None:
    """A 500 with an aggregation code is an answer, not a fault of the vendor's server."""
    bench.add(Fault(vendor="finicity", path="*/accounts", status=500, body='{"code":325}', times=9))
    error = await fails(client_of().get_customer_accounts(FIRST, operation))

    assert error.message == "The account is being refreshed just now."
    assert len(bench.calls) == 2


async def test_a_plain_text_refusal_is_understood(client_of: NewClient, bench: Bench, operation: Operation) -> None:
    text = {"content-type": "text/plain"}
    body = "Invalid (Finicity-App-Key)"
    bench.add(Fault(vendor="finicity", path="*/accounts", status=401, headers=text, body=body, times=9))
    error = await fails(client_of().get_customer_accounts(FIRST, operation))

    assert (type(error), error.vendor_code, error.status) == (Unauthorized, None, 401)


@pytest.mark.parametrize("amount", ["9007199254740993", "12345678901234567890.12", "0.1", "-0.00", "401.260"])
async def test_amounts_keep_their_digits(client_of: NewClient, bench: Bench, operation: Operation, amount: str) -> None:
    bench.add(Fault(vendor="finicity", path="*/accounts", body=f'{{"accounts":[{{"id":7,"balance":{amount}}}]}}'))
    [raw] = (await client_of().get_customer_accounts(FIRST, operation)).accounts or []

    assert str(raw.balance) == amount


async def test_a_null_list_is_an_empty_one(client_of: NewClient, bench: Bench, operation: Operation) -> None:
    bench.add(Fault(vendor="finicity", path="*/accounts", body='{"accounts":null}'))

    assert (await client_of().get_customer_accounts(FIRST, operation)).accounts is None
