"""Finicity's writes over the project's HTTP caller: once each, their refusals typed, and what a lost answer means."""

from collections.abc import Awaitable, Callable
from typing import Literal

import pytest

from providers.domain import Provider
from providers.errors import (
    Broken,
    NotFound,
    ProviderError,
    RateLimited,
    Rejected,
    Unauthorized,
    UnknownOutcome,
    Unreachable,
)
from providers.exchange import Transport
from providers.finicity import Config, sandbox
from providers.finicity.auth import PartnerAuthenticator
from providers.finicity.client import Client, explain
from providers.finicity.models import CustomerAccount
from providers.finicity.sandbox.seed import customer_id
from providers.http import HttpSettings, Upstream
from providers.operation import Operation
from providers.sandbox import Bench, Fault
from providers.seed import customers
from providers.telemetry import Telemetry
from providers.transport import InProcessTransport
from providers.wire import Wire
from tests.providers.finicity.conftest import Clock, NewClient
from tests.providers.vendor import KINDS, listening, until

PEOPLE = customers(25)
FIRST, FIFTH = customer_id(PEOPLE[0]), customer_id(PEOPLE[4])
LOGIN, ACCOUNT = "6009800000", "5011600000"
TROUBLED = "6009800041"
Ask = Callable[[Client, Operation], Awaitable[object]]
WRITES: dict[str, Ask] = {
    "RefreshCustomerAccounts": lambda c, o: c.refresh_customer_accounts(FIRST, o),
    "RefreshCustomerAccountsV2": lambda c, o: c.refresh_customer_accounts_v2(FIRST, o),
    "RefreshCustomerAccountsByInstitutionLogin": lambda c, o: c.refresh_customer_accounts_by_institution_login(
        FIRST, LOGIN, o
    ),
    "RefreshCustomerAccountsByInstitutionLoginV2": lambda c, o: c.refresh_customer_accounts_by_institution_login_v2(
        FIRST, LOGIN, o
    ),
    "DeleteCustomerAccount": lambda c, o: c.delete_customer_account(FIRST, ACCOUNT, o),
    "DeleteCustomerAccountsByInstitutionLogin": lambda c, o: c.delete_customer_accounts_by_institution_login(
        FIRST, LOGIN, o
    ),
}
ROUTES = {
    "RefreshCustomerAccounts": ("POST", "/aggregation/v1/customers/{customer_id}/accounts"),
    "RefreshCustomerAccountsV2": ("POST", "/aggregation/v2/customers/{customer_id}/accounts"),
    "RefreshCustomerAccountsByInstitutionLogin": (
        "POST",
        "/aggregation/v1/customers/{customer_id}/institutionLogins/{institution_login_id}/accounts",
    ),
    "RefreshCustomerAccountsByInstitutionLoginV2": (
        "POST",
        "/aggregation/v2/customers/{customer_id}/institutionLogins/{institution_login_id}/accounts",
    ),
    "DeleteCustomerAccount": ("DELETE", "/aggregation/v1/customers/{customer_id}/accounts/{account_id}"),
    "DeleteCustomerAccountsByInstitutionLogin": (
        "DELETE",
        "/aggregation/v1/customers/{customer_id}/institutionLogins/{institution_login_id}",
    ),
}
every_write = pytest.mark.parametrize("name", WRITES)


async def fails(work: Awaitable[object]) -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        await work
    return caught.value


async def held(client: Client, operation: Operation) -> list[CustomerAccount]:
    return (await client.get_customer_accounts(FIRST, operation)).accounts or []


def sent(bench: Bench) -> list[str]:
    return [call.method for call in bench.calls if call.method != "GET" and "authentication" not in call.path]


@every_write
async def test_each_write_is_one_call_by_the_vendors_name(
    client_of: NewClient, bench: Bench, operation: Operation, name: str
) -> None:
    client = client_of()
    before = await held(client, operation)
    bench.calls.clear()
    await WRITES[name](client, operation)
    record = operation.calls[-1]

    assert (record.operation, record.method, record.path) == (name, *ROUTES[name])
    assert sent(bench) == [record.method]
    assert await held(client, operation) != before


