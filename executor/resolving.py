"""How a field's value is got: Strawberry's attribute or function itself where nothing else hooks the field.

Strawberry wraps each resolver in up to five functions, which convert the arguments anew for every object. Here the
arguments are converted once for a field and an execution: resolvers must not change input objects that they are given.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeAlias

from graphql.execution.values import get_argument_values
from strawberry.types.arguments import convert_arguments
from strawberry.types.field import StrawberryField

from executor.field import Field
from executor.info import LazyInfo
from executor.position import Position
from executor.run import Run

if TYPE_CHECKING:
    from executor.variant import Variant

Resolve: TypeAlias = Callable[[Any, Run, Position], Any]


def attribute(field: Field) -> str | None:
    """The attribute that the value is; None where it is got in another way."""
    declared = _declared(field)
    if declared is None or not declared.is_basic_field or declared.default_resolver is not getattr:
        return None
    # Where exception handlers apply, Strawberry resolves even an attribute by a function of another name.
    if getattr(field.definition.resolve, "__name__", "") != "_get_basic_result":
        return None
    return declared.python_name if declared.python_name.isidentifier() else None


def of_source_alone(field: Field, variant: "Variant") -> Callable[[Any], Any] | None:
    """The resolver's function when it takes the object and nothing else, first."""
    declared = _own(field, variant)
    if declared is None or declared.arguments or declared.base_resolver is None:
        return None
    resolver = declared.base_resolver
    first = resolver.self_parameter or resolver.parent_parameter or resolver.root_parameter
    names = list(resolver.signature.parameters)
    if first is None or names != [first.name] or not callable(resolver.wrapped_func):
        return None
    return resolver.wrapped_func


def resolver(field: Field, variant: "Variant") -> Resolve:
    """What gives the value of a field that is neither an attribute nor a function of its object."""
    declared = _own(field, variant)
    if declared is not None and declared.base_resolver is not None and callable(declared.base_resolver.wrapped_func):
        return _direct(field, declared, variant)
    return _wrapped(field, variant)


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


def _direct(field: Field, declared: StrawberryField, variant: "Variant") -> Resolve:
    """By the resolver's function, with what its signature asks for."""
    schema = variant.plan.schema._strawberry_schema  # type: ignore[attr-defined]
    config, scalars = schema.config, schema.schema_converter.scalar_registry
    resolver = declared.base_resolver
    assert resolver is not None  # noqa: S101 - the caller looked
    function: Callable[..., Any] = resolver.wrapped_func  # type: ignore[assignment]
    is_method = resolver.self_parameter is not None
    sources = [each.name for each in (resolver.parent_parameter, resolver.root_parameter) if each]
    info_name = resolver.info_parameter.name if resolver.info_parameter else None
    make_info = config.info_class

    def arguments(run: Run, info: Any) -> dict[str, Any]:
        known = run.converted.get(field)
        if known is None:
            coerced = _coerced(field, run)
            known = run.converted[field] = convert_arguments(
                coerced, declared.arguments, scalar_registry=scalars, config=config, info=info
            )
        return known

    def resolve(source: Any, run: Run, position: Position) -> Any:
        info = make_info(_raw_info=LazyInfo(run, field, position), _field=declared)
        given = dict(arguments(run, info)) if declared.arguments else {}
        for name in sources:
            given[name] = source
        if info_name is not None:
            given[info_name] = info
        return function(source, **given) if is_method else function(**given)

    return resolve


def _wrapped(field: Field, variant: "Variant") -> Resolve:
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
