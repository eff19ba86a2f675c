"""Orders of workflows and triggers into requests, and whether a record is what was sent."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from providers.formance.models import orchestration as models

_LARGEST_EXACT = 2**53
"""The service reads numbers of a configuration as binary floats, and digits in a text exactly."""

_ANY = msgspec.json.Decoder()


def workflow_request(name: str, stages: Sequence[Mapping[str, Any]]) -> models.WorkflowRequest:
    """A workflow as it is sent: numbers that the service would round are sent as digits."""
    return models.WorkflowRequest(name, tuple(_exact(stage) for stage in stages))


def is_same(raw: models.Workflow, sent: models.WorkflowRequest) -> bool:
    """Whether a workflow has the name and the stages that were sent."""
    try:
        config = _ANY.decode(raw.config)
    except msgspec.DecodeError:
        return False
    return isinstance(config, dict) and (config.get("name"), config.get("stages")) == (sent.name, list(sent.stages))


def is_same_trigger(raw: models.Trigger, sent: models.TriggerRequest) -> bool:
    """Whether a trigger is what was sent."""
    told = (raw.event, raw.workflow_id, raw.name or None, raw.filter or None, _ANY.decode(raw.vars) or {})
    return told == (sent.event, sent.workflow_id, sent.name, sent.filter, dict(sent.vars or {}))


def _exact(value: Any) -> Any:  # noqa: ANN401 - any JSON
    if isinstance(value, Mapping):
        return {name: _exact(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_exact(each) for each in value]
    is_large = isinstance(value, int) and abs(value) > _LARGEST_EXACT
    return str(value) if is_large else value