async def test_a_refresh_gives_the_accounts_of_its_customer_or_its_login(
    client_of: NewClient, operation: Operation
) -> None:
    client = client_of()
    everything = (await client.refresh_customer_accounts(FIRST, operation)).accounts or []
    login = (await client.refresh_customer_accounts_by_institution_login(FIRST, LOGIN, operation)).accounts or []

    assert [len(everything), len(login)] == [4, 2]
    assert {str(raw.institution_login_id) for raw in login} == {LOGIN}
    now = await held(client, operation)
    assert [raw.balance for raw in login] == [raw.balance for raw in now[:2]]


async def test_deletions_leave_the_rest(client_of: NewClient, operation: Operation) -> None:
    client = client_of()
    await client.delete_customer_account(FIRST, ACCOUNT, operation)
    assert len(await held(client, operation)) == 3
    await client.delete_customer_accounts_by_institution_login(FIRST, LOGIN, operation)
    assert {str(raw.institution_login_id) for raw in await held(client, operation)} == {"6009800001"}


REFUSALS: list[tuple[Ask, type[ProviderError], str]] = [
    (lambda c, o: c.refresh_customer_accounts("1", o), NotFound, "14001"),
    (lambda c, o: c.refresh_customer_accounts("x", o), NotFound, "14023"),
    (lambda c, o: c.refresh_customer_accounts_v2("1", o), NotFound, "14001"),
    (lambda c, o: c.refresh_customer_accounts_v2("x", o), NotFound, "14023"),
    (lambda c, o: c.refresh_customer_accounts_by_institution_login(FIRST, "1", o), NotFound, "38007"),
    (lambda c, o: c.refresh_customer_accounts_by_institution_login("1", LOGIN, o), NotFound, "38007"),
    (lambda c, o: c.refresh_customer_accounts_by_institution_login(FIRST, "x", o), Rejected, "14020"),
    (lambda c, o: c.refresh_customer_accounts_by_institution_login(FIFTH, TROUBLED, o), Rejected, "103"),
    (lambda c, o: c.refresh_customer_accounts_by_institution_login_v2(FIRST, "1", o), NotFound, "38007"),
    (lambda c, o: c.refresh_customer_accounts_by_institution_login_v2(FIFTH, TROUBLED, o), Rejected, "103"),
    (lambda c, o: c.delete_customer_account(FIRST, "1", o), NotFound, "38003"),
    (lambda c, o: c.delete_customer_account("1", ACCOUNT, o), NotFound, "38003"),
    (lambda c, o: c.delete_customer_account("x", ACCOUNT, o), NotFound, "14023"),
    (lambda c, o: c.delete_customer_accounts_by_institution_login(FIRST, "1", o), NotFound, "38007"),
    (lambda c, o: c.delete_customer_accounts_by_institution_login("1", LOGIN, o), NotFound, "38007"),
    (lambda c, o: c.delete_customer_accounts_by_institution_login(FIRST, "x", o), Rejected, "14020"),
]


@pytest.mark.parametrize("dialect", ["1.13", "new"])
@pytest.mark.parametrize(("ask", "kind", "code"), REFUSALS)
async def test_a_refusal_carries_the_vendors_code_as_text(
    client_of: NewClient, operation: Operation, *, dialect: str, ask: Ask, kind: type[ProviderError], code: str
) -> None:
    error = await fails(ask(client_of(dialect=dialect), operation))

    assert (type(error), error.vendor_code, error.retryable) == (kind, code, False)


@every_write
@pytest.mark.parametrize(
    ("status", "body", "kind", "code"),
    [
        (500, '{"code":325}', Rejected, "325"),
        (500, '{"code":"5006"}', Rejected, "5006"),
        (500, '{"code":"185"}', Rejected, "185"),
        (400, '{"code":"10010"}', Rejected, "10010"),
        (403, "<html>", Rejected, None),
        (429, "", RateLimited, None),
        (500, "", Broken, None),
        (502, "", Broken, None),
        (503, "", Broken, None),
        (504, "", Broken, None),
        (408, "", UnknownOutcome, None),
    ],
)
async def test_no_answer_has_a_write_sent_again(
    client_of: NewClient,
    bench: Bench,
    operation: Operation,
    *,
    name: str,
    status: int,
    body: str,
    kind: type,
    code: str,
) -> None:
    bench.add(Fault(vendor="finicity", path="*/customers/*", status=status, body=body, times=9))
    error = await fails(WRITES[name](client_of(), operation))

    assert isinstance(error, kind)
    assert error.vendor_code == code
    assert len(sent(bench)) == 1


