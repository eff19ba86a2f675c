"""The SDL of this graph as a subgraph: its types with the directives of Apollo Federation 2.9."""

from collections.abc import Iterator
from typing import Any

from graphql import (
    DirectiveDefinitionNode,
    DocumentNode,
    FieldDefinitionNode,
    GraphQLObjectType,
    GraphQLSchema,
    InterfaceTypeDefinitionNode,
    ObjectTypeDefinitionNode,
    parse,
    print_ast,
)
from graphql.language import ConstDirectiveNode, DefinitionNode

VERSION = "2.9"
LINKED = ("@key", "@shareable", "@authenticated", "@requiresScopes", "@cost", "@listSize")
SHARED = frozenset({"Money", "PageInfo"})
"""Plain values that another subgraph may define in the same way."""

_IMPORTED = ", ".join(f'"{name}"' for name in LINKED)
_HEAD = f'extend schema @link(url: "https://specs.apollo.dev/federation/v{VERSION}", import: [{_IMPORTED}])\n\n'
_OF_FEDERATION = frozenset({"cost", "listSize"})
"""Directives that this graph prints for itself, and a subgraph imports."""


def subgraph(sdl: str, graph: GraphQLSchema, *, tells_scopes: bool) -> str:
    """The SDL for a gateway's composition, of the SDL for clients.

    `tells_scopes`: each field says which scope it needs. Not every gateway takes a graph that does.
    """
    document = parse(sdl, no_location=True)
    definitions = tuple(
        _told(each, graph, tells_scopes=tells_scopes) for each in document.definitions if not _is_imported(each)
    )
    return _HEAD + print_ast(DocumentNode(definitions=definitions)) + "\n"


def _is_imported(definition: DefinitionNode) -> bool:
    return isinstance(definition, DirectiveDefinitionNode) and definition.name.value in _OF_FEDERATION


def _told(definition: DefinitionNode, graph: GraphQLSchema, *, tells_scopes: bool) -> DefinitionNode:
    changed: DefinitionNode = definition
    if isinstance(definition, InterfaceTypeDefinitionNode):
        changed = _copied(definition, fields=tuple(_uncosted(each) for each in definition.fields or ()))
    elif isinstance(definition, ObjectTypeDefinitionNode):
        type_ = graph.type_map[definition.name.value]
        assert isinstance(type_, GraphQLObjectType)  # noqa: S101 - told to mypy
        fields = tuple(_guarded(each, type_) if tells_scopes else each for each in definition.fields or ())
        directives = (*(definition.directives or ()), *_of_type(type_))
        changed = _copied(definition, fields=fields, directives=directives)
    return changed


def _uncosted(field: FieldDefinitionNode) -> FieldDefinitionNode:
    """In a federated graph, costs stand at the fields of objects alone."""
    kept = tuple(each for each in field.directives or () if each.name.value != "cost")
    copied: FieldDefinitionNode = _copied(field, directives=kept)
    return copied


def _of_type(type_: GraphQLObjectType) -> Iterator[ConstDirectiveNode]:
    if "Node" in {interface.name for interface in type_.interfaces}:
        yield _directive('@key(fields: "id")')
    if type_.name in SHARED:
        yield _directive("@shareable")


def _guarded(field: FieldDefinitionNode, type_: GraphQLObjectType) -> FieldDefinitionNode:
    """With the scope that a caller must have, so that a router can refuse before it asks."""
    declared = type_.fields[field.name.value].extensions.get("strawberry-definition")
    needs = getattr(declared, "metadata", {}).get("needs")
    if needs is None:
        return field
    scoped = (_directive("@authenticated"), _directive(f'@requiresScopes(scopes: [["{needs.value}"]])'))
    copied: FieldDefinitionNode = _copied(field, directives=(*(field.directives or ()), *scoped))
    return copied


def _directive(text: str) -> ConstDirectiveNode:
    [definition] = parse(f"type T {text}", no_location=True).definitions
    [directive] = definition.directives  # type: ignore[attr-defined]  # a type has some
    found: ConstDirectiveNode = directive
    return found


def _copied(node: Any, **changed: Any) -> Any:  # noqa: ANN401 - any node of the syntax tree
    return type(node)(**{name: getattr(node, name) for name in node.keys if name != "loc"} | changed)
