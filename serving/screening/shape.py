"""How large a document is, in every respect that costs something, found in one walk over it.

A fragment is walked once, however often it is spread, and cycles of fragments end the count, so that the time is linear
in the document. (Validation refuses cycles afterwards.)
"""

from collections.abc import Iterator

import msgspec
from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    ListValueNode,
    Node,
    ObjectValueNode,
    OperationDefinitionNode,
    StringValueNode,
    ValueNode,
)

from serving.screening.limits import Limits

META_FIELDS = frozenset({"__schema", "__type"})
COUNTLESS = 10**9
"""Where the count of a document ends that repeats its fragments without end."""


class Spread(msgspec.Struct, frozen=True):
    """A fragment that is spread under `depth` fields and `nesting` selections of a definition."""

    name: str
    depth: int
    nesting: int


class Extent(msgspec.Struct):
    """What a definition selects; with its fragments, once they are added."""

    depth: int = 0
    nesting: int = 1
    fields: int = 0
    aliases: int = 0
    root_fields: int = 0
    introspections: int = 0

    def add(self, spread: Spread, other: "Extent") -> None:
        """Count a fragment where it is spread."""
        self.depth = max(self.depth, spread.depth + other.depth)
        self.nesting = max(self.nesting, spread.nesting + other.nesting)
        self.fields = min(self.fields + other.fields, COUNTLESS)
        self.aliases = min(self.aliases + other.aliases, COUNTLESS)
        self.introspections = min(self.introspections + other.introspections, COUNTLESS)
        if spread.depth == 0:
            self.root_fields = min(self.root_fields + other.root_fields, COUNTLESS)


class Walk:
    """One look at every node of a document. Raises `Refused` as soon as something is too large."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._directives = 0

    def definition(self, node: OperationDefinitionNode | FragmentDefinitionNode) -> tuple[Extent, list[Spread]]:
        """What a definition selects itself, and which fragments it spreads."""
        extent, spreads = Extent(), list[Spread]()
        self._directives_of(node)
        for variable in node.variable_definitions or ():
            self._directives_of(variable)
            if variable.default_value is not None:
                self._value(variable.default_value)
        stack = [(selection, 0, 1) for selection in node.selection_set.selections]
        while stack:
            selection, depth, nesting = stack.pop()
            extent.fields += 1
            extent.nesting = max(extent.nesting, nesting)
            self._directives_of(selection)
            if isinstance(selection, FieldNode):
                self._field(selection, depth, extent)
                if selection.selection_set is not None:
                    stack.extend((each, depth + 1, nesting + 1) for each in selection.selection_set.selections)
            elif isinstance(selection, InlineFragmentNode):
                stack.extend((each, depth, nesting + 1) for each in selection.selection_set.selections)
            elif isinstance(selection, FragmentSpreadNode):
                spreads.append(Spread(selection.name.value, depth, nesting))
        return extent, spreads

    def _field(self, field: FieldNode, depth: int, extent: Extent) -> None:
        extent.depth = max(extent.depth, depth + 1)
        extent.aliases += field.alias is not None
        extent.root_fields += depth == 0
        extent.introspections += field.name.value in META_FIELDS
        self._arguments_of(field)

    def _directives_of(self, node: Node) -> None:
        directives = getattr(node, "directives", None)
        if not directives:
            return
        self._directives += len(directives)
        self._limits.hold("directives", self._directives)
        self._limits.hold("directives_in_one_place", len(directives))
        for directive in directives:
            self._arguments_of(directive)

    def _arguments_of(self, node: Node) -> None:
        arguments = getattr(node, "arguments", None) or ()
        self._limits.hold("arguments", len(arguments))
        for argument in arguments:
            self._value(argument.value)

    def _value(self, value: ValueNode) -> None:
        stack: list[tuple[ValueNode, int]] = [(value, 0)]
        while stack:
            node, depth = stack.pop()
            if isinstance(node, StringValueNode):
                self._limits.hold("string_length", len(node.value))
            elif isinstance(node, ListValueNode | ObjectValueNode):
                self._limits.hold("input_depth", depth + 1)
                inner = _inner(node)
                self._limits.hold("entries", len(inner))
                stack.extend((each, depth + 1) for each in inner)


def _inner(node: ListValueNode | ObjectValueNode) -> list[ValueNode]:
    return list(node.values) if isinstance(node, ListValueNode) else [field.value for field in node.fields]


def check(document: DocumentNode, limits: Limits) -> None:
    """Raise `Refused` when a document is larger than the limits allow."""
    definitions = document.definitions
    operations = [each for each in definitions if isinstance(each, OperationDefinitionNode)]
    fragments = [each for each in definitions if isinstance(each, FragmentDefinitionNode)]
    limits.hold("operations", len(operations))
    limits.hold("fragments", len(definitions) - len(operations))
    walk = Walk(limits)
    parts = {each.name.value: walk.definition(each) for each in fragments}
    whole = _expanded(parts)
    for extent in whole.values():
        _hold(extent, limits)
    for operation in operations:
        limits.hold("variables", len(operation.variable_definitions or ()))
        extent, spreads = walk.definition(operation)
        _add(extent, spreads, whole)
        _hold(extent, limits)
        limits.hold("root_fields", extent.root_fields)


def _hold(extent: Extent, limits: Limits) -> None:
    for name in ("depth", "nesting", "fields", "aliases", "introspections"):
        limits.hold(name, getattr(extent, name))


def _expanded(parts: dict[str, tuple[Extent, list[Spread]]]) -> dict[str, Extent]:
    """Every fragment with those that it spreads, the innermost first."""
    whole: dict[str, Extent] = {}
    begun: set[str] = set()
    for root in parts:
        path = [(root, _unseen(parts[root][1], parts, begun))] if root not in begun else []
        begun.add(root)
        while path:
            name, spreads = path[-1]
            following = next(spreads, None)
            if following is not None:
                begun.add(following)
                path.append((following, _unseen(parts[following][1], parts, begun)))
                continue
            path.pop()
            extent, own = parts[name]
            _add(extent, own, whole)
            whole[name] = extent
    return whole


def _unseen(spreads: list[Spread], parts: dict[str, tuple[Extent, list[Spread]]], begun: set[str]) -> Iterator[str]:
    return (spread.name for spread in spreads if spread.name in parts and spread.name not in begun)


def _add(extent: Extent, spreads: list[Spread], whole: dict[str, Extent]) -> None:
    for spread in spreads:
        if spread.name in whole:
            extent.add(spread, whole[spread.name])
