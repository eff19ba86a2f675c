"""What is made of a document once, and used for every execution of it."""

from collections.abc import Mapping
from typing import Any

from graphql import (
    DirectiveNode,
    DocumentNode,
    ExecutionResult,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    VariableNode,
    Visitor,
    visit,
)
from graphql.execution.collect_fields import FragmentDetails
from graphql.execution.executor import SELECTIONS_NESTED_TOO_DEEPLY, default_field_resolver, default_type_resolver
from graphql.execution.values import get_variable_values

from executor.field import NO_VARIABLES
from executor.run import Run
from executor.serial import executed_serially
from executor.variant import Variant

_MOST_VARIANTS = 16
"""A client chooses the variables of `@skip` and `@include`; it must not choose how much is compiled."""


class Unsupported(Exception):
    """What graphql-core has to execute."""


class Plan:
    """An operation of a document. Raises `Unsupported`."""

    def __init__(self, schema: GraphQLSchema, document: DocumentNode, operation_name: str | None) -> None:
        self.schema, self.document = schema, document
        self.operation = _operation(document, operation_name)
        self.fragment_definitions = {
            each.name.value: each for each in document.definitions if isinstance(each, FragmentDefinitionNode)
        }
        if any(each.variable_definitions for each in self.fragment_definitions.values()):
            raise Unsupported
        self.fragments = {name: FragmentDetails(each, None) for name, each in self.fragment_definitions.items()}
        root_type = schema.get_root_type(self.operation.operation)
        if root_type is None:
            raise Unsupported
        self.root_type = root_type
        self.field_resolver, self.type_resolver = default_field_resolver, default_type_resolver
        self._choosing = _choosing_variables(document)
        self._variants: dict[tuple[Any, ...], Variant] = {}

    def execute(
        self,
        *,
        root: object,
        context: object,
        variables: Mapping[str, Any] | None,
        extensions: dict[str, Any] | None = None,
        max_errors: int = 50,
        hide_suggestions: bool = False,
    ) -> Any:
        """The answer, at once where nothing has to be awaited."""
        coerced = NO_VARIABLES
        if self.operation.variable_definitions:
            found = get_variable_values(
                self.schema,
                self.operation.variable_definitions,
                dict(variables or {}),
                max_errors=max_errors,
                hide_suggestions=hide_suggestions,
            )
            if isinstance(found, list):
                return ExecutionResult(None, found)
            coerced = found
        run = Run(
            self,
            root=root,
            context=context,
            variables=coerced,
            extensions=extensions,
            hide_suggestions=hide_suggestions,
        )
        try:
            variant = self._variant(run)
        except RecursionError:
            return ExecutionResult(None, [GraphQLError(SELECTIONS_NESTED_TOO_DEEPLY, self.operation)])
        except GraphQLError as error:
            return ExecutionResult(None, [error])
        return self._executed(variant, run)

    def _executed(self, variant: Variant, run: Run) -> Any:
        try:
            if self.operation.operation is OperationType.MUTATION:
                return executed_serially(variant, run)
            run.data = variant.root(run.root, None, run)  # type: ignore[arg-type]  # the root has no position
        except GraphQLError as error:
            run.failed_whole(error)
            run.forsake()
            return ExecutionResult(None, run.errors)
        return _drained(run) if run.pending else _answer(run)

    def _variant(self, run: Run) -> Variant:
        chosen = tuple(run.variables.coerced.get(name) for name in self._choosing)
        variant = self._variants.get(chosen)
        if variant is None:
            if len(self._variants) >= _MOST_VARIANTS:
                self._variants.clear()
            variant = self._variants[chosen] = Variant(self, run.variables)
        return variant


def _answer(run: Run) -> ExecutionResult:
    return ExecutionResult(run.data, run.errors or None)


async def _drained(run: Run) -> ExecutionResult:
    await run.drain()
    return _answer(run)


def _operation(document: DocumentNode, name: str | None) -> OperationDefinitionNode:
    operations = [each for each in document.definitions if isinstance(each, OperationDefinitionNode)]
    if name is not None:
        operations = [each for each in operations if each.name and each.name.value == name]
    if len(operations) != 1 or operations[0].operation is OperationType.SUBSCRIPTION or operations[0].directives:
        raise Unsupported
    return operations[0]


def _choosing_variables(document: DocumentNode) -> tuple[str, ...]:
    """The variables on whose values it depends which fields are executed. Raises `Unsupported`."""
    finder = _ChoiceFinder()
    visit(document, finder)
    return tuple(sorted(finder.names))


class _ChoiceFinder(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def enter_directive(self, node: DirectiveNode, *_: object) -> None:
        if node.name.value in {"defer", "stream"}:
            raise Unsupported
        if node.name.value in {"skip", "include"}:
            values = [argument.value for argument in node.arguments or ()]
            self.names |= {value.name.value for value in values if isinstance(value, VariableNode)}
