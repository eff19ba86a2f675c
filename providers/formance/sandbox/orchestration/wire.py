"""The service's objects as they are answered."""

from collections.abc import Mapping
from datetime import datetime

from providers.formance.sandbox.orchestration.records import (
    Activity,
    Flows,
    Instance,
    Occurrence,
    Stage,
    Trigger,
    Version,
    Workflow,
)
from providers.formance.sandbox.records import timestamp

Wire = dict[str, object]


def workflow(row: Workflow) -> Wire:
    """A workflow."""
    return {
        "id": row.id,
        "config": {"name": row.name, "stages": row.stages},
        "createdAt": timestamp(row.created_at),
        "updatedAt": timestamp(row.updated_at),
        **_time("deletedAt", row.deleted_at),
    }


def instance(row: Instance, *, has_stages: bool) -> Wire:
    """An instance. Lists, and the answer to an order to run, tell nothing of its stages."""
    body: Wire = {
        "workflowID": row.workflow,
        "id": row.id,
        "createdAt": timestamp(row.created_at),
        "updatedAt": timestamp(row.updated_at),
        "terminated": row.terminated_at is not None,
        **_time("terminatedAt", row.terminated_at),
        **_error(row.error),
    }
    if has_stages and row.stages:
        body["status"] = [_status(row, stage) for stage in row.stages]
    return body


def entry(stage: Stage) -> Wire:
    """A stage in an instance's history."""
    return {
        "name": f"Run{''.join(word.title() for word in stage.kind.split('_'))}",
        "input": stage.input,
        "terminated": stage.terminated_at is not None,
        "startedAt": timestamp(stage.started_at),
        **_time("terminatedAt", stage.terminated_at),
        **_error(stage.error),
    }


def activity(row: Activity) -> Wire:
    """An activity in a stage's history. Its input and output are under its name."""
    body: Wire = {
        "name": row.name,
        "input": {row.name: row.input},
        "terminated": row.terminated_at is not None,
        "startedAt": timestamp(row.started_at),
        "attempt": row.attempt,
        **_time("terminatedAt", row.terminated_at),
        **_time("nextExecution", row.next_execution),
        **_error(row.error),
    }
    if row.last_failure:
        body["lastFailure"] = row.last_failure
    if row.output is not None:
        body["output"] = {row.name: row.output}
    return body


def posting(data: Wire, ledger: str, version: Version) -> Wire:
    """What an activity that makes a transaction is given. Newer services have lost the names that these once had."""
    return {"ledger": ledger, "data": data} if version == "v1" else {"Ledger": ledger, "Data": data}


def posted(made: Wire, number: int, version: Version) -> Wire:
    """What the ledger says of a new transaction: newer services ask its second API, older ones its first."""
    if version == "v1":
        return {"data": [{**made, "txid": number}]}
    return {"data": {**made, "id": number, "reverted": False}}


def trigger(row: Trigger) -> Wire:
    """A trigger."""
    body: Wire = {
        "id": row.id,
        "event": row.event,
        "workflowID": row.workflow,
        "createdAt": timestamp(row.created_at),
    }
    optional = {"name": row.name, "filter": row.filter, "vars": row.vars, "version": row.version}
    return body | {name: value for name, value in optional.items() if value}


def occurrence(row: Occurrence, flows: Flows) -> Wire:
    """An occurrence, with the instance that it has started."""
    body: Wire = {
        "triggerID": row.trigger,
        "date": timestamp(row.date),
        "event": row.event,
        **_error(row.error),
    }
    if row.instance is not None:
        body["workflowInstanceID"] = row.instance
        body["workflowInstance"] = instance(flows.instances[row.instance], has_stages=False)
    return body


def _status(row: Instance, stage: Stage) -> Wire:
    return {
        "stage": stage.number,
        "instanceID": row.id,
        "startedAt": timestamp(stage.started_at),
        **_time("terminatedAt", stage.terminated_at),
        **_error(stage.error),
    }


def _time(name: str, moment: datetime | None) -> Mapping[str, object]:
    return {} if moment is None else {name: timestamp(moment)}


def _error(text: str) -> Mapping[str, object]:
    return {"error": text} if text else {}
