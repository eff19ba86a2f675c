"""Every field that has no resolver must be an attribute of the domain class behind its type."""

import dataclasses
import importlib
import pkgutil
from typing import Any, get_type_hints

import msgspec
import pytest

import schema
from providers import domain
from resolvers import (
    ledger_bulk_orders,
    ledger_parts,
    ledger_transaction_orders,
    paging,
    problems,
    side_by_side,
    subscription,
    writing,
)

BACKING: dict[str, type] = {
    "Connection": paging.Connection,
    "Edge": paging.Edge,
    "PageInfo": paging.PageInfo,
    "UpstreamProblem": problems.UpstreamProblem,
    "UserError": domain.Refusal,
    "LedgerBulkResult": ledger_parts.PartResult,
    "LedgerTransactionPreview": ledger_transaction_orders.Previewed,
    **dict.fromkeys(
        ("Change", "AccountChange", "PaymentChange", "TransferInitiationChange", "LedgerTransactionChange"),
        subscription.Change,
    ),
    "SideProblem": side_by_side.SideProblem,
    "SideBySideReport": side_by_side.SideBySideReport,
    **{name: value for name, value in vars(domain).items() if isinstance(value, type)},
}
"""GraphQL type → the class whose objects resolvers return for it."""

PAYLOADS: dict[str, type] = {"ExecuteLedgerBulkPayload": ledger_bulk_orders.BulkDone}
"""Of mutations that answer more than a changed object."""

WITHOUT_BACKING = {"Node", "Query", "Subscription", "PaymentFilter", "TransferFilter", "Service"}
"""Interfaces without fields of their own, roots, and what only comes in."""


def declared() -> list[type[Any]]:
    """The classes of the schema package that are GraphQL types."""
    found: dict[str, type[Any]] = {}
    for module in pkgutil.iter_modules(schema.__path__, "schema."):
        if module.name != "schema.__main__":
            for value in vars(importlib.import_module(module.name)).values():
                if isinstance(value, type) and value.__module__.startswith("schema.") and has_definition(value):
                    found[value.__name__] = value
    return list(found.values())


def has_definition(cls: type) -> bool:
    return hasattr(cls, "__strawberry_definition__") and dataclasses.is_dataclass(cls)


@pytest.mark.parametrize("cls", declared(), ids=lambda cls: str(cls.__name__))
def test_every_plain_field_is_an_attribute_of_the_domain(cls: type[Any]) -> None:
    """A field that the domain lacks would fail only when a client asks for it."""
    if cls.__name__ in WITHOUT_BACKING or cls.__name__.endswith(("Input", "Mutations", "Mutation", "Queries")):
        assert cls.__name__ not in BACKING or issubclass(BACKING[cls.__name__], msgspec.Struct)
        return
    backing = PAYLOADS.get(cls.__name__, writing.Changed) if cls.__name__.endswith("Payload") else BACKING[cls.__name__]
    attributes = set(get_type_hints(backing)) | {name for name in dir(backing) if not name.startswith("_")}
    plain = [field.python_name for field in cls.__strawberry_definition__.fields if field.base_resolver is None]

    assert [name for name in plain if name not in attributes] == []


def test_all_types_were_looked_at() -> None:
    """The walk over the package finds the types, so the test above cannot pass by finding none."""
    assert {"Customer", "Account", "AggregatedAccount", "Payment", "Pool", "Money", "Balance"} <= {
        cls.__name__ for cls in declared()
    }
