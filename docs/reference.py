"""Writes the reference: `python docs/reference.py [folder]`. Nobody edits its pages.

The graph's come from the SDL (`schema/schema.graphql`), one for each kind of its parts, and `schema.md`
that leads to them; `settings.md` comes from `.env.example`.
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

PAGES = ("queries", "mutations", "subscriptions", "objects", "interfaces", "unions", "inputs", "enums", "scalars")
KINDS: Mapping[type[GraphQLNamedType], str] = {
    GraphQLObjectType: "objects",
    GraphQLInterfaceType: "interfaces",
    GraphQLUnionType: "unions",
    GraphQLInputObjectType: "inputs",
    GraphQLEnumType: "enums",
}
SETTING = re.compile(r"#?(?P<name>[A-Z][A-Z0-9_]*)=(?P<value>.*)")
PART = re.compile(r"# --- (?P<title>.*?) -+")


def main(arguments: Sequence[str]) -> None:
    """Write all pages, and remove those of before."""
    folder = Path(arguments[0]) if arguments else FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    graph = build_schema((ROOT / "schema" / "schema.graphql").read_text(encoding="utf-8"))
    settings = (ROOT / ".env.example").read_text(encoding="utf-8")
    pages = {**schema_pages(graph), "settings": settings_page(settings)}
    for page in folder.glob("*.md"):
        page.unlink()
    for name, text in pages.items():
        (folder / f"{name}.md").write_text(text, encoding="utf-8")


def schema_pages(graph: GraphQLSchema) -> Mapping[str, str]:
    """Everything that a client can ask for: text by the page's name."""
    parts: dict[str, list[str]] = {page: [] for page in PAGES}
    for _, type_ in sorted(graph.type_map.items()):
        if is_introspection_type(type_) or is_specified_scalar_type(type_):
            continue
        page = _page(graph, type_)
        parts[page] += _roots(type_) if page in PAGES[:3] else [_paragraphs(_type(graph, type_))]
    parts["directives"] = [
        _paragraphs(_directive(each)) for each in graph.directives if not is_specified_directive(each)
    ]
    pages = {page: [f"# {page.title()}", *told] for page, told in parts.items() if told}
    counted = "\n".join(f"- [{page.title()}]({page}.md): {len(told) - 1}" for page, told in pages.items())
    contents = "```{toctree}\n:hidden:\n\n" + "\n".join(pages) + "\n```"
    head = "What a client can ask for, made of `schema/schema.graphql`. `!` after a type says that it is never null."
    first = ["# The graph", head, counted, contents]
    return {page: _paragraphs(told) + "\n" for page, told in {"schema": first, **pages}.items()}


def settings_page(text: str) -> str:
    """Every setting with its default or an example, part by part."""
    parts = ["# Settings", "Made of `.env.example`."]
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
    return _paragraphs(parts) + "\n"


def _setting(name: str, value: str, words: Iterable[str]) -> str:
    shown = f"`{name}={value}`" if value else "Without a default."
    return _paragraphs((f"### {name}", shown, _flat(" ".join(words))))


def _page(graph: GraphQLSchema, type_: GraphQLNamedType) -> str:
    """The page that tells of a type."""
    for page, root in zip(PAGES, (graph.query_type, graph.mutation_type, graph.subscription_type), strict=False):
        if type_ is root:
            return page
    return KINDS.get(type(type_), "scalars")


def _roots(type_: GraphQLNamedType) -> Iterator[str]:
    """The fields with which an operation begins, each with its arguments."""
    assert isinstance(type_, GraphQLObjectType)  # noqa: S101 - told to mypy: roots are objects
    for name, field in sorted(type_.fields.items()):
        rows = [(f"`{argument}`", _typed(of), _described(of)) for argument, of in field.args.items()]
        table = [_table(("argument", "type", "meaning"), rows)] if rows else []
        yield _paragraphs((f"## {name}", _described(field), f"Gives {_typed(field)}.", *table))


def _type(graph: GraphQLSchema, type_: GraphQLNamedType) -> Iterator[str]:
    """What there is to say of a type, paragraph by paragraph."""
    yield f"## {type_.name}"
    yield _described(type_)
    if isinstance(type_, GraphQLObjectType | GraphQLInterfaceType) and type_.interfaces:
        yield f"Implements {', '.join(map(_link, type_.interfaces))}."
    if isinstance(type_, GraphQLInterfaceType | GraphQLUnionType):
        yield f"Is one of {', '.join(map(_link, graph.get_possible_types(type_)))}."
    if isinstance(type_, GraphQLEnumType):
        rows = ((f"`{name}`", _described(value)) for name, value in type_.values.items())
        yield _table(("value", "meaning"), rows)
    if isinstance(type_, GraphQLObjectType | GraphQLInterfaceType | GraphQLInputObjectType):
        yield _table(("field", "type", "meaning"), _fields(type_.fields))


def _fields(fields: Mapping[str, GraphQLField] | Mapping[str, GraphQLInputField]) -> Iterator[tuple[str, ...]]:
    for name, field in fields.items():
        yield f"`{name}`", _typed(field), _described(field)
        if isinstance(field, GraphQLField):
            for argument, of in field.args.items():
                yield f"`{name}({argument}:)`", _typed(of), _described(of)


def _directive(directive: GraphQLDirective) -> Iterator[str]:
    yield f"## @{directive.name}"
    yield _described(directive)
    if directive.args:
        rows = ((f"`{name}`", _typed(of), _described(of)) for name, of in directive.args.items())
        yield _table(("argument", "type", "meaning"), rows)


def _typed(element: Documented) -> str:
    """The type, linked to where it is told of, with its default."""
    named = get_named_type(element.type)
    before, _, after = str(element.type).replace("[", "\\[").replace("]", "\\]").partition(named.name)
    default = getattr(element, "default", None)
    return f"{before}{_link(named)}{after}" + (f" = `{print_ast(default.literal)}`" if default else "")


def _link(type_: GraphQLNamedType) -> str:
    if is_specified_scalar_type(type_):
        return type_.name
    return f"[{type_.name}]({KINDS.get(type(type_), 'scalars')}.md#{type_.name.lower()})"


def _described(element: object) -> str:
    described = _flat(getattr(element, "description", None) or "")
    reason = getattr(element, "deprecation_reason", None)
    return f"{described} **Deprecated**: {_flat(reason)}".strip() if reason else described


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = (" | ".join(cell.replace("|", "\\|") for cell in row) for row in rows)
    return "\n".join((f"| {' | '.join(head)} |", f"|{'---|' * len(head)}", *(f"| {line} |" for line in lines)))


def _paragraphs(parts: Iterable[str]) -> str:
    return "\n\n".join(filter(None, parts))


def _flat(text: str) -> str:
    """In one line, and as text wherever Markdown would make something of it."""
    return re.sub(r"([<*])", r"\\\1", " ".join(text.split()))


if __name__ == "__main__":
    main(sys.argv[1:])
