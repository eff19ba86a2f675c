"""How a type's fields are declared: by the resolver that gives the value, or by the domain's attribute of that name."""

from collections.abc import Callable
from typing import Any

import strawberry

from providers.costs import WRITE
from resolvers.access.scopes import guarded
from resolvers.caller import Scope
from schema import enums
from schema.costs import Cost, directives, load

COST = "cost"
"""Where a field keeps its `Cost`, in its metadata."""

enums.register()  # every type is declared with this module's help, so no type names an enum before this


def resolved_by(
    resolver: Callable[..., Any],
    description: str,
    *,
    needs: Scope | None = None,
    is_organisations: bool = False,
    cost: Cost | None = None,
    **options: Any,  # noqa: ANN401 - fits any field
) -> Any:  # noqa: ANN401 - fits any field
    """A field whose value comes from a resolver. The class's annotation is the field's GraphQL type.

    `needs` is the scope that a caller must have; without one, the resolver must reach nothing but its own object.
    `is_organisations`: closed to callers that are bound to customers. `cost` is said where vendors may be asked.
    """
    if needs is not None:
        resolver = guarded(resolver, needs, is_organisations=is_organisations)
        options["metadata"] = {**options.get("metadata", {}), "needs": needs}
    return strawberry.field(resolver=resolver, description=description, **_costing(cost, options))


def ordered_by(resolver: Callable[..., Any], description: str, **options: Any) -> Any:  # noqa: ANN401 - fits any field
    """A mutation. The vendor who carries it out says under its name what that costs."""
    cost = Cost(weight=WRITE, loads=load(resolver.__name__))
    return resolved_by(resolver, description, cost=cost, **options)


def described(description: str, *, cost: Cost | None = None, **options: Any) -> Any:  # noqa: ANN401 - fits any field
    """A field that is an attribute of the domain object."""
    return strawberry.field(description=description, **_costing(cost, options))


def _costing(cost: Cost | None, options: dict[str, Any]) -> dict[str, Any]:
    if cost is None:
        return options
    metadata = {**options.get("metadata", {}), COST: cost}
    return {**options, "metadata": metadata, "directives": [*options.get("directives", ()), *directives(cost)]}


def backed_by(*classes: type) -> Callable[[object, object], bool]:
    """For `is_type_of`: objects of these domain classes are of this GraphQL type."""

    def is_type_of(obj: object, _info: object) -> bool:
        return isinstance(obj, classes)

    is_type_of.by_class = True  # type: ignore[attr-defined]  # tells the executor: it need not be asked for every object
    return is_type_of