@every_write
async def test_a_write_whose_token_has_ended_is_sent_once_more(
    client_of: NewClient, bench: Bench, operation: Operation, clock: Clock, name: str
) -> None:
    client = client_of(own_clock=Clock())
    await held(client, operation)
    clock.now += 7200
    await WRITES[name](client, operation)

    assert len(sent(bench)) == 2
    assert len([call for call in bench.calls if "authentication" in call.path]) == 2


@every_write
async def test_refused_tokens_end_a_write_after_one_renewal(
    client_of: NewClient, bench: Bench, operation: Operation, name: str
) -> None:
    bench.add(Fault(vendor="finicity", path="*/customers/*", status=401, body='{"code":"10023"}', times=9))
    error = await fails(WRITES[name](client_of(), operation))

    assert type(error) is Unauthorized
    assert len(sent(bench)) == 2


@every_write
async def test_without_a_token_nothing_is_sent(
    client_of: NewClient, bench: Bench, operation: Operation, name: str
) -> None:
    bench.add(Fault(vendor="finicity", path="*/authentication", status=503))
    error = await fails(WRITES[name](client_of(), operation))

    assert type(error) is Unreachable
    assert sent(bench) == []


WITH_BODIES = ["RefreshCustomerAccounts", "RefreshCustomerAccountsByInstitutionLogin"]


@pytest.mark.parametrize(
    ("name", "drop"), [*((name, "before") for name in WRITES), *((name, "half") for name in WITH_BODIES)]
)
async def test_a_lost_answer_leaves_open_whether_it_happened(
    client_of: NewClient, bench: Bench, operation: Operation, name: str, drop: Literal["before", "half"]
) -> None:
    bench.add(Fault(vendor="finicity", path="*/customers/*", drop=drop))
    error = await fails(WRITES[name](client_of(), operation))

    assert type(error) is UnknownOutcome
    assert len(sent(bench)) == 1


def calling(transport: Transport, url: str, clock: Clock, *, timeout: float = 8.0) -> Client:
    config = Config.for_sandbox()
    upstream = Upstream(
        provider=Provider.FINICITY,
        base_url=url,
        transport=transport,
        telemetry=Telemetry(),
        settings=HttpSettings(timeout=timeout),
        explain=explain,
    )
    upstream.authenticator = PartnerAuthenticator(config, upstream, clock=clock)
    return Client(upstream)


@pytest.mark.parametrize("kind", KINDS)
async def test_a_refresh_that_outlasts_our_patience_goes_on_and_shows_in_the_accounts(
    operation: Operation, clock: Clock, kind: str
) -> None:
    """Until it ends, another one is refused; its attempt date, which moved, tells that it began."""
    app = sandbox.create(PEOPLE, clock=clock, refresh_seconds=0.15)
    async with listening(app) as server:
        wire = kind == "over the wire"
        client = calling(Wire() if wire else InProcessTransport(app), server.url, clock)
        before = await held(client, operation)
        error = await fails(client.refresh_customer_accounts(FIRST, operation, patience=0.05))
        meanwhile = await held(client, operation)
        second = await fails(client.refresh_customer_accounts(FIRST, operation))
        await until(lambda: not app.state.refreshes.running)
        after = await held(client, operation)
        await client.aclose()

    assert type(error) is UnknownOutcome
    assert isinstance(second, Rejected)
    assert second.vendor_code == "325"
    assert [raw.balance for raw in meanwhile] == [raw.balance for raw in before]
    assert [raw.balance for raw in after] != [raw.balance for raw in before]
    moved = {raw.aggregation_attempt_date for raw in meanwhile}
    assert moved == {raw.aggregation_attempt_date for raw in after} == {int(clock.now)}


async def test_refreshes_wait_longer_than_reads_and_than_the_operation(clock: Clock) -> None:
    app = sandbox.create(PEOPLE, clock=clock, refresh_seconds=0.05)
    client = calling(InProcessTransport(app), "http://finicity.test", clock, timeout=0.02)
    refreshed = await client.refresh_customer_accounts(FIRST, Operation(timeout=0.0))

    assert len(refreshed.accounts or []) == 4
