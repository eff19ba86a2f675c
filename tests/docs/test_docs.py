"""The documentation holds together, names what there is, and shows what happens."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote

import pytest
import yaml
from graphql import DocumentNode, OperationDefinitionNode, build_schema, parse, validate

from docs import reference
from tests.docs.pages import DOCS, ROOT, Page
from tests.docs.session import ADDRESS, fits, outputs
from tests.docs.session import settings as settings_of
from tests.process import serving

WRITTEN = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "examples" / "web" / "README.md",
    *(path for path in sorted(DOCS.rglob("*.md")) if reference.FOLDER not in path.parents),
]
GUIDES = [
    *(DOCS / f"{name}.md" for name in ("index", "quickstart", "tutorial", "operations-guide")),
    *sorted((DOCS / "how-to").glob("*.md")),
]
TRIED = (
    "quickstart",
    "tutorial",
    *(
        f"how-to/{name}"
        for name in ("agents", "behind-a-router", "callers-and-tokens", "trusted-documents", "watch-it")
    ),
)
WORD = re.compile(r"(?<![\w-])[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+(?![\w…])")
ASSIGNED = re.compile(r"^(?:\w+=\S* )*?([A-Z][A-Z0-9_]+)=(?!\$\()", re.MULTILINE)
OF_OTHERS = {
    "OTEL_SERVICE_NAME",
    "OTEL_RESOURCE_ATTRIBUTES",
    "OTEL_TRACES_SAMPLER",
    "OTEL_TRACES_SAMPLER_ARG",
    "POSTGRES_PASSWORD",
    "NAME",
}
"""Variables that somebody else's documentation tells of."""


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Mapping[Path, Page]:
    """Every page by its place, with the generated ones where they will be."""
    folder = tmp_path_factory.mktemp("reference")
    reference.main([str(folder)])
    made = {reference.FOLDER / path.name: Page(path) for path in folder.glob("*.md")}
    assert {"schema.md", "queries.md", "objects.md", "settings.md"} <= {path.name for path in made}
    return {**{path: Page(path) for path in WRITTEN}, **made}


def test_every_link_leads_somewhere(pages: Mapping[Path, Page]) -> None:
    lost = [
        f"{place.relative_to(ROOT)}: {target}"
        for place, page in pages.items()
        for target in page.links()
        if not re.match(r"[a-z]+:", target) and not is_found(place, target, pages)
    ]

    assert lost == []


def is_found(place: Path, target: str, pages: Mapping[Path, Page]) -> bool:
    path, _, anchor = unquote(target).partition("#")
    found = (place.parent / path).resolve() if path else place
    if found in pages:
        return not anchor or anchor in pages[found].anchors()
    return found.exists() and not anchor


@pytest.mark.parametrize("name", TRIED)
def test_the_commands_of_a_page_do_what_it_shows(name: str, tmp_path: Path) -> None:
    """Each as it stands there, in one shell, on a server that was started as the page says."""
    work = tmp_path / "work"
    work.mkdir()
    page = Page(DOCS / f"{name}.md")
    with serving(tmp_path, **settings_of(page, work)) as server:
        found = outputs(page, server.url, work)

    assert ADDRESS in page.text
    assert [shown for _, shown in found if shown]
    for written, shown in found:
        assert shown is None or fits(shown, written), f"the page shows {shown}\nand got {written}"


@pytest.mark.parametrize("path", GUIDES, ids=lambda path: str(path.stem))
def test_a_page_names_settings_and_codes_that_there_are(path: Path) -> None:
    code = Page(path).code()
    words = {word.removesuffix("_FILE") for word in WORD.findall(code)}
    assigned = {word.removesuffix("_FILE") for word in ASSIGNED.findall(code)}

    assert words - settings() - OF_OTHERS - codes() == set()
    assert assigned - settings() - OF_OTHERS - {"QUERY", "HASH", "TOKEN"} == set()


def test_the_operations_that_pages_show_fit_the_graph() -> None:
    """In blocks of their own, and in manifests."""
    graph = build_schema((ROOT / "schema" / "schema.graphql").read_text(encoding="utf-8"))
    shown = [block.text for path in GUIDES for block in Page(path).blocks() if block.language == "graphql"]
    written = [text for path in GUIDES for text in re.findall(r'": ("(?:#|query|mutation) .*")', Page(path).code())]
    operations = [document for text in (*shown, *map(json.loads, written)) if is_executable(document := parse(text))]

    assert len(operations) >= 5
    assert [error.message for document in operations for error in validate(graph, document)] == []


