"""The printed schema before web teams' tools: linters, a comparison with the last release, Relay's compiler."""

import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest
from graphql import GraphQLObjectType, build_schema

from tests.tools import lacking

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
SDL = ROOT / "schema" / "schema.graphql"
RELEASED = ROOT / "schema" / "released.graphql"
OPTIONS = ["--fetch-retries=1", "--fetch-retry-mintimeout=500", "--fetch-timeout=30000", "--prefer-offline"]
RULES = (
    "arguments-have-descriptions",
    "defined-types-are-used",
    "deprecations-have-a-reason",
    "descriptions-are-capitalized",
    "enum-values-all-caps",
    "enum-values-have-descriptions",
    "fields-are-camel-cased",
    "fields-have-descriptions",
    "input-object-fields-have-descriptions",
    "input-object-values-are-camel-cased",
    "input-object-values-have-descriptions",
    "relay-connection-arguments-spec",
    "relay-connection-types-spec",
    "relay-page-info-spec",
    "types-are-capitalized",
    "types-have-descriptions",
)
"""All of graphql-schema-linter's but those of order: fields stand in the order in which they are explained."""
ROOTS = {"Query", "Mutation", "Subscription"}


@pytest.fixture(scope="module")
def tools() -> Path:
    """Where the tools' programs are. They are installed once, and again when the lock file changes."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        lacking("Node.js with npm is not installed")
    locked = hashlib.sha256((HERE / "package-lock.json").read_bytes()).hexdigest()[:16]
    stamp = HERE / "node_modules" / f"installed-{locked}"
    if not stamp.exists():
        done = run(Path("npm"), "ci", "--loglevel=error", *OPTIONS)
        if done.returncode:
            lacking(f"the tools cannot be installed: {done.stderr}")
        stamp.touch()
    return HERE / "node_modules" / ".bin"


def run(
    program: Path, *arguments: str, cwd: Path = HERE, variables: Mapping[str, str] | None = None
) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [str(program), *arguments],
        cwd=cwd,
        env={**os.environ, "NO_COLOR": "1", **(variables or {})},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def values() -> list[str]:
    """The types that are no objects of their own: they have no id, and are found through one that has."""
    graph = build_schema(SDL.read_text(encoding="utf-8"))
    return [
        name
        for name, type_ in graph.type_map.items()
        if isinstance(type_, GraphQLObjectType)
        and name not in ROOTS
        and "Node" not in {interface.name for interface in type_.interfaces}
    ]


def eslint(tools: Path, text: str, tmp_path: Path) -> "subprocess.CompletedProcess[str]":
    schema = tmp_path / "schema.graphql"
    schema.write_text(text, encoding="utf-8")
    shutil.copy(HERE / "eslint.config.js", tmp_path)
    (tmp_path / "node_modules").symlink_to(HERE / "node_modules")
    variables = {"SCHEMA": str(schema), "VALUES": json.dumps(values())}
    return run(tools / "eslint", "--max-warnings=0", schema.name, cwd=tmp_path, variables=variables)


def test_graphql_eslint_recommends_nothing_else(tools: Path, tmp_path: Path) -> None:
    done = eslint(tools, SDL.read_text(encoding="utf-8"), tmp_path)

    assert (done.returncode, done.stdout) == (0, ""), done.stderr


def test_graphql_eslint_would_tell(tools: Path, tmp_path: Path) -> None:
    """A type without a description and without an id is found."""
    text = SDL.read_text(encoding="utf-8") + "\ntype bad_one implements Node { name: String }\n"

    assert eslint(tools, text, tmp_path).returncode == 1


def test_the_schema_linter_finds_nothing(tools: Path) -> None:
    done = run(tools / "graphql-schema-linter", "--rules", ",".join(RULES), str(SDL))

    assert done.returncode == 0, done.stdout


def test_nothing_that_clients_rely_on_is_gone_since_the_last_release(tools: Path) -> None:
    done = run(tools / "graphql-inspector", "diff", str(RELEASED), str(SDL))

    assert done.returncode == 0, done.stdout
    assert "No breaking changes" in done.stdout or "No changes" in done.stdout


def test_the_inspector_would_tell(tools: Path, tmp_path: Path) -> None:
    broken = tmp_path / "schema.graphql"
    broken.write_text(SDL.read_text(encoding="utf-8").replace("  balances(", "  sums(", 1), encoding="utf-8")

    assert run(tools / "graphql-inspector", "diff", str(RELEASED), str(broken)).returncode == 1


def test_relays_compiler_takes_pages_and_refetches(tools: Path, tmp_path: Path) -> None:
    app = Path(shutil.copytree(HERE / "relay", tmp_path / "app"))
    shutil.copy(SDL, app / "schema.graphql")
    done = run(tools / "relay-compiler", cwd=app)

    assert done.returncode == 0, done.stdout + done.stderr
    written = {path.name.removesuffix(".graphql.ts") for path in (app / "__generated__").iterdir()}
    assert {"CustomerPagePaymentsQuery", "CustomerPageTotalsQuery", "CustomerPageAccountQuery"} <= written
