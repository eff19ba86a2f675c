"""The ledger's part of the provider: which server is asked what, and what its records become."""

from datetime import UTC, datetime

import msgspec
import pytest

from providers.domain import (
    CustomerLink,
    LedgerAccountFilter,
    LedgerLogType,
    LedgerTransactionFilter,
    LinkKind,
    PageRequest,
    Provider,
)
from providers.errors import Broken, Garbled, ProviderError
from providers.formance import Config
from providers.formance.client.ledger import Search
from providers.formance.ledger.generation import ledger_generation_of
from providers.formance.ledger.reads import LedgerReads
from providers.formance.models import ledger as models
from providers.formance.translate import ledger as translate
from providers.operation import Operation
from tests.providers.formance.conftest import NewRig, Rig

INFO, V2_INFO = "/api/ledger/_info", "/api/ledger/v2/_info"
V2_LEDGERS, V2_ACCOUNTS = "/api/ledger/v2", "/api/ledger/v2/main/accounts"
NOW = datetime(2026, 1, 1, tzinfo=UTC)
POSTED = (
    '{"cursor": {"data": [{"id": 1, "postings": [{"source": "a", "destination": "b", "amount": %s, "asset": "%s"}]}]}}'
)


def ledgers(rig: Rig) -> LedgerReads:
    return next(part for part in rig.provider.parts if isinstance(part, LedgerReads))


@pytest.mark.parametrize(
    ("version", "generation"),
    [
        *(("v1.10.14", "v1"), ("1.0.0-beta.1", "v1"), ("v0.9", "v1")),
        *(("v2.0.0", "v2.1"), ("2.1.7", "v2.1"), ("v2.3.22", "v2.1")),
        *(("v2.4.0", "v2.4"), ("v2.4.12", "v2.4"), ("v2.10.0", "v2.4"), ("3.0.0", "v2.4")),
        *(("develop", "v2.4"), ("", "v2.4")),
    ],
)
def test_a_version_tells_the_generation(version: str, generation: str) -> None:
    assert ledger_generation_of(version) == generation


async def test_the_version_is_asked_once_and_kept_for_an_hour(new_rig: NewRig, operation: Operation) -> None:
    rig = new_rig("v3")
    await ledgers(rig).all_ledgers(operation)
    await ledgers(rig).all_ledgers(operation)
    assert [rig.paths().count(path) for path in (INFO, V2_INFO)] == [1, 0]

    rig.clock.now += 3700
    await ledgers(rig).all_ledgers(operation)
    assert rig.paths().count(INFO) == 1


async def test_a_server_without_the_first_api_is_asked_by_the_second(new_rig: NewRig, operation: Operation) -> None:
    rig = new_rig("v3")
    rig.fault(INFO, status=404, body="404 page not found", headers={"content-type": "text/plain"}, times=9)

    names = {ledger.name for ledger in await ledgers(rig).all_ledgers(operation)}
    assert names == {"main", "audit", "wallets-002", "orchestration-000-internal"}
    assert rig.paths().count(V2_INFO) == 1


async def test_a_version_that_is_not_told_is_an_error_for_each_key(new_rig: NewRig, operation: Operation) -> None:
    rig = new_rig("v3")
    rig.fault(INFO, status=500, body="{}", times=9)
    refs = [translate.ledger_account_ref("main", "fees"), translate.ledger_account_ref("main", "world")]

    found = await ledgers(rig).ledger_accounts_by_ref(refs, operation)

    assert [type(found[ref]) for ref in refs] == [Broken, Broken]


@pytest.mark.parametrize("generation", ["v1", "v2.1", "v2.4"])
async def test_a_set_generation_is_not_asked_for(new_rig: NewRig, operation: Operation, generation: str) -> None:
    config = msgspec.structs.replace(Config.for_sandbox(), ledger=generation)
    rig = new_rig("v3", config=config, ledger=generation)

    where = LedgerAccountFilter(address="fees")
    await ledgers(rig).count_ledger_accounts(translate.ledger_ref("main"), where, operation)

    root = "/api/ledger/main" if generation == "v1" else "/api/ledger/v2/main"
    assert [path for path in rig.paths() if "ledger" in path] == [f"{root}/accounts"]


def test_a_short_filter_goes_into_the_address_and_a_long_one_into_the_body() -> None:
    short, long = '{"a":"' + "x" * 3_000 + '"}', '{"a":"' + "x" * 4_000 + '"}'

    assert Search(size=5, filter=short, more=[("expand", "volumes")]).sent() == (
        [("pageSize", "5"), ("query", short), ("expand", "volumes")],
        b"",
    )
    assert Search(filter=long).sent() == ([], long.encode())


