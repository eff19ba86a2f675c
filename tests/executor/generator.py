"""Random valid operations over a schema: aliases, fragments of all kinds, directives, literals and variables."""

import random
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    get_named_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
    is_required_argument,
)

_NAMES = ("a", "b", "same")
_TIME = "2026-01-02T03:04:05+00:00"


class Generator:
    """One operation. `text` and `variables` are ready once it is made."""

    def __init__(self, schema: GraphQLSchema, seed: int, *, mutation: bool = False) -> None:
        self._schema, self._dice = schema, random.Random(seed)
        self._declared: dict[str, str] = {}
        self._fragments: list[str] = []
        self._keys: dict[tuple[int, str], str] = {}
        self.variables: dict[str, Any] = {}
        root = schema.mutation_type if mutation else schema.query_type
        assert root is not None
        body = self._selection(root, 5)
        declared = ", ".join(f"${name}: {type_}" for name, type_ in self._declared.items())
        kind = "mutation" if mutation else "query"
        head = f"{kind} Made({declared})" if declared else f"{kind} Made"
        self.text = "\n".join([f"{head} {body}", *self._fragments])

    def _selection(self, type_: GraphQLNamedType, depth: int) -> str:
        parts = [self._part(type_, depth) for _ in range(self._dice.randrange(1, 6))]
        return "{ " + " ".join(["__typename", *filter(None, parts)]) + " }"

    def _part(self, type_: GraphQLNamedType, depth: int) -> str:
        luck = self._dice.random()
        if luck < 0.15 and depth > 1:
            return self._inline(type_, depth)
        if luck < 0.25 and depth > 1:
            return self._spread(type_, depth)
        return self._field(type_, depth) if isinstance(type_, GraphQLObjectType | GraphQLInterfaceType) else ""

    def _inline(self, type_: GraphQLNamedType, depth: int) -> str:
        on = self._dice.choice(self._possible(type_))
        return f"... on {on.name} {self._directive()}{self._selection(on, depth - 1)}"

    def _spread(self, type_: GraphQLNamedType, depth: int) -> str:
        on = self._dice.choice(self._possible(type_))
        selection = self._selection(on, depth - 1)
        name = f"F{len(self._fragments)}"
        self._fragments.append(f"fragment {name} on {on.name} {selection}")
        return f"...{name} {self._directive()}"

    def _possible(self, type_: GraphQLNamedType) -> list[GraphQLNamedType]:
        if isinstance(type_, GraphQLUnionType | GraphQLInterfaceType):
            return [type_, *self._schema.get_possible_types(type_)]
        assert isinstance(type_, GraphQLObjectType)
        return [type_, *type_.interfaces]

    def _field(self, type_: GraphQLObjectType | GraphQLInterfaceType, depth: int) -> str:
        fields = [
            (name, field)
            for name, field in type_.fields.items()
            if depth > 1 or is_leaf_type(get_named_type(field.type))
        ]
        if not fields:
            return ""
        name, field = self._dice.choice(fields)
        arguments = self._arguments(field)
        key = self._key(name, field, arguments)
        directive = self._directive()
        inner = get_named_type(field.type)
        selection = "" if is_leaf_type(inner) else " " + self._selection(inner, depth - 1)
        return f"{key}: {name}{arguments} {directive}{selection}"

    def _key(self, name: str, field: GraphQLField, arguments: str) -> str:
        """A response key that stands for the same field, type and arguments wherever it is used, so that it merges."""
        base = f"{self._dice.choice(_NAMES)}_{name}"
        meant = f"{name}{arguments}{field.type}"
        for number in range(1_000):
            key = f"{base}{number}"
            if self._keys.setdefault((0, key), meant) == meant:
                return key
        raise AssertionError("no key is free")

    def _arguments(self, field: GraphQLField) -> str:
        given = []
        for name, argument in field.args.items():
            if not is_required_argument(argument) and self._dice.random() < 0.5:
                continue
            if self._dice.random() < 0.3:
                given.append(f"{name}: {self._variable(argument.type)}")
            else:
                given.append(f"{name}: {self._literal(argument.type)}")
        return f"({', '.join(given)})" if given else ""

    def _directive(self) -> str:
        if self._dice.random() < 0.85:
            return ""
        name = self._dice.choice(("skip", "include"))
        value = self._dice.choice(("true", "false", None))
        return f"@{name}(if: {value or self._chosen()}) "

    def _chosen(self) -> str:
        name = f"c{self._dice.randrange(3)}"
        self._declared[name] = "Boolean!"
        self.variables[name] = self._dice.random() < 0.5
        return f"${name}"

    def _variable(self, type_: GraphQLInputType) -> str:
        name = f"v{len(self._declared)}"
        self._declared[name] = str(type_)
        if is_non_null_type(type_) or self._dice.random() < 0.8:
            self.variables[name] = self._value(type_)
        return f"${name}"

    def _value(self, type_: GraphQLInputType) -> Any:
        """A variable's value, now and then a wrong one."""
        if self._dice.random() < 0.03:
            return "wrong"
        if is_non_null_type(type_):
            return self._value(type_.of_type)
        return None if self._dice.random() < 0.1 else self._present(type_)

    def _present(self, type_: GraphQLInputType) -> Any:
        if is_list_type(type_):
            return [self._value(type_.of_type) for _ in range(self._dice.randrange(3))]
        if isinstance(type_, GraphQLEnumType):
            return self._dice.choice(list(type_.values))
        if isinstance(type_, GraphQLInputObjectType):
            chosen = list(type_.fields.items())
            if _is_one_of(type_):
                chosen = [self._dice.choice(chosen)]
            return {name: self._value(field.type) for name, field in chosen}
        return {"Int": 7, "Float": 2.5, "Boolean": True, "Time": _TIME}.get(str(type_), "text")

    def _literal(self, type_: GraphQLInputType) -> str:
        if is_non_null_type(type_):
            return self._literal(type_.of_type)
        if is_list_type(type_):
            return f"[{', '.join(self._literal(type_.of_type) for _ in range(self._dice.randrange(3)))}]"
        if isinstance(type_, GraphQLEnumType):
            return str(self._dice.choice(list(type_.values)))
        if isinstance(type_, GraphQLInputObjectType):
            chosen = list(type_.fields.items())
            if _is_one_of(type_):
                chosen = [self._dice.choice(chosen)]
            return "{" + ", ".join(f"{name}: {self._literal(field.type)}" for name, field in chosen) + "}"
        return {"Int": "7", "Float": "2.5", "Boolean": "true", "Time": f'"{_TIME}"'}.get(str(type_), '"text"')


def _is_one_of(type_: GraphQLInputObjectType) -> bool:
    """Strawberry checks its own, rather than to tell graphql-core."""
    definition = type_.extensions.get("strawberry-definition")
    return type_.is_one_of or bool(definition and definition.is_one_of)
