"""Workflows, their instances and triggers into ours."""

import re
from collections.abc import Mapping
from datetime import datetime

import msgspec

from providers.domain import (
    RUN_VARIABLE,
    NodeType,
    Provider,
    Ref,
    Trigger,
    TriggerOccurrence,
    TriggerTest,
    TriggerTestVariable,
    Workflow,
    WorkflowActivity,
    WorkflowHistoryEntry,
    WorkflowInstance,
    WorkflowInstanceStage,
    WorkflowStage,
    WorkflowStageKey,
    WorkflowStageKind,
    WorkflowStatus,
    WorkflowTransaction,
)
from providers.formance.models import orchestration as models
from providers.formance.translate.values import time

STAGE_KINDS = {
    "send": WorkflowStageKind.SEND,
    "delay": WorkflowStageKind.DELAY,
    "wait_event": WorkflowStageKind.WAIT_EVENT,
    "update": WorkflowStageKind.UPDATE,
}
"""The key of a stage."""

_ORDERED = re.compile(r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})-[0-9]+")
"""The reference of a transfer that a workflow has ordered: the instance, its stage, and the number of the activity."""
_ACTIVITIES = range(5, 25)
"""The engine's numbers that the activities of a stage which pays out can have."""

_CONFIG = msgspec.json.Decoder(models.WorkflowConfig)
_ANY = msgspec.json.Decoder()
_MADE = msgspec.json.Decoder(models.TransactionsMade)
_LEDGER = msgspec.json.Decoder(models.InLedger)
_NOTHING = msgspec.Raw(b"null")


def workflow_ref(workflow_id: str) -> Ref:
    """The identity of a workflow."""
    return Ref(NodeType.WORKFLOW, (workflow_id,), Provider.FORMANCE)


def instance_ref(instance_id: str) -> Ref:
    """The identity of a workflow's instance."""
    return Ref(NodeType.WORKFLOW_INSTANCE, (instance_id,), Provider.FORMANCE)


def trigger_ref(trigger_id: str) -> Ref:
    """The identity of a trigger."""
    return Ref(NodeType.TRIGGER, (trigger_id,), Provider.FORMANCE)


def ordering_instance(reference: str) -> Ref | None:
    """The instance whose workflow has ordered a transfer with this reference, if it looks like that."""
    found = _ORDERED.fullmatch(reference)
    return instance_ref(found[1]) if found else None


def ordered_references(stage: WorkflowStageKey) -> list[str]:
    """References that a transfer can have which this stage has ordered."""
    return [f"{stage.instance.native_id}-{stage.number}{activity}" for activity in _ACTIVITIES]


def workflow(raw: models.Workflow, *, fetched_at: datetime) -> Workflow:
    """A workflow. A configuration in another shape is told as it is, without its stages."""
    name, stages = _config(raw.config)
    return Workflow(
        ref=workflow_ref(raw.id),
        provider_id=raw.id,
        name=name,
        stages=stages,
        config=raw.config.copy(),
        created_at=time(raw.created_at),
        updated_at=time(raw.updated_at),
        fetched_at=fetched_at,
    )


def instance(raw: models.WorkflowInstance, *, fetched_at: datetime, is_whole: bool) -> WorkflowInstance:
    """An instance. Only one that `is_whole` tells its stages, and none of them where it has not begun."""
    ref = instance_ref(raw.id)
    told = raw.status or ()
    return WorkflowInstance(
        ref=ref,
        provider_id=raw.id,
        workflow=workflow_ref(raw.workflow_id),
        status=_status(is_over=raw.terminated, error=raw.error),
        stages=tuple(_stage(ref, each) for each in told) if is_whole or told else None,
        created_at=time(raw.created_at),
        updated_at=time(raw.updated_at),
        terminated_at=time(raw.terminated_at),
        error=raw.error or None,
        fetched_at=fetched_at,
    )


def history_entry(raw: models.StageHistory) -> WorkflowHistoryEntry:
    """A stage as it was carried out."""
    return WorkflowHistoryEntry(
        name=raw.name,
        input=raw.input.copy(),
        status=_status(is_over=raw.terminated, error=raw.error),
        started_at=time(raw.started_at),
        terminated_at=time(raw.terminated_at),
        error=raw.error or None,
    )


def activity(raw: models.ActivityHistory) -> WorkflowActivity:
    """An activity. Its input and output come without its name around them."""
    given, made = _inner(raw.name, raw.input), _inner(raw.name, raw.output)
    return WorkflowActivity(
        name=raw.name,
        input=given.copy(),
        output=None if bytes(made) == b"null" else made.copy(),
        status=_status(is_over=raw.terminated, error=raw.error),
        attempt=raw.attempt,
        started_at=time(raw.started_at),
        terminated_at=time(raw.terminated_at),
        next_execution_at=time(raw.next_execution),
        last_failure=raw.last_failure or None,
        error=raw.error or None,
        transactions=tuple(_transactions(given, made)) if raw.name.endswith("Transaction") else (),
    )


