"""Workflows of the stack: what they do step by step, what became of each run, and what makes them run."""

from datetime import datetime
from enum import StrEnum

import msgspec

from providers.domain.ref import Ref

RUN_VARIABLE = "tributary_run"
"""The variable of a workflow that each run ordered here is given: it names the order, so that its run can be found."""


class WorkflowStageKind(StrEnum):
    """What a stage does."""

    SEND = "send"
    DELAY = "delay"
    WAIT_EVENT = "wait_event"
    UPDATE = "update"
    UNKNOWN = "unknown"


class WorkflowStatus(StrEnum):
    """How far an instance of a workflow, or a stage or an activity of it, has come."""

    RUNNING = "running"
    TERMINATED = "terminated"
    FAILED = "failed"


class WorkflowStage(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """One stage of a workflow. `config` is what is under its kind's name."""

    number: int
    kind: WorkflowStageKind
    provider_kind: str
    config: msgspec.Raw
    pays_out: bool = False
    """It sends money to a payment provider."""
    names_run: bool = False
    """Its configuration names `RUN_VARIABLE`."""
    event: str | None = None
    """The event that it waits for."""


class Workflow(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """A workflow. `config` is its whole configuration as the vendor sent it."""

    ref: Ref
    provider_id: str
    name: str | None
    stages: tuple[WorkflowStage, ...]
    config: msgspec.Raw
    created_at: datetime | None
    updated_at: datetime | None
    fetched_at: datetime


class WorkflowStageKey(msgspec.Struct, frozen=True, gc=False):
    """A stage of an instance."""

    instance: Ref
    number: int


class WorkflowInstanceStage(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """A stage that an instance has come to."""

    key: WorkflowStageKey
    status: WorkflowStatus
    started_at: datetime | None
    terminated_at: datetime | None
    error: str | None

    @property
    def number(self) -> int:
        """Its place in the workflow, from 0."""
        return self.key.number


class WorkflowInstance(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """One run of a workflow. `stages` is None where the record does not tell them, as in lists."""

    ref: Ref
    provider_id: str
    workflow: Ref
    status: WorkflowStatus
    stages: tuple[WorkflowInstanceStage, ...] | None
    created_at: datetime | None
    updated_at: datetime | None
    terminated_at: datetime | None
    error: str | None
    fetched_at: datetime


class WorkflowHistoryEntry(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """A stage as an instance has carried it out. In `input` all variables are filled in."""

    name: str
    input: msgspec.Raw
    status: WorkflowStatus
    started_at: datetime | None
    terminated_at: datetime | None
    error: str | None


class WorkflowTransaction(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """A ledger transaction that an activity has made."""

    ref: Ref
    ledger: str
    number: int


class WorkflowActivity(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """One thing that a stage had the stack do."""

    name: str
    input: msgspec.Raw
    output: msgspec.Raw | None
    status: WorkflowStatus
    attempt: int
    started_at: datetime | None
    terminated_at: datetime | None
    next_execution_at: datetime | None
    last_failure: str | None
    error: str | None
    transactions: tuple[WorkflowTransaction, ...] = ()


class Trigger(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """Runs a workflow when an event takes place. `variables` are expressions over the event, by name."""

    ref: Ref
    provider_id: str
    name: str | None
    event: str
    filter: str | None
    variables: msgspec.Raw
    workflow: Ref
    version: str | None
    created_at: datetime | None
    fetched_at: datetime


class TriggerOccurrence(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """An event that made a trigger act. `instance` is what it has started, where the record tells that whole."""

    date: datetime | None
    event: msgspec.Raw
    instance_ref: Ref | None
    instance: WorkflowInstance | None
    error: str | None


class TriggerTestVariable(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """What a trigger's variable would be."""

    name: str
    value: str | None
    error: str | None


class TriggerTest(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """What a trigger would do with an event."""

    matches: bool | None
    filter_error: str | None
    variables: tuple[TriggerTestVariable, ...]


class WorkflowInstanceFilter(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """Which instances are wanted; None: any."""

    workflow: Ref | None = None
    is_running: bool = False
