"""What the orchestration service answers, and what it is sent. Free-form parts stay as the bytes that they came in."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Generic, TypeVar

import msgspec

from providers.formance.models.payments import NULL

T = TypeVar("T")

EMPTY = msgspec.Raw(b"{}")


class Whole(msgspec.Struct, Generic[T], frozen=True, gc=False, rename="camel"):
    """A list of v1. Only its newest servers say whether there is more."""

    data: tuple[T, ...] | None = None
    has_more: bool | None = None
    next: str | None = None


class WorkflowConfig(msgspec.Struct, frozen=True, gc=False):
    """A workflow's configuration: each stage is an object with one key, which is its kind."""

    name: str | None = None
    stages: tuple[dict[str, msgspec.Raw], ...] | None = None


class Workflow(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    """A workflow."""

    id: str
    config: msgspec.Raw = EMPTY
    created_at: datetime | None = None
    updated_at: datetime | None = None


class StageStatus(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    """A stage that an instance has come to."""

    stage: int
    started_at: datetime | None = None
    terminated_at: datetime | None = None
    error: str | None = None


class WorkflowInstance(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    """An instance. Lists leave its stages out."""

    id: str
    workflow_id: str = msgspec.field(name="workflowID")
    terminated: bool = False
    created_at: datetime | None = None
    updated_at: datetime | None = None
    terminated_at: datetime | None = None
    error: str | None = None
    status: tuple[StageStatus, ...] | None = None


class StageHistory(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    """A stage in an instance's history."""

    name: str
    input: msgspec.Raw = NULL
    terminated: bool = False
    started_at: datetime | None = None
    terminated_at: datetime | None = None
    error: str | None = None


class ActivityHistory(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    """An activity in a stage's history. Its input and output are under its name."""

    name: str
    input: dict[str, msgspec.Raw] | None = None
    output: dict[str, msgspec.Raw] | None = None
    terminated: bool = False
    attempt: int = 1
    started_at: datetime | None = None
    terminated_at: datetime | None = None
    next_execution: datetime | None = None
    last_failure: str | None = None
    error: str | None = None


class Trigger(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    """A trigger."""

    id: str
    event: str
    workflow_id: str = msgspec.field(name="workflowID")
    name: str | None = None
    filter: str | None = None
    vars: msgspec.Raw = EMPTY
    version: str | None = None
    created_at: datetime | None = None


class TriggerOccurrence(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    """An event that made a trigger act."""

    date: datetime | None = None
    event: msgspec.Raw = NULL
    workflow_instance_id: str | None = msgspec.field(name="workflowInstanceID", default=None)
    workflow_instance: WorkflowInstance | None = None
    error: str | None = None


class TestedFilter(msgspec.Struct, frozen=True, gc=False):
    """Whether an event passes a trigger's filter."""

    match: bool | None = None
    error: str | None = None


class TestedVariable(msgspec.Struct, frozen=True, gc=False):
    """What a trigger's variable would be."""

    value: str | None = None
    error: str | None = None


class TriggerTest(msgspec.Struct, frozen=True, gc=False):
    """What a trigger would do with an event."""

    filter: TestedFilter | None = None
    variables: dict[str, TestedVariable] | None = None


class TransactionMade(msgspec.Struct, frozen=True, gc=False):
    """A transaction in an activity's output: servers have called its number one or the other."""

    id: int | None = None
    txid: int | None = None


class TransactionsMade(msgspec.Struct, frozen=True, gc=False):
    """The output of an activity that makes a transaction, as older servers tell it and as newer ones do."""

    data: TransactionMade | tuple[TransactionMade, ...] | None = None


class InLedger(msgspec.Struct, frozen=True, gc=False):
    """The ledger that an activity works in: services write its name small or, of transactions, large."""

    small: str | None = msgspec.field(default=None, name="ledger")
    large: str | None = msgspec.field(default=None, name="Ledger")

    @property
    def ledger(self) -> str | None:
        """Its name."""
        return self.small or self.large


class WorkflowRequest(msgspec.Struct, frozen=True, omit_defaults=True):
    """A workflow to be made."""

    name: str
    stages: tuple[Mapping[str, Any], ...]


class TriggerRequest(msgspec.Struct, frozen=True, omit_defaults=True):
    """A trigger to be made."""

    event: str
    workflow_id: str = msgspec.field(name="workflowID")
    name: str | None = None
    filter: str | None = None
    vars: Mapping[str, str] | None = None


class EventRequest(msgspec.Struct, frozen=True):
    """An event for an instance."""

    name: str
