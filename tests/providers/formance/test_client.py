"""The vendor's operations one by one, and what its refusals become."""

import msgspec
import pytest

from providers.answers import Answer
from providers.errors import Broken, NotFound, ProviderError, RateLimited, Rejected, Unauthorized, Unsupported
from providers.formance import FormanceProvider, filters, ids
from providers.formance.client import (
    accounts,
    bank_accounts,
    connectors,
    payments,
    pools,
    service,
    tasks,
    transfers,
)
from providers.formance.client.calls import Listing
from providers.formance.models import Cursor
from providers.formance.paging import everything
from providers.formance.translate import explain
from providers.http import Endpoint
from providers.operation import Operation
from providers.orders import ManagesConnectors, MovesMoney, RecordsPayments, WritesBankAccounts, WritesPools
from providers.protocols import ReadsBankAccounts, ReadsConnectorSettings, ReadsTransfers
from tests.providers.formance.conftest import ACCOUNTS, PAYMENTS, POOLS, Rig


async def test_single_objects_are_got_by_id(rig: Rig, operation: Operation) -> None:
    account, payment, pool = rig.accounts(1)[0].native_id, rig.payments(1)[0].native_id, rig.pools()[0].native_id

    assert (await rig.client.payments.paymentsget_account(account, operation)).id == account
    assert (await rig.client.payments.get_payment(payment, operation)).id == payment
    assert (await rig.client.payments.get_pool(pool, operation)).id == pool
    assert rig.reads() == [f"{ACCOUNTS}/{account}", f"{PAYMENTS}/{payment}", f"{POOLS}/{pool}"]


DOCUMENTED = """
add_account_to_pool connectors_transfer create_account create_bank_account create_payment create_pool
create_transfer_initiation delete_pool delete_transfer_initiation forward_bank_account get_account_balances
get_bank_account get_connector_task get_connector_task_v1 get_payment get_pool get_pool_balances
get_transfer_initiation install_connector list_all_connectors list_bank_accounts list_configs_available_connectors
list_connector_tasks list_connector_tasks_v1 list_payments list_pools list_transfer_initiations paymentsget_account
paymentsget_server_info paymentslist_accounts read_connector_config read_connector_config_v1 remove_account_from_pool
reset_connector reset_connector_v1 retry_transfer_initiation reverse_transfer_initiation
udpate_transfer_initiation_status uninstall_connector uninstall_connector_v1 update_bank_account_metadata
update_connector_config_v1 update_metadata
""".split()


def test_every_documented_operation_has_a_method_and_the_endpoint_of_its_name() -> None:
    endpoints = {
        each.operation
        for module in (accounts, bank_accounts, connectors, payments, pools, service, tasks, transfers)
        for each in vars(module).values()
        if isinstance(each, Endpoint)
    }
    assert len(DOCUMENTED) == 43
    assert set(DOCUMENTED) == endpoints - {"get_pool_balances_latest"}
    assert all(callable(getattr(service.PaymentsService, name)) for name in DOCUMENTED)


def test_the_provider_has_all_powers() -> None:
    powers = (WritesPools, RecordsPayments, WritesBankAccounts, MovesMoney, ManagesConnectors)
    reads = (ReadsConnectorSettings, ReadsBankAccounts, ReadsTransfers)
    assert all(isinstance(FormanceProvider, power) for power in powers + reads)


async def test_ids_that_the_server_cannot_read_are_not_found(rig: Rig, operation: Operation) -> None:
    client = rig.client.payments
    for read in (client.paymentsget_account, client.get_payment, client.get_pool, client.get_pool_balances_latest):
        with pytest.raises(NotFound) as absence:
            await read("a b?", operation)
        assert absence.value.vendor_code == "INVALID_ID"


async def test_a_filter_is_sent_with_the_first_page_only(rig: Rig, operation: Operation) -> None:
    query = filters.text(filters.match("asset", "USD/2"))
    first = await rig.client.payments.list_payments(Listing(size=2, query=query), operation)
    second = await rig.client.payments.list_payments(Listing(cursor=first.next or "", query=query), operation)

    assert {row.asset for row in first.data + second.data} == {"USD/2"}
    sent = [call.query.partition("=")[0] for call in rig.bench.calls if call.path == PAYMENTS]
    assert sent == ["pageSize", "cursor"]


async def test_versions_come_from_the_gateway(rig: Rig, operation: Operation) -> None:
    versions = await rig.client.stack.get_versions(operation)
    assert {version.name for version in versions.versions} >= {"auth", "payments", "webhooks"}


