"""A plan for certain values of the variables that choose fields: one function for each type and group of fields."""

from typing import TYPE_CHECKING

from graphql import GraphQLObjectType, OperationType
from graphql.execution.collect_fields import FieldDetailsList, GroupedFieldSet, collect_fields, collect_subfields
from graphql.execution.values import VariableValues

from executor.field import Field
from executor.objects import object_maker
from executor.run import Completer

if TYPE_CHECKING:
    from executor.plan import Plan


class Variant:
    """Fields are collected by graphql-core's own functions, once. Raises `GraphQLError` where these do."""

    def __init__(self, plan: "Plan", variables: VariableValues) -> None:
        self.plan, self._variables = plan, variables
        self._made: dict[tuple[GraphQLObjectType, int], tuple[FieldDetailsList, Completer]] = {}
        groups = collect_fields(
            plan.schema, plan.fragments, variables, plan.root_type, plan.operation
        ).grouped_field_set
        self.root_fields: list[Completer] = []
        """One for each root field of a mutation."""
        if plan.operation.operation is OperationType.MUTATION:
            self.root_fields = [self._maker(plan.root_type, {key: group}) for key, group in groups.items()]
        else:
            self.root = self._maker(plan.root_type, groups)

    def object(self, type_: GraphQLObjectType, details: FieldDetailsList) -> Completer:
        """What makes an object of a type where these nodes ask for one."""
        known = self._made.get((type_, id(details)))
        if known is None:
            plan = self.plan
            groups = collect_subfields(
                plan.schema, plan.fragments, self._variables, plan.operation, type_, details
            ).grouped_field_set
            # The details are kept with it, so that their id is not given to others.
            known = self._made[type_, id(details)] = details, self._maker(type_, groups)
        return known[1]

    def _maker(self, type_: GraphQLObjectType, groups: GroupedFieldSet) -> Completer:
        found = [
            (key, details, self.plan.schema.get_field(type_, details[0].node.name.value))
            for key, details in groups.items()
        ]
        fields = [Field(key, details, type_, definition) for key, details, definition in found if definition]
        return object_maker(type_, fields, self)
