"""How Strawberry and graphql-core come to use plans: `Schema(execution_context_class=CompiledExecutor)`."""

from collections import OrderedDict
from typing import Any
from weakref import ref

from graphql import DocumentNode, GraphQLSchema
from graphql.execution import Executor as GraphQLExecutor
from graphql.pyutils.is_awaitable import is_awaitable
from strawberry.execution.is_awaitable import optimized_is_awaitable
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from executor.plan import Plan, Unsupported

MOST_PLANS = 1_000
"""Plans are found by the document's identity: a cache of parsed documents makes one serve all requests of a text."""
MOST_TOKENS = 40_000
"""Of all documents with plans together, which live as long as these: about 400 bytes for each token, as measured."""

_FURTHER = (
    "field_resolver",
    "type_resolver",
    "subscribe_field_resolver",
    "max_coercion_errors",
    "enable_early_execution",
    "middleware",
    "is_awaitable",
    "is_async_iterable",
)
"""What graphql-core gives by position after the operation's name."""
_UNKNOWN_TO_PLANS = ("field_resolver", "type_resolver", "abort_signal", "hooks", "is_async_iterable")

SEEN_FIRST = True
"""False to compile what is asked for the first time, too."""
MOST_SEEN = 1_000

_seen: OrderedDict[int, ref[DocumentNode]] = OrderedDict()
_Key = tuple[int, int, str | None]
_plans: OrderedDict[_Key, tuple[GraphQLSchema, DocumentNode, Plan | None]] = OrderedDict()


class Compiling(GraphQLExecutor[Any]):
    """Executes by plans; leaves what plans do not support to the executor that it is mixed into."""

    @classmethod
    def build(  # the answer of a plan has the one method that is called
        cls,
        schema: GraphQLSchema,
        document: DocumentNode,
        root_value: Any = None,
        context_value: Any = None,
        raw_variable_values: dict[str, Any] | None = None,
        operation_name: str | None = None,
        *positional: Any,
        **options: Any,
    ) -> Any:
        """As `graphql.execution.Executor.build`."""
        options |= dict(zip(_FURTHER, positional, strict=False))
        plan = None
        if not _is_unusual(options) and is_worth_a_plan(schema, document, operation_name):
            plan = plan_of(schema, document, operation_name)
        if plan is not None:
            return _Planned(plan, root_value, context_value, raw_variable_values, options)
        return super().build(
            schema, document, root_value, context_value, raw_variable_values, operation_name, **options
        )


class CompiledExecutor(Compiling, StrawberryGraphQLCoreExecutionContext):
    """For Strawberry."""


class _Planned:
    """Stands for graphql-core's executor of one operation."""

    def __init__(
        self,
        plan: Plan,
        root: object,
        context: object,
        variables: dict[str, Any] | None,
        options: dict[str, Any],
    ) -> None:
        self._plan, self._root, self._context, self._variables = plan, root, context, variables
        self._options = options
        self.operation = plan.operation

    def execute_operation(self, serially: bool | None = None) -> Any:
        return self._plan.execute(
            root=self._root,
            context=self._context,
            variables=self._variables,
            extensions=self._options.get("operation_extensions"),
            max_errors=self._options.get("max_coercion_errors", 50),
            hide_suggestions=self._options.get("hide_suggestions", False),
        )


def plan_of(schema: GraphQLSchema, document: DocumentNode, operation_name: str | None) -> Plan | None:
    """The plan of an operation, made when it is first asked for; None when graphql-core has to execute it."""
    key = id(schema), id(document), operation_name
    known = _plans.get(key)
    if known is None:
        # Schema and document are kept with the plan, so that their ids are not given to others.
        known = _plans[key] = schema, document, _made(schema, document, operation_name)
        tokens = sum(kept.token_count for _, kept, _ in _plans.values())
        while len(_plans) > MOST_PLANS or (tokens > MOST_TOKENS and len(_plans) > 1):
            _, (_, oldest, _) = _plans.popitem(last=False)
            tokens -= oldest.token_count
    else:
        _plans.move_to_end(key)
    return known[2]


def known_plan(schema: GraphQLSchema, document: DocumentNode, operation_name: str | None) -> Plan | None:
    """The plan of an operation, if it has been made."""
    key = id(schema), id(document), operation_name
    known = _plans.get(key)
    if known is None:
        return None
    _plans.move_to_end(key)
    return known[2]


def is_worth_a_plan(schema: GraphQLSchema, document: DocumentNode, operation_name: str | None) -> bool:
    """From the second asking on: what is asked once costs more to compile than to execute, and fills the memory."""
    if not SEEN_FIRST or (id(schema), id(document), operation_name) in _plans:
        return True
    known = _seen.pop(id(document), None)
    _seen[id(document)] = ref(document)
    while len(_seen) > MOST_SEEN:
        _seen.popitem(last=False)
    return known is not None and known() is document


def _made(schema: GraphQLSchema, document: DocumentNode, operation_name: str | None) -> Plan | None:
    try:
        return Plan(schema, document, operation_name)
    except (Unsupported, RecursionError):
        return None


def _is_unusual(options: dict[str, Any]) -> bool:
    """Whether there is anything that plans know nothing of."""
    middleware = options.get("middleware")
    return bool(
        getattr(middleware, "middlewares", middleware)
        or any(options.get(name) for name in _UNKNOWN_TO_PLANS)
        or options.get("is_awaitable") not in {None, is_awaitable, optimized_is_awaitable}
    )
