"""The vendor calls that an operation may lead to, wave by wave."""

from collections.abc import Sequence
from typing import Any

import msgspec

from providers.domain import Provider

MOST_PATHS = 8
"""Paths that are told for one step."""


class Step(msgspec.Struct, kw_only=True):
    """At most `calls` calls of one vendor operation. `batch`: keys that one call answers, where it answers many."""

    wave: int
    provider: Provider
    operation: str
    calls: int
    batch: int | None
    paths: list[str]


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """`calls` may be less than the steps' sum: where an object is of one type or another, the dearest counts.

    `is_whole` is false when the operation was too intricate to be computed to its end.
    """

    calls: int
    steps: tuple[Step, ...]
    is_whole: bool = True

    @property
    def waves(self) -> int:
        """Rounds of calls that wait for one another; the further pages of a list come on top."""
        return max((step.wave for step in self.steps), default=0)


def summed(steps: Sequence[Step]) -> tuple[Step, ...]:
    """One step for each operation of a wave."""
    sums: dict[tuple[object, ...], Step] = {}
    for step in steps:
        key = (step.wave, step.provider, step.operation, step.batch)
        same = sums.get(key)
        if same is None:
            sums[key] = step
        else:
            same.calls += step.calls
            same.paths += [path for path in step.paths if path not in same.paths]
    return tuple(sorted(sums.values(), key=lambda step: (step.wave, step.provider, step.operation)))


def cost(plan: Plan, limit: int) -> dict[str, Any]:
    """`extensions.cost`."""
    return {"calls": plan.calls, "limit": limit, "waves": plan.waves}


def explained(plan: Plan, limit: int) -> dict[str, Any]:
    """`extensions.plan`."""
    waves: dict[int, list[dict[str, Any]]] = {}
    for step in plan.steps:
        waves.setdefault(step.wave, []).append(_step(step))
    return {
        **cost(plan, limit),
        "isAllowed": plan.is_whole and plan.calls <= limit,
        "steps": [{"wave": wave, "calls": waves[wave]} for wave in sorted(waves)],
    }


def _step(step: Step) -> dict[str, Any]:
    return {
        "provider": step.provider.name,
        "operation": step.operation,
        "atMost": step.calls,
        "batch": step.batch,
        "paths": step.paths[:MOST_PATHS],
    }
