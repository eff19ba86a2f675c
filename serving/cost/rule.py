"""Refuses operations that may cost too much, tells what others may cost, and explains them without executing them."""

from collections.abc import Mapping
from typing import Any

import msgspec
from graphql import GraphQLSchema, OperationDefinitionNode
from graphql.utilities import get_operation_ast

from resolvers.caller import Caller, Scope
from resolvers.paging import largest_page
from resolvers.screening import Asked, Refused
from serving.cost.analysis import NOTHING, analysed
from serving.cost.memory import Remembered
from serving.cost.plan import Plan, cost, explained
from serving.cost.types import costly


class CallLimits(msgspec.Struct, frozen=True):
    """The most vendor calls of an operation: of callers who may see all customers, and of those bound to some."""

    trusted: int = 1_000
    bound: int = 500

    def of(self, caller: Caller) -> int:
        """The limit of a caller."""
        return self.bound if caller.is_bound else self.trusted


class CostRule:
    """A rule for operations. What passes may still make no more calls than the limit: `Operation` holds it to that."""

    def __init__(self, schema: GraphQLSchema, limits: CallLimits) -> None:
        self._schema, self._limits = schema, limits
        self._remembered = Remembered(schema)
        costly(schema)  # looked through once, before anybody waits for it

    def __call__(self, asked: Asked) -> Mapping[str, Any] | None:
        """An explanation when one is asked for. Raises `Refused`."""
        context, limit = asked.context, self._limits.of(asked.context.caller)
        is_explained = asked.extensions.get("explain") is True
        if is_explained and not context.caller.may(Scope.TRACES_READ):
            raise Refused("FORBIDDEN", f"An explanation needs the scope `{Scope.TRACES_READ}`.", status=403)
        plan = self._plan(asked)
        context.worst = plan.calls
        context.operation.allow(limit)
        if context.is_costed or asked.extensions.get("cost") is True:
            context.extensions["cost"] = cost(plan, limit)
        if is_explained:
            return {"plan": explained(plan, limit)}
        if plan.calls > limit or not plan.is_whole:
            raise _too_much(plan, limit)
        return None

    def _plan(self, asked: Asked) -> Plan:
        operation = get_operation_ast(asked.document, asked.operation_name)
        if not isinstance(operation, OperationDefinitionNode):
            return NOTHING
        vendors, customers = asked.context.providers.vendors, asked.context.caller.customers
        bound = None if customers is None else len(customers)

        def make() -> Plan:
            rates = {provider: vendor.costs for provider, vendor in vendors.items()}
            return analysed(self._schema, asked.document, operation, asked.variables, rates, bound=bound)

        circumstances = bound, largest_page(), *[id(vendor.costs) for vendor in vendors.values()]
        return self._remembered.plan(asked.document, operation, asked.variables, circumstances, make)


def _too_much(plan: Plan, limit: int) -> Refused:
    about = f"may take {plan.calls}" if plan.is_whole else f"may take {plan.calls} or more"
    return Refused(
        "COST_LIMIT_EXCEEDED",
        f"The operation {about} vendor calls, and {limit} is the limit. Ask for fewer objects, or for less of each.",
        cost=plan.calls,
        limit=limit,
    )
