"""The executable schema."""

from collections.abc import Iterator

from graphql import (
    GraphQLArgument,
    GraphQLError,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    Undefined,
)
from strawberry import Schema
from strawberry.schema.config import StrawberryConfig
from strawberry.types import ExecutionContext
from strawberry.types.base import StrawberryObjectDefinition

from schema.account import AggregatedAccount, PaymentAccount, SmartAccount
from schema.costs import CostDirective
from schema.executor import Executor
from schema.federation import for_clients
from schema.mutation import Mutation
from schema.query import Query
from schema.scalars import SCALARS
from schema.screened import Screened
from schema.subscription import Subscription
from schema.validated import Validated

_FREE = CostDirective(weight=0)
"""What an object costs beside the calls that it took; whoever computes takes an untold weight for 1."""


_ONE_OF = "directive @oneOf on INPUT_OBJECT"


class TributarySchema(Schema):
    """A schema that leaves the logging of errors to the layer which knows what each of them means."""

    def as_str(self) -> str:
        """The SDL, with a description of each of its elements: the library has none for this directive."""
        described = f'"""Exactly one of the fields of such an input is given."""\n{_ONE_OF}'
        return for_clients(super().as_str()).replace(_ONE_OF, described, 1)

    def process_errors(self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None) -> None:
        """Log nothing here: `resolvers.problems` logs what is unforeseen, once and with its request id."""


def _built() -> TributarySchema:
    built = TributarySchema(
        query=Query,
        mutation=Mutation,
        subscription=Subscription,
        types=[AggregatedAccount, PaymentAccount, SmartAccount],
        config=StrawberryConfig(scalar_map=SCALARS),
        execution_context_class=Executor,
        extensions=[Screened, Validated],
    )
    for definition in _objects(built):
        definition.directives = [*(definition.directives or ()), _FREE]
    for argument in _arguments(built):
        if argument.default_value is None:
            argument.default_value = Undefined  # "= null" says nothing that leaving it out does not
    return built


def _objects(built: TributarySchema) -> Iterator[StrawberryObjectDefinition]:
    roots = {"Query", "Mutation", "Subscription"}
    for name, type_ in built._schema.type_map.items():
        definition = type_.extensions.get("strawberry-definition")
        if isinstance(type_, GraphQLObjectType) and name not in roots and definition is not None:
            yield definition


def _arguments(built: TributarySchema) -> Iterator[GraphQLArgument | GraphQLInputField]:
    for type_ in built._schema.type_map.values():
        if isinstance(type_, GraphQLInputObjectType):
            yield from type_.fields.values()
        elif isinstance(type_, GraphQLObjectType | GraphQLInterfaceType):
            for field in type_.fields.values():
                yield from field.args.values()


schema = _built()