REFUSALS: list[tuple[int, bytes, type[ProviderError], str | None]] = [
    (400, b'{"errorCode":"INVALID_ID"}', Rejected, "INVALID_ID"),
    (400, b'{"errorCode":"VALIDATION","errorMessage":"x"}', Rejected, "VALIDATION"),
    (400, b'{"errorCode":"CONFLICT"}', Rejected, "CONFLICT"),
    (409, b'{"errorCode":"CONFLICT"}', Rejected, "CONFLICT"),
    (400, b'{"errorCode":"SOMETHING_NEW"}', Rejected, "SOMETHING_NEW"),
    (404, b'{"errorCode":"NOT_FOUND"}', NotFound, "NOT_FOUND"),
    (500, b'{"errorCode":"INTERNAL","errorMessage":"no"}', Broken, "INTERNAL"),
    (503, b'{"errorCode":"VALIDATION"}', Broken, "VALIDATION"),
    (401, b'{"error":"invalid_client"}', Unauthorized, "invalid_client"),
    (400, b'{"error":"invalid_request","error_description":"x"}', Rejected, "invalid_request"),
]


@pytest.mark.parametrize(("status", "body", "kind", "code"), REFUSALS)
def test_a_refusal_carries_the_vendors_code(
    status: int, body: bytes, kind: type[ProviderError], code: str | None
) -> None:
    explanation = explain(Answer(status, {}, body))
    assert explanation is not None
    assert (explanation.kind, explanation.vendor_code, explanation.message) == (kind, code, None)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"404 page not found\n",
        b"null",
        b"[]",
        b"{}",
        b'{"errorCode":7}',
        b'{"errorCode":""}',
        b'{"errorCode":"account DE89 3704 0044"}',
        b"\xff",
        b"[" * 100_000,
    ],
)
def test_a_body_without_a_code_leaves_it_to_the_status(body: bytes) -> None:
    assert explain(Answer(404, {}, body)) is None


def test_an_unknown_code_does_not_hide_what_the_status_says() -> None:
    assert explain(Answer(429, {}, b'{"errorCode":"SLOW_DOWN"}')) is None


@pytest.mark.parametrize(
    ("status", "kind"), [(401, Unauthorized), (404, NotFound), (429, RateLimited), (500, Broken), (405, Unsupported)]
)
async def test_empty_refusals_are_read_by_their_status(
    rig: Rig, operation: Operation, status: int, kind: type[ProviderError]
) -> None:
    rig.fault(ACCOUNTS, status=status, times=5)
    with pytest.raises(kind) as refusal:
        await rig.client.payments.paymentslist_accounts(Listing(), operation)
    assert refusal.value.vendor_code is None


async def test_a_list_without_an_end_is_an_error() -> None:
    asked: list[str] = []

    async def ask(cursor: str) -> Cursor[int]:
        asked.append(cursor)
        return Cursor(data=(1,), has_more=True, next=f"{cursor}x")

    with pytest.raises(ProviderError, match="more pages"):
        await everything(ask, "list_pools")
    assert len(asked) == 100


async def test_a_cursor_that_leads_to_itself_ends_the_reading() -> None:
    asked: list[str] = []

    async def ask(cursor: str) -> Cursor[int]:
        asked.append(cursor)
        return Cursor(data=(1,), has_more=True, next="x")

    with pytest.raises(ProviderError):
        await everything(ask, "list_pools")
    assert asked == ["", "x"]


def test_ids_tell_their_parts(v3: Rig) -> None:
    for row in v3.state.accounts.values():
        parts = ids.account(row.id)
        assert parts is not None
        assert (parts.reference, ids.connector_of(parts)) == (row.reference, row.connector.id)
    for paid in list(v3.state.payments.values())[:50]:
        name = ids.payment(paid.id)
        assert name is not None
        assert (name.reference, name.type, ids.connector_of(name)) == (paid.reference, paid.kind, paid.connector.id)
        assert ids.account(paid.id) is None
    assert all(ids.connector(each) for each in v3.state.connectors)


def test_questions_hold_at_most_forty_clauses_and_stay_short() -> None:
    terms = [filters.term(str(number), filters.match("id", "x" * 30)) for number in range(90)]
    assert [len(each.subjects) for each in filters.questions(terms)] == [40, 40, 10]

    long = [filters.term(str(number), filters.match("id", "x" * 3000)) for number in range(5)]
    assert [len(each.subjects) for each in filters.questions(long, filters.match("asset", "USD/2"))] == [2, 2, 1]
    assert filters.questions([]) == []


def test_a_question_asks_briefly_only_where_it_must() -> None:
    few = [
        filters.term(str(number), filters.match("id", f"{number:0>150}"), brief=filters.match("reference", str(number)))
        for number in range(40)
    ]
    assert "reference" not in filters.text(filters.questions(few[:20])[0].expression)
    full = filters.questions(few)
    assert len(full) == 1
    assert "reference" in filters.text(full[0].expression)


def test_conditions_are_joined_without_wrapping_what_stands_alone() -> None:
    one, other = filters.match("a", "1"), filters.match("b", "2")
    assert filters.both({}, one) == one
    assert filters.both(one, other) == {"$and": [one, other]}
    assert filters.either([one]) == one
    assert filters.text({}) == ""
    assert msgspec.json.decode(filters.text(filters.either([one, other]))) == {"$or": [one, other]}
