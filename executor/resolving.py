"""How a field's value is got: Strawberry's attribute or function itself where nothing else hooks the field.

Strawberry wraps each resolver in up to five functions, which convert the arguments anew for every object. Here the
arguments are converted once for a field and an execution: resolvers must not change input objects that they are given.
"""

from collections.abc import Callable
from enum import Enum
from keyword import iskeyword
from typing import TYPE_CHECKING, Any, NamedTuple

from graphql.execution.values import get_argument_values
from strawberry.types.arguments import convert_arguments
from strawberry.types.field import StrawberryField
from strawberry.types.fields.resolver import StrawberryResolver

from executor.field import Field
from executor.info import LazyInfo
from executor.position import Position
from executor.run import Run

if TYPE_CHECKING:
    from executor.variant import Variant


class Expression(NamedTuple):
    """Python's for the value of a field of `source`. It may name `run` and the field's `place`."""

    text: str
    globals: dict[str, Any]
    is_of_source_alone: bool
    """Whether it names neither."""


def expression(field: Field, number: int, variant: "Variant") -> Expression:
    """What gives the field's value. `number` tells its globals from those of other fields."""
    name = _attribute(field)
    if name is not None:
        return Expression(f"source.{name}", {}, is_of_source_alone=True)
    declared = _own(field, variant)
    resolver = declared.base_resolver if declared is not None else None
    if declared is not None and resolver is not None and callable(resolver.wrapped_func):
        return _call(field, number, declared, resolver, variant)
    resolve = {f"resolve{number}": _wrapped(field, variant)}
    return Expression(f"resolve{number}(source, run, place)", resolve, is_of_source_alone=False)


def _attribute(field: Field) -> str | None:
    """The attribute that the value is; None where it is got in another way."""
    declared = _declared(field)
    if declared is None or not declared.is_basic_field or declared.default_resolver is not getattr:
        return None
    # Where exception handlers apply, Strawberry resolves even an attribute by a function of another name.
    if getattr(field.definition.resolve, "__name__", "") != "_get_basic_result":
        return None
    name = declared.python_name
    return name if name.isidentifier() and not iskeyword(name) else None


def _declared(field: Field) -> StrawberryField | None:
    declared = field.definition.extensions.get("strawberry-definition")
    return declared if isinstance(declared, StrawberryField) else None


def _own(field: Field, variant: "Variant") -> StrawberryField | None:
    """The declaration of a field that its resolver alone decides: without extensions, handlers or an own class."""
    declared = _declared(field)
    if declared is None or declared.extensions or type(declared).get_result is not StrawberryField.get_result:
        return None
    schema = getattr(variant.plan.schema, "_strawberry_schema", None)
    if schema is None or schema.schema_converter._get_field_exception_handlers(declared):
        return None
    return declared


def _call(
    field: Field, number: int, declared: StrawberryField, resolver: StrawberryResolver[Any], variant: "Variant"
) -> Expression:
    """Of the resolver's function, with what its signature asks for.

    For one that takes all there is:
    `call3(root=source, info=Info3(_raw_info=LazyInfo(run, field3, place), _field=declared3), **given3(run, place))`
    """
    given = ["source"] if resolver.self_parameter else []
    sources = {each.name for each in (resolver.parent_parameter, resolver.root_parameter) if each}  # often the same
    given += [f"{name}=source" for name in sorted(sources)]
    needed: dict[str, Any] = {f"call{number}": resolver.wrapped_func}
    if resolver.info_parameter is not None:
        raw = f"LazyInfo(run, field{number}, place)"
        given.append(f"{resolver.info_parameter.name}=Info{number}(_raw_info={raw}, _field=declared{number})")
        make_info = variant.plan.schema._strawberry_schema.config.info_class  # type: ignore[attr-defined]
        needed |= {
            "LazyInfo": LazyInfo,
            f"Info{number}": make_info,
            f"field{number}": field,
            f"declared{number}": declared,
        }
    if declared.arguments:
        given.append(f"**given{number}(run, place)")
        needed[f"given{number}"] = _converted(field, declared, variant)
    is_of_source_alone = not declared.arguments and resolver.info_parameter is None
    return Expression(f"call{number}({', '.join(given)})", needed, is_of_source_alone)


def _converted(
    field: Field, declared: StrawberryField, variant: "Variant"
) -> Callable[[Run, Position], dict[str, Any]]:
    """The arguments as the resolver takes them, made for the first object that has the field.

    Those that are the same for all variables, and that nobody can change, are made for the first execution.
    """
    schema = variant.plan.schema._strawberry_schema  # type: ignore[attr-defined]
    config, scalars = schema.config, schema.schema_converter.scalar_registry
    fixed: dict[str, Any] | None = None

    def given(run: Run, position: Position) -> dict[str, Any]:
        nonlocal fixed
        known = fixed if fixed is not None else run.converted.get(field)
        if known is None:
            info = config.info_class(_raw_info=LazyInfo(run, field, position), _field=declared)
            known = run.converted[field] = convert_arguments(
                _coerced(field, run), declared.arguments, scalar_registry=scalars, config=config, info=info
            )
            if field.arguments is not None and all(map(_is_unchangeable, known.values())):
                fixed = known
        return known

    return given


def _is_unchangeable(value: Any) -> bool:
    return value is None or isinstance(value, str | int | float | Enum)


def _wrapped(field: Field, variant: "Variant") -> Callable[[Any, Run, Position], Any]:
    """As graphql-core calls it."""
    function: Callable[..., Any] = field.definition.resolve or variant.plan.field_resolver

    def resolve(source: Any, run: Run, position: Position) -> Any:
        return function(source, LazyInfo(run, field, position), **_coerced(field, run))

    return resolve


def _coerced(field: Field, run: Run) -> dict[str, Any]:
    """The arguments as graphql-core coerces them. Raises `GraphQLError`."""
    if field.arguments is not None:
        return field.arguments
    details = field.details[0]
    return get_argument_values(
        field.definition, details.node, run.variables, details.fragment_variable_values, run.hide_suggestions
    )