def test_beside_a_cursor_only_what_to_expand_is_sent() -> None:
    search = Search("abc", 5, "{}", [("expand", "volumes"), ("pit", "2026-01-01T00:00:00Z")])

    assert search.sent() == ([("cursor", "abc"), ("expand", "volumes")], b"")


async def test_a_linked_account_is_its_customers_whatever_it_says(new_rig: NewRig, operation: Operation) -> None:
    for generation in ("v1", "v2.1", "v2.4"):
        rig = new_rig("v3", ledger=generation)
        link = CustomerLink(Provider.FORMANCE, LinkKind.LEDGER_ACCOUNT, "main/customers:cus_0001:wallet", "cus_0002")
        part = ledgers(rig)

        found = await part.ledger_accounts_by_customer(
            await part.all_ledgers(operation), {"cus_0002": [link], "cus_0001": []}, operation
        )

        addresses = {
            customer: sorted(account.address for account in accounts)
            for customer, accounts in found.items()
            if not isinstance(accounts, ProviderError)
        }
        assert addresses["cus_0001"] == ["customers:cus_0001:savings"], generation
        assert "customers:cus_0001:wallet" in addresses["cus_0002"], generation


def test_metadata_of_any_json_become_texts() -> None:
    raw = msgspec.json.decode(
        b'{"address": "a", "metadata": {"t": "x\\u00e9", "n": 12345678901234567890123, "b": true, "o": {"a": [1.50]}}}',
        type=models.LedgerAccount,
    )

    assert translate.notes(raw.metadata) == {
        "t": "x\u00e9",
        "n": "12345678901234567890123",
        "b": "true",
        "o": '{"a": [1.50]}',
    }


def test_an_unknown_entry_keeps_its_word() -> None:
    entry = translate.ledger_log(msgspec.json.decode(b'{"id": 7, "type": "NEWER"}', type=models.LedgerLog))

    assert (entry.number, entry.type, entry.provider_type) == (7, LedgerLogType.UNKNOWN, "NEWER")


@pytest.mark.parametrize(
    ("body", "reverted"),
    [
        (b'{"id": 1, "reverted": true}', True),
        (b'{"id": 1, "reverted": false}', False),
        (b'{"txid": 1}', None),
        (b'{"txid": 1, "metadata": {"com.formance.spec/state/reverted": {"by": 2}}}', True),
    ],
)
def test_old_servers_tell_by_a_note_that_a_transaction_was_reverted(body: bytes, *, reverted: bool | None) -> None:
    raw = msgspec.json.decode(body, type=models.LedgerTransaction)

    assert translate.ledger_transaction(raw, "main", fetched_at=NOW).is_reverted is reverted


@pytest.mark.parametrize(
    "body",
    [
        '{"cursor": {"data": [{"postings": [], "metadata": {}}], "hasMore": false}}',
        POSTED % ("1.5", "USD/2"),
        POSTED % ("1", "USD/9999999"),
        POSTED % ("9" * 400, "USD/2"),
        '{"data": []}',
        "[]",
    ],
)
async def test_records_that_cannot_be_are_garbled(new_rig: NewRig, operation: Operation, body: str) -> None:
    rig = new_rig("v3")
    rig.fault("/api/ledger/v2/main/transactions", body=body, headers={"content-type": "application/json"})

    with pytest.raises(Garbled):
        await ledgers(rig).list_ledger_transactions(
            translate.ledger_ref("main"), LedgerTransactionFilter(), PageRequest(), operation
        )


@pytest.mark.parametrize("status", [404, 400])
@pytest.mark.parametrize("body", ["", "not found", '{"errorCode": "NEW_CODE"}', '{"errorCode": "LEDGER_NOT_FOUND"}'])
async def test_refusals_of_any_form_are_outcomes(new_rig: NewRig, operation: Operation, status: int, body: str) -> None:
    """None raises for one key's sake."""
    rig = new_rig("v3")
    rig.fault("/api/ledger/v2/main/*", status=status, body=body, times=99)
    refs = [translate.ledger_account_ref("main", "fees"), translate.ledger_account_ref("main", "world")]
    pages = await ledgers(rig).ledger_transactions_by_account(refs, 3, operation)
    accounts = await ledgers(rig).ledger_accounts_by_ref(refs, operation)

    assert all(isinstance(each, ProviderError) or not each.items for each in pages.values())
    assert all(isinstance(each, ProviderError) for each in accounts.values())
