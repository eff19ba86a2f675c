"""Each operation of the trusted documents as a tool. What changes something is one only where its name is allowed."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from graphql import FieldNode, GraphQLSchema, OperationDefinitionNode, OperationType, parse

from providers.config import ConfigurationError
from serving.agents.inputs import input_schema

_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
_COMMENT = re.compile(r"\A(?:[ \t]*#[^\n]*\n|[ \t]*\n)+")


class Tool(msgspec.Struct, frozen=True, kw_only=True):
    """`text` is the document's, to be carried out by the operation's name."""

    name: str
    description: str
    inputs: Mapping[str, Any]
    text: str
    is_write: bool


def tools(graph: GraphQLSchema, texts: Iterable[str], writes: frozenset[str]) -> Mapping[str, Tool]:
    """By name. Raises `ConfigurationError` when two have one, or when a write was allowed that there is not."""
    found: dict[str, Tool] = {}
    for text in sorted(texts):
        for operation in parse(text).definitions:
            if isinstance(operation, OperationDefinitionNode):
                _add(_tool(graph, text, operation), operation, writes, found)
    unknown = writes - {tool.name for tool in found.values() if tool.is_write}
    if unknown:
        raise ConfigurationError(f"MCP_WRITES: no trusted document holds the mutation {min(unknown)!r}")
    return found


def _add(tool: Tool | None, operation: OperationDefinitionNode, writes: frozenset[str], found: dict[str, Tool]) -> None:
    if tool is None or operation.operation is OperationType.SUBSCRIPTION or (tool.is_write and tool.name not in writes):
        return
    if found.setdefault(tool.name, tool).text != tool.text:
        raise ConfigurationError(f"MCP: two trusted documents hold an operation {tool.name!r}")


def _tool(graph: GraphQLSchema, text: str, operation: OperationDefinitionNode) -> Tool | None:
    """None for an operation without a name that a tool can have."""
    name = operation.name.value if operation.name else ""
    if not _NAME.fullmatch(name):
        return None
    return Tool(
        name=name,
        description=_comment(text) or _told(graph, operation),
        inputs=input_schema(graph, operation.variable_definitions or ()),
        text=text,
        is_write=operation.operation is OperationType.MUTATION,
    )


def _comment(text: str) -> str:
    """What a document says of itself in the comment that it begins with."""
    found = _COMMENT.match(text)
    lines = (line.strip().removeprefix("#").strip() for line in (found[0] if found else "").splitlines())
    return " ".join(filter(None, lines))


def _told(graph: GraphQLSchema, operation: OperationDefinitionNode) -> str:
    """What the graph says of the fields that it asks for."""
    root = graph.get_root_type(operation.operation)
    names = [each.name.value for each in operation.selection_set.selections if isinstance(each, FieldNode)]
    fields = root.fields if root else {}
    return " ".join(filter(None, (fields[name].description for name in names if name in fields)))
