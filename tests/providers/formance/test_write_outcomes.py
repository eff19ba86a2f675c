"""What is raised when a write is refused, fails or is lost: nothing may be taken for what it is not."""

import asyncio

import msgspec
import pytest

from providers.errors import (
    Broken,
    Garbled,
    NotFound,
    ProviderError,
    RateLimited,
    Rejected,
    Unauthorized,
    UnknownOutcome,
    Unsupported,
)
from providers.formance.client.calls import PATIENCE
from providers.http import HttpSettings
from providers.operation import Operation
from tests.providers.formance.conftest import INFO, TOKEN, NewRig, Rig
from tests.providers.formance.orders import (
    IBAN,
    SECRET,
    WRITES,
    Write,
    bank_account_order,
    connector_order,
    installed,
    transfer_order,
)

NAMES = pytest.mark.parametrize("name", WRITES)
REFUSALS: list[tuple[int, str, type[ProviderError], str | None]] = [
    (400, "CONFLICT", Rejected, "CONFLICT"),
    (400, "VALIDATION", Rejected, "VALIDATION"),
    (400, "INVALID_ID", Rejected, "INVALID_ID"),
    (400, "MISSING_OR_INVALID_BODY", Rejected, "MISSING_OR_INVALID_BODY"),
    (400, "CONNECTOR_CAPABILITY_NOT_SUPPORTED", Rejected, "CONNECTOR_CAPABILITY_NOT_SUPPORTED"),
    (404, "NOT_FOUND", NotFound, "NOT_FOUND"),
    (409, "CONFLICT", Rejected, "CONFLICT"),
    (429, "", RateLimited, None),
    (500, "INTERNAL", Broken, "INTERNAL"),
    (500, "VALIDATION", Broken, "VALIDATION"),
    (502, "", Broken, None),
]


def writes(rig: Rig) -> list[str]:
    """Methods of what reached the sandbox, less what a cold start asks."""
    return [call.method for call in rig.bench.calls if call.path not in (TOKEN, INFO)]


async def error_of(write: Write, rig: Rig) -> ProviderError:
    with pytest.raises(ProviderError) as raised:
        await write(rig, Operation(timeout=5))
    return raised.value


@NAMES
async def test_every_refusal_of_every_write_has_its_class_and_code(v3: Rig, name: str) -> None:
    for status, code, kind, expected in REFUSALS:
        body = f'{{"errorCode":"{code}","errorMessage":"account {IBAN} {SECRET}"}}' if code else ""
        v3.fault("/api/payments/*", status=status, body=body)

        error = await error_of(WRITES[name], v3)

        assert (type(error), error.vendor_code, error.operation) == (kind, expected, name)
        assert IBAN not in f"{error!r} {error.message}"
        assert len(writes(v3)) == 1
        v3.paths()
        v3.bench.clear_faults()


@NAMES
@pytest.mark.parametrize(("status", "body"), [(404, "404 page not found\n"), (405, "")])
async def test_a_route_that_is_not_there_is_unsupported(v3: Rig, name: str, status: int, body: str) -> None:
    v3.fault("/api/payments/*", status=status, body=body, headers={"content-type": "text/plain"})
    error = await error_of(WRITES[name], v3)
    assert isinstance(error, Unsupported)
    assert error.status == status


@NAMES
@pytest.mark.parametrize("fault", [{"drop": "before"}, {"drop": "half", "status": 200, "body": "x" * 99}])
async def test_a_lost_answer_is_an_unknown_outcome_and_nothing_is_sent_again(
    v3: Rig, name: str, fault: dict[str, object]
) -> None:
    v3.fault("/api/payments/*", **fault)
    assert isinstance(await error_of(WRITES[name], v3), UnknownOutcome)
    assert len(writes(v3)) == 1


@pytest.mark.parametrize("name", [name for name in WRITES if name.startswith(("create_", "install_"))])
@pytest.mark.parametrize("body", ["<html>", "{}", '{"data":{}}', '{"data":{"id":"","connectorID":""}}', '{"data":'])
async def test_an_answer_that_cannot_be_understood_is_no_refusal(v3: Rig, name: str, body: str) -> None:
    v3.fault("/api/payments/*", status=200, body=body, headers={"content-type": "application/json"})
    assert isinstance(await error_of(WRITES[name], v3), Garbled)


@NAMES
async def test_a_refused_token_is_renewed_and_the_write_sent_once_more(v2: Rig, name: str) -> None:
    """The server had not looked at it."""
    v2.fault("/api/payments/*", status=401, times=2)
    assert isinstance(await error_of(WRITES[name], v2), Unauthorized)
    assert len(writes(v2)) == 2


BLOCKING: dict[str, Write] = {
    "create_transfer_initiation": lambda rig, on: rig.provider.create_transfer(
        transfer_order(rig, is_validated=True), on
    ),
    "create_bank_account": lambda rig, on: rig.provider.create_bank_account(
        bank_account_order(connector=installed(rig)), on
    ),
    **{
        name: WRITES[name]
        for name in (
            "udpate_transfer_initiation_status",
            "retry_transfer_initiation",
            "reverse_transfer_initiation",
            "forward_bank_account",
            "install_connector",
            "connectors_transfer",
        )
    },
}


async def test_only_what_waits_for_a_payment_provider_may_take_longer_than_usual(new_rig: NewRig) -> None:
    assert PATIENCE == 180
    rig = new_rig("v3", settings=HttpSettings(timeout=0.3))
    await rig.auth.headers(Operation(timeout=5))
    quick = {name: write for name, write in WRITES.items() if name not in BLOCKING}
    rig.fault("/api/payments/*", delay_ms=500, status=500, times=30)

    errors = await asyncio.gather(*(error_of(write, rig) for write in [*quick.values(), *BLOCKING.values()]))

    assert {type(error) for error in errors[: len(quick)]} == {UnknownOutcome}
    assert {type(error) for error in errors[len(quick) :]} == {Broken}


@pytest.mark.parametrize("order", [connector_order(), bank_account_order(account_number="12345678")])
def test_orders_hide_their_secrets(order: msgspec.Struct) -> None:
    for secret in (SECRET, IBAN, "12345678"):
        assert secret not in repr(order)
        assert secret not in f"{order}"