def trigger(raw: models.Trigger, *, fetched_at: datetime) -> Trigger:
    """A trigger."""
    return Trigger(
        ref=trigger_ref(raw.id),
        provider_id=raw.id,
        name=raw.name or None,
        event=raw.event,
        filter=raw.filter or None,
        variables=raw.vars.copy() if bytes(raw.vars) != b"null" else models.EMPTY,
        workflow=workflow_ref(raw.workflow_id),
        version=raw.version or None,
        created_at=time(raw.created_at),
        fetched_at=fetched_at,
    )


def occurrence(raw: models.TriggerOccurrence, *, fetched_at: datetime) -> TriggerOccurrence:
    """What a trigger has done. The instance that comes with it is like one of a list."""
    inner = raw.workflow_instance
    return TriggerOccurrence(
        date=time(raw.date),
        event=raw.event.copy(),
        instance_ref=instance_ref(raw.workflow_instance_id) if raw.workflow_instance_id else None,
        instance=instance(inner, fetched_at=fetched_at, is_whole=False) if inner and inner.id else None,
        error=raw.error or None,
    )


def trigger_test(raw: models.TriggerTest) -> TriggerTest:
    """What a trigger would do."""
    return TriggerTest(
        matches=raw.filter.match if raw.filter else None,
        filter_error=(raw.filter.error or None) if raw.filter else None,
        variables=tuple(
            TriggerTestVariable(name=name, value=each.value, error=each.error or None)
            for name, each in sorted((raw.variables or {}).items())
        ),
    )


def _config(raw: msgspec.Raw) -> tuple[str | None, tuple[WorkflowStage, ...]]:
    try:
        config = _CONFIG.decode(raw)
    except msgspec.DecodeError:
        return None, ()
    return config.name or None, tuple(_configured(*each) for each in enumerate(config.stages or ()))


def _configured(number: int, given: Mapping[str, msgspec.Raw]) -> WorkflowStage:
    kind, config = next(iter(given.items()), ("", models.EMPTY))
    return WorkflowStage(
        number=number,
        kind=STAGE_KINDS.get(kind, WorkflowStageKind.UNKNOWN),
        provider_kind=kind,
        config=config.copy(),
        pays_out=kind == "send" and _at(config, "destination", "payment") is not None,
        names_run=f"${{{RUN_VARIABLE}}}".encode() in bytes(config),
        event=_text(_at(config, "event")),
    )


def _at(raw: msgspec.Raw, *way: str) -> object:
    found: object = _ANY.decode(raw)
    for name in way:
        found = found.get(name) if isinstance(found, dict) else None
    return found


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _stage(of: Ref, raw: models.StageStatus) -> WorkflowInstanceStage:
    return WorkflowInstanceStage(
        key=WorkflowStageKey(of, raw.stage),
        status=_status(is_over=raw.terminated_at is not None, error=raw.error),
        started_at=time(raw.started_at),
        terminated_at=time(raw.terminated_at),
        error=raw.error or None,
    )


def _status(*, is_over: bool, error: str | None) -> WorkflowStatus:
    if not is_over:
        return WorkflowStatus.RUNNING
    return WorkflowStatus.FAILED if error else WorkflowStatus.TERMINATED


def _inner(name: str, wrapped: Mapping[str, msgspec.Raw] | None) -> msgspec.Raw:
    if not wrapped:
        return _NOTHING
    return wrapped[name] if name in wrapped else msgspec.Raw(msgspec.json.encode(wrapped))


def _transactions(given: msgspec.Raw, made: msgspec.Raw) -> "list[WorkflowTransaction]":
    """Of an output in a shape that nobody knows, none."""
    try:
        ledger, output = _LEDGER.decode(given).ledger, _MADE.decode(made).data
    except msgspec.DecodeError:
        return []
    rows = output if isinstance(output, tuple) else (output,)
    numbers = [row.id if row.id is not None else row.txid for row in rows if row is not None]
    return [_transaction(ledger, number) for number in numbers if ledger and number is not None]


def _transaction(ledger: str, number: int) -> WorkflowTransaction:
    ref = Ref(NodeType.LEDGER_TRANSACTION, (ledger, str(number)), Provider.FORMANCE)
    return WorkflowTransaction(ref=ref, ledger=ledger, number=number)
