"""Writes the reference pages: `python docs/reference.py [folder]`. Nobody edits them.

`schema.md` comes from the SDL (`schema/schema.graphql`), `settings.md` from `.env.example`.
"""

import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from graphql import (
    GraphQLArgument,
    GraphQLDirective,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    build_schema,
    get_named_type,
    is_introspection_type,
    is_specified_directive,
    is_specified_scalar_type,
    print_ast,
)

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "docs" / "reference"

Documented = GraphQLField | GraphQLInputField | GraphQLArgument
Fielded = GraphQLObjectType | GraphQLInterfaceType | GraphQLInputObjectType

SECTIONS = ("Queries", "Mutations", "Subscriptions", "Objects", "Interfaces", "Unions", "Inputs", "Enums", "Scalars")
SETTING = re.compile(r"#?(?P<name>[A-Z][A-Z0-9_]*)=(?P<value>.*)")
PART = re.compile(r"# --- (?P<title>.*?) -+")


def main(arguments: Sequence[str]) -> None:
    """Write both pages."""
    folder = Path(arguments[0]) if arguments else FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    sdl = (ROOT / "schema" / "schema.graphql").read_text(encoding="utf-8")
    settings = (ROOT / ".env.example").read_text(encoding="utf-8")
    (folder / "schema.md").write_text(schema_page(build_schema(sdl)), encoding="utf-8")
    (folder / "settings.md").write_text(settings_page(settings), encoding="utf-8")


def schema_page(graph: GraphQLSchema) -> str:
    """Everything that a client can ask for, by kind and name."""
    sections: dict[str, list[str]] = {title: [] for title in SECTIONS}
    for name, type_ in sorted(graph.type_map.items()):
        if not is_introspection_type(type_) and not is_specified_scalar_type(type_):
            sections[_section(graph, type_)].append("\n\n".join((f"### {name}", *_told(graph, type_))))
    directives = ["\n\n".join(_directive(each)) for each in graph.directives if not is_specified_directive(each)]
    whole = {**sections, "Directives": directives}
    parts = [f"## {title}\n\n" + "\n\n".join(entries) for title, entries in whole.items() if entries]
    head = "# The graph\n\nMade of `schema/schema.graphql`. `!` after a type says that it is never null."
    return "\n\n".join((head, *parts)) + "\n"


def settings_page(text: str) -> str:
    """Every setting with its default or an example, part by part."""
    parts: list[str] = []
    words: list[str] = []
    are_told = False
    for line in text.splitlines():
        if part := PART.fullmatch(line):
            parts.append(f"## {part['title']}")
        elif setting := SETTING.fullmatch(line):
            parts.append(_setting(setting["name"], setting["value"], words))
            are_told = True
        elif line.startswith("#"):
            words = [*([] if are_told else words), line.removeprefix("#").strip()]
            are_told = False
        elif words:
            parts += [] if are_told else [_flat(" ".join(words))]
            words = []
    head = "# Settings\n\nMade of `.env.example`."
    return "\n\n".join((head, *parts)) + "\n"


def _setting(name: str, value: str, words: Iterable[str]) -> str:
    shown = f"`{name}={value}`" if value else "Without a default."
    return "\n\n".join(filter(None, (f"### {name}", shown, _flat(" ".join(words)))))


def _section(graph: GraphQLSchema, type_: GraphQLNamedType) -> str:
    roots = {"Queries": graph.query_type, "Mutations": graph.mutation_type, "Subscriptions": graph.subscription_type}
    for title, root in roots.items():
        if type_ is root:
            return title
    kinds: Mapping[type[GraphQLNamedType], str] = {
        GraphQLObjectType: "Objects",
        GraphQLInterfaceType: "Interfaces",
        GraphQLUnionType: "Unions",
        GraphQLInputObjectType: "Inputs",
        GraphQLEnumType: "Enums",
    }
    return kinds.get(type(type_), "Scalars")


def _told(graph: GraphQLSchema, type_: GraphQLNamedType) -> Iterator[str]:
    """What there is to say of a type, paragraph by paragraph."""
    if type_.description:
        yield _flat(type_.description)
    if isinstance(type_, GraphQLObjectType | GraphQLInterfaceType) and type_.interfaces:
        yield f"Implements {', '.join(map(_link, type_.interfaces))}."
    if isinstance(type_, GraphQLInterfaceType):
        yield f"Is one of {', '.join(map(_link, graph.get_possible_types(type_)))}."
    if isinstance(type_, GraphQLUnionType):
        yield f"Is one of {', '.join(map(_link, type_.types))}."
    if isinstance(type_, GraphQLEnumType):
        rows = ((f"`{name}`", _described(value)) for name, value in type_.values.items())
        yield _table(("value", "meaning"), rows)
    if isinstance(type_, GraphQLObjectType | GraphQLInterfaceType | GraphQLInputObjectType):
        yield _table(("field", "type", "meaning"), _fields(type_))


def _fields(type_: Fielded) -> Iterator[tuple[str, ...]]:
    for name, field in type_.fields.items():
        yield f"`{name}`", _typed(field), _described(field)
        if isinstance(field, GraphQLField):
            for argument, of in field.args.items():
                yield f"`{name}({argument}:)`", _typed(of), _described(of)


def _directive(directive: GraphQLDirective) -> Iterator[str]:
    yield f"### @{directive.name}"
    if directive.description:
        yield _flat(directive.description)
    if directive.args:
        rows = ((f"`{name}`", _typed(of), _described(of)) for name, of in directive.args.items())
        yield _table(("argument", "type", "meaning"), rows)


def _typed(element: Documented) -> str:
    """The type, linked to where it is told of, with its default."""
    whole, named = str(element.type), get_named_type(element.type)
    before, _, after = whole.partition(named.name)
    default = getattr(element, "default", None)
    given = f" = `{print_ast(default.literal)}`" if default else ""
    return f"{_escaped(before)}{_link(named)}{_escaped(after)}{given}"


def _link(type_: GraphQLNamedType) -> str:
    return type_.name if is_specified_scalar_type(type_) else f"[{type_.name}](#{type_.name.lower()})"


def _described(element: object) -> str:
    described = _flat(getattr(element, "description", None) or "")
    reason = getattr(element, "deprecation_reason", None)
    return f"{described} **Deprecated**: {_flat(reason)}".strip() if reason else described


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = (" | ".join(cell.replace("|", "\\|") for cell in row) for row in rows)
    return "\n".join((f"| {' | '.join(head)} |", f"|{'---|' * len(head)}", *(f"| {line} |" for line in lines)))


def _flat(text: str) -> str:
    """In one line, and as text wherever Markdown would make something of it."""
    return re.sub(r"([<*])", r"\\\1", " ".join(text.split()))


def _escaped(text: str) -> str:
    return text.replace("[", "\\[").replace("]", "\\]")


if __name__ == "__main__":
    main(sys.argv[1:])