def is_executable(document: DocumentNode) -> bool:
    return all(isinstance(each, OperationDefinitionNode) for each in document.definitions)


def settings() -> set[str]:
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    return {found["name"] for line in text.splitlines() if (found := reference.SETTING.fullmatch(line))}


def codes() -> set[str]:
    """Words that answers hold: values of enums, codes of errors."""
    places = ("resolvers", "serving", "providers")
    sources = [path.read_text(encoding="utf-8") for place in places for path in (ROOT / place).rglob("*.py")]
    graph = (ROOT / "schema" / "schema.graphql").read_text(encoding="utf-8")
    in_answers = {word for text in sources for word in re.findall(r'"([A-Z]+(?:_[A-Z]+)+)"', text)}
    return in_answers | set(re.findall(r"^  ([A-Z]+(?:_[A-Z]+)*)\b", graph, re.MULTILINE))


def test_each_setting_is_in_the_reference(pages: Mapping[Path, Page]) -> None:
    page = pages[reference.FOLDER / "settings.md"]

    assert len(settings()) > 80
    assert {name.lower() for name in settings()} - page.anchors() == set()


def test_each_type_and_field_is_in_the_reference(pages: Mapping[Path, Page]) -> None:
    """With what the SDL says of it, and why not to use it any more."""
    graph = build_schema((ROOT / "schema" / "schema.graphql").read_text(encoding="utf-8"))
    told = {path.stem: page for path, page in pages.items() if path.parent == reference.FOLDER}
    roots = {"queries": graph.query_type, "mutations": graph.mutation_type}
    types = {name.lower() for name in graph.type_map if name not in {"Query", "Mutation", "Subscription"}}
    own = {name for name in types if not name.startswith("__")} - {"string", "id", "int", "float", "boolean"}

    for page, root in roots.items():
        assert {name.lower() for name in root.fields} - told[page].anchors() == set()
    assert own - set[str]().union(*(page.anchors() for page in told.values())) == set()
    assert "| `first` | Int = `20` | How many items" in told["queries"].text
    assert "Gives [Customer](objects.md#customer)." in told["queries"].text
    assert "**Deprecated**: Use `settings` of `connectors`." in told["queries"].text


def test_there_is_something_to_do_about_each_alert() -> None:
    rules = yaml.safe_load((ROOT / "deploy" / "prometheus-alerts.yaml").read_text(encoding="utf-8"))
    alerts = {rule["alert"].lower() for group in rules["groups"] for rule in group["rules"]}

    assert alerts - Page(DOCS / "operations-guide.md").anchors() == set()


def test_the_first_page_leads_to_each_guide() -> None:
    linked = {(DOCS / target.partition("#")[0]).resolve() for target in Page(DOCS / "index.md").links()}

    assert {path for path in GUIDES if path.stem != "index"} - linked == set()


def test_what_builds_the_pages_is_locked_with_hashes() -> None:
    locked = (ROOT / "requirements-docs.lock").read_text(encoding="utf-8")
    requirements = [line for line in locked.splitlines() if line[:1].isalpha()]

    assert {"sphinx", "myst-parser", "furo", "graphql-core"} <= {line.partition("==")[0] for line in requirements}
    assert all(line.endswith(" \\") for line in requirements)
    assert version("graphql-core", locked) == version("graphql-core", (ROOT / "requirements.lock").read_text())


def version(package: str, locked: str) -> str:
    found = re.search(rf"^{package}==(\S+)", locked, re.MULTILINE)
    assert found is not None
    return found[1]


SHOWN_AND_FOUND = [
    ('{"a": 1}', '{"a": 1}', True),
    ('{"a": 1}', '{"a": 2}', False),
    ('{"a": 1}', '{"a": 1, "b": 2}', False),
    ('{"a": 1, "…": "…"}', '{"a": 1, "b": 2}', True),
    ('["x", "…"]', '["x"]', False),
    ('["x", "…"]', '["x", "y", "z"]', True),
    ('["x"]', '["x", "y"]', False),
    ('"py_…"', '"py_12"', True),
    ('"py_…"', '"in_12"', False),
    ('"…"', "7", True),
    ("POST /a/…/b", "POST /a/1/b", True),
    ("POST /a/…/b", "POST /a/1/c", False),
]


@pytest.mark.parametrize(("shown", "found", "does"), SHOWN_AND_FOUND)
def test_what_a_page_leaves_out_is_all_that_may_differ(shown: str, found: str, *, does: bool) -> None:
    assert fits(shown, found) is does
