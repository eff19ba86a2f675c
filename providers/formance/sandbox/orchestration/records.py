"""What the orchestration service remembers."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

import msgspec

Version = Literal["v1", "v2"]
"""The newest API that a server has: one of `v2` answers `v1`, too."""

Json = dict[str, Any]


class Workflow(msgspec.Struct):
    """A list of stages, each an object with one key: the stage's kind. One that is deleted is still read by its id."""

    id: str
    name: str
    stages: list[dict[str, Json]]
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None = None


class Activity(msgspec.Struct):
    """One thing that a stage has the stack do. `id` is the engine's number of it within the stage."""

    id: str
    name: str
    input: Json
    started_at: datetime
    output: Mapping[str, object] | None = None
    terminated_at: datetime | None = None
    error: str = ""
    last_failure: str = ""
    attempt: int = 1
    next_execution: datetime | None = None


class Stage(msgspec.Struct):
    """A stage that an instance has come to. `input` is its configuration with all variables filled in."""

    number: int
    kind: str
    input: Json
    started_at: datetime
    terminated_at: datetime | None = None
    error: str = ""
    activities: list[Activity] = []


class Instance(msgspec.Struct):
    """One run of a workflow."""

    id: str
    workflow: str
    variables: dict[str, str]
    created_at: datetime
    updated_at: datetime
    terminated_at: datetime | None = None
    error: str = ""
    stages: list[Stage] = []

    @property
    def waiting(self) -> Stage | None:
        """The stage that it is at."""
        last = self.stages[-1] if self.stages and self.terminated_at is None else None
        return last if last is not None and last.terminated_at is None else None


class Trigger(msgspec.Struct):
    """Runs a workflow for each event of a type that passes the filter."""

    id: str
    event: str
    workflow: str
    created_at: datetime
    name: str = ""
    filter: str | None = None
    vars: dict[str, str] = {}
    version: str = ""
    deleted_at: datetime | None = None


class Occurrence(msgspec.Struct):
    """An event that made a trigger act."""

    trigger: str
    date: datetime
    event: Json
    instance: str | None = None
    error: str = ""


class Flows(msgspec.Struct):
    """Everything of one server, by id. Occurrences are by their trigger."""

    version: Version
    workflows: dict[str, Workflow] = {}
    instances: dict[str, Instance] = {}
    triggers: dict[str, Trigger] = {}
    occurrences: dict[str, list[Occurrence]] = {}

    def listed(self) -> list[Workflow]:
        """Workflows that are not deleted."""
        return [each for each in self.workflows.values() if each.deleted_at is None]

    def trigger(self, identifier: str) -> Trigger | None:
        """The trigger, if it is not deleted."""
        found = self.triggers.get(identifier)
        return found if found is not None and found.deleted_at is None else None
