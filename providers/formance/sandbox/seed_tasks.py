"""The work that each connector repeats, from the day of its installation."""

from collections.abc import Iterator
from datetime import timedelta

from providers.formance.sandbox.draw import name_uuid
from providers.formance.sandbox.records import Connector, Generation, Task

_KINDS = (
    ("Fetch accounts from the provider", "fetch-accounts", "FETCH_ACCOUNTS", "ACTIVE"),
    ("Fetch balances from the provider", "fetch-balances", "FETCH_BALANCES", "ACTIVE"),
    ("Fetch payments from the provider", "fetch-payments", "FETCH_PAYMENTS", "ACTIVE"),
    ("Fetch beneficiaries from the provider", "fetch-beneficiaries", "FETCH_EXTERNAL_ACCOUNTS", "TERMINATED"),
)
_STATUSES = ("TERMINATED", "FAILED", "PENDING", "STOPPED")


def tasks(connector: Connector, generation: Generation) -> Iterator[Task]:
    """Four of them, oldest first. v2 gives them UUIDs and statuses, v3 names them after what is fetched."""
    for number, (name, key, capability, status) in enumerate(_KINDS):
        created_at = connector.created_at + timedelta(seconds=1 + number)
        identifier = name_uuid("task", connector.id, key)
        if number == len(_KINDS) - 1:
            status = _STATUSES[len(connector.name) % len(_STATUSES)]  # noqa: PLW2901 - the last one varies
        if generation == "v3":
            identifier = f"sandbox-{connector.id}-{capability}"
        yield Task(identifier, connector, created_at, created_at + timedelta(minutes=3), name, key, status)
