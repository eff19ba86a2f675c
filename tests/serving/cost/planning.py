"""Plans of operations over all three vendors, without a server."""

from typing import Any

from graphql import OperationDefinitionNode, parse

from providers.domain import Provider
from providers.finicity.costs import COSTS as FINICITY
from providers.formance.costs import costs
from providers.pluggy.costs import COSTS as PLUGGY
from schema import schema
from serving.cost import Plan, analysed
from serving.cost.analysis import Rates


def rates(generation: str | None = "v3") -> Rates:
    """What every vendor costs."""
    return {Provider.FINICITY: FINICITY, Provider.PLUGGY: PLUGGY, Provider.FORMANCE: costs(generation)}


def planned(text: str, *, given: Rates | None = None, **variables: Any) -> Plan:
    """The plan of a document's first operation."""
    document = parse(text)
    operation = next(each for each in document.definitions if isinstance(each, OperationDefinitionNode))
    return analysed(schema._schema, document, operation, variables, rates() if given is None else given)
