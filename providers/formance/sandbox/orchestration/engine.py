"""Runs instances: stage after stage, until one has to wait, fails, or is the last."""

import asyncio
import re
import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from providers.formance.sandbox.orchestration import wire
from providers.formance.sandbox.orchestration.expressions import ExpressionError, evaluated, shown
from providers.formance.sandbox.orchestration.records import (
    Instance,
    Json,
    Occurrence,
    Stage,
    Trigger,
    Workflow,
)
from providers.formance.sandbox.orchestration.sending import Sending, StageError
from providers.formance.sandbox.records import timestamp
from providers.formance.sandbox.stack import Stack

SERVICE = "orchestration"
_VARIABLE = re.compile(r"\$\{([^}]+)\}")
_DURATION = re.compile(r"(\d+)(h|ms|m|s)")
_MILLISECONDS = {"h": 3_600_000, "m": 60_000, "s": 1_000, "ms": 1}
_QUICK = 0.05
"""Seconds in which an instance that need not wait for anybody comes to its end."""


class Engine:
    """Owns the instances of one server."""

    def __init__(self, stack: Stack) -> None:
        self._stack, self._flows = stack, stack.flows
        self._sending = Sending(stack)
        self._ends: dict[str, asyncio.Event] = {}
        stack.announce.listeners.append(self._heard)

    async def start(self, workflow: Workflow, variables: Mapping[str, str]) -> Instance:
        """A new instance, which goes on when this has returned if it has to wait for anybody."""
        instance = self._made(workflow, variables)
        await asyncio.wait({self._stack.workflows.begin(self._advance(instance))}, timeout=_QUICK)
        return instance

    async def ended(self, instance: Instance) -> None:
        """Wait for its end."""
        if instance.terminated_at is None:
            await self._ends.setdefault(instance.id, asyncio.Event()).wait()

    async def signal(self, instance: Instance, name: str) -> None:
        """An event, which only a stage that waits for it takes note of."""
        stage = instance.waiting
        if stage is not None and stage.kind == "wait_event" and stage.input.get("event") == name:
            self._end_stage(stage)
            await asyncio.wait({self._stack.workflows.begin(self._advance(instance))}, timeout=_QUICK)

    def cancel(self, instance: Instance) -> None:
        """Let it go no further."""
        if instance.waiting is not None:
            self._end_stage(instance.waiting, "canceled")
        self._end(instance, "canceled")

    async def catch_up(self) -> None:
        """Let go on what had to wait until a time that has come."""
        now = self._stack.moments.now()
        for instance in list(self._flows.instances.values()):
            stage = instance.waiting
            if stage is not None and stage.kind == "delay" and _due(stage) <= now:
                self._end_stage(stage)
                await self._advance(instance)

    def _made(self, workflow: Workflow, variables: Mapping[str, str]) -> Instance:
        now = self._stack.moments.now()
        instance = Instance(str(uuid.uuid4()), workflow.id, dict(variables), now, now)
        self._flows.instances[instance.id] = instance
        self._tell("STARTED_WORKFLOW", instance)
        return instance

    async def _advance(self, instance: Instance) -> None:
        stages = self._flows.workflows[instance.workflow].stages
        while instance.terminated_at is None:
            number = len(instance.stages)
            if number == len(stages):
                self._end(instance)
                return
            stage = self._stage(instance, number, stages[number])
            try:
                if await self._waits(instance, stage):
                    return
            except StageError as error:
                self._end_stage(stage, str(error))
                self._end(instance, str(error))
                return
            self._end_stage(stage)

    def _stage(self, instance: Instance, number: int, given: Mapping[str, Json]) -> Stage:
        kind, config = next(iter(given.items()))
        stage = Stage(number, kind, _filled(config, instance.variables), self._stack.moments.now())
        instance.stages = [*instance.stages, stage]
        instance.updated_at = stage.started_at
        return stage

    async def _waits(self, instance: Instance, stage: Stage) -> bool:
        """Carry a stage out; true when it has to wait."""
        if stage.kind == "send":
            await self._sending.run(instance, stage)
        elif stage.kind == "update":
            self._update(stage)
        elif stage.kind == "delay":
            return _due(stage) > self._stack.moments.now()
        else:
            return True
        return False

    def _update(self, stage: Stage) -> None:
        account = stage.input.get("account") or {}
        address, ledger = str(account.get("id")), str(account.get("ledger") or "default")
        notes = {str(name): shown(value) for name, value in (account.get("metadata") or {}).items()}
        given = {"ledger": ledger, "account": address, "metadata": notes}
        activity = self._sending.begun(stage, "AddAccountMetadata", given)
        book = self._sending.book(activity, ledger)
        found = book.account(address, self._stack.moments.now())
        found.metadata = {**found.metadata, **notes}
        self._sending.ended(activity, None)
        told = {"ledger": book.name, "targetType": "ACCOUNT", "targetId": found.address, "metadata": notes}
        self._stack.announce("ledger", "SAVED_METADATA", told)

    def _end_stage(self, stage: Stage, error: str = "") -> None:
        stage.terminated_at, stage.error = self._stack.moments.now(), error

    def _end(self, instance: Instance, error: str = "") -> None:
        instance.terminated_at = instance.updated_at = self._stack.moments.now()
        instance.error = error
        self._ends.setdefault(instance.id, asyncio.Event()).set()
        self._tell("FAILED_WORKFLOW" if error else "SUCCEEDED_WORKFLOW", instance)

    def _tell(self, kind: str, instance: Instance) -> None:
        self._stack.announce(SERVICE, kind, wire.instance(instance, has_stages=False))

    def _heard(self, service: str, kind: str, payload: Mapping[str, Any]) -> None:
        """An event of another service runs the workflows of the triggers that wait for it."""
        if service == SERVICE:
            return
        for trigger in list(self._flows.triggers.values()):
            if trigger.deleted_at is None and trigger.event == kind and _passes(trigger, payload):
                self._act(trigger, service, kind, payload)

    def _act(self, trigger: Trigger, service: str, kind: str, payload: Mapping[str, Any]) -> None:
        now = self._stack.moments.now()
        event = {"date": timestamp(now), "app": service, "version": "v2", "type": kind, "payload": dict(payload)}
        occurrence = Occurrence(trigger.id, now, event)
        self._flows.occurrences.setdefault(trigger.id, []).append(occurrence)
        try:
            variables = {name: shown(evaluated(text, payload)) for name, text in trigger.vars.items()}
        except ExpressionError as error:
            occurrence.error = str(error)
            return
        instance = self._made(self._flows.workflows[trigger.workflow], variables)
        occurrence.instance = instance.id
        self._stack.workflows.begin(self._advance(instance))


def _passes(trigger: Trigger, payload: Mapping[str, Any]) -> bool:
    try:
        return not trigger.filter or evaluated(trigger.filter, payload) is True
    except ExpressionError:
        return False


def _filled(value: Any, variables: Mapping[str, str]) -> Any:  # noqa: ANN401 - any JSON
    """With the variables in all texts. One that is not given is empty."""
    if isinstance(value, str):
        return _VARIABLE.sub(lambda found: variables.get(found[1], ""), value)
    if isinstance(value, dict):
        return {name: _filled(each, variables) for name, each in value.items()}
    return [_filled(each, variables) for each in value] if isinstance(value, list) else value


def _due(stage: Stage) -> datetime:
    """When a delay ends."""
    if stage.input.get("until"):
        return datetime.fromisoformat(str(stage.input["until"]))
    text = str(stage.input.get("duration") or "0s")
    waited = sum(int(number) * _MILLISECONDS[unit] for number, unit in _DURATION.findall(text))
    return stage.started_at + timedelta(milliseconds=waited)
