"""How long an operation has, and how its calls form waves."""

import asyncio

import msgspec
import pytest

from providers.operation import Operation
from tests.providers.test_telemetry import CALL


async def test_what_remains_is_never_negative() -> None:
    assert Operation(timeout=-1).remaining == 0
    assert 4 < Operation(timeout=5).remaining <= 5


async def test_the_deadline_is_in_the_loops_own_clock() -> None:
    assert Operation(timeout=5).deadline == pytest.approx(asyncio.get_running_loop().time() + 5, abs=0.1)


async def test_every_operation_has_a_request_id() -> None:
    assert Operation(timeout=5, request_id="abc").request_id == "abc"
    assert Operation(timeout=5).request_id != Operation(timeout=5).request_id


async def test_calls_that_overlap_are_one_wave_and_what_follows_is_the_next() -> None:
    operation = Operation(timeout=5)
    assert operation.waves == 0
    first, second = operation.next_wave(), operation.next_wave()
    operation.record(msgspec.structs.replace(CALL, wave=first))
    third = operation.next_wave()
    operation.record(msgspec.structs.replace(CALL, wave=second))
    operation.record(msgspec.structs.replace(CALL, wave=third))
    assert (first, second, third, operation.waves) == (1, 1, 2, 2)


async def test_a_late_call_of_an_early_wave_does_not_turn_waves_back() -> None:
    operation = Operation(timeout=5)
    operation.record(msgspec.structs.replace(CALL, wave=3))
    operation.record(msgspec.structs.replace(CALL, wave=1))
    assert operation.next_wave() == 4


async def test_for_the_next_event_it_has_all_its_time_and_calls_again() -> None:
    operation = Operation(timeout=5, request_id="abc")
    operation.allow(1)
    operation.record(CALL)
    assert [operation.spend(), operation.spend()] == [True, False]
    again = operation.anew(7)

    assert [again.spend(), again.spend()] == [True, False]
    assert (again.calls, again.request_id, again.occasion, again.is_afresh) == ([], "abc", 7, True)
    assert again.deadline >= operation.deadline
    assert Operation(timeout=5).anew(1).anew(2).spend()
