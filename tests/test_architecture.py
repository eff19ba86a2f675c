"""The house rules that a machine can check: who imports whom, what a vendor consists of, how long a file may be."""

import ast
import re
import statistics
import subprocess
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
PACKAGES = ("executor", "providers", "resolvers", "schema", "serving")
VENDORS = ("finicity", "pluggy", "formance")
VENDOR_MODULES = ("auth", "client", "models", "translate", "capabilities", "costs", "provider", "sandbox", "config")
ENVIRONMENT_METHODS = {"get", "need", "secret", "typed", "number", "choice", "has", "any"}
VARIABLE = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*\Z")


def sources(*places: str) -> list[Path]:
    """The Python files of these packages and modules; of the whole program when none is named."""
    found = []
    for place in places or (*PACKAGES, "server.py"):
        path = ROOT / place
        found += [path] if path.suffix else sorted(path.rglob("*.py"))
    return found


def tracked() -> Iterator[tuple[Path, str]]:
    """Path and text of every file that is in the repository or about to be; without one, of every plain file."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    names = listed.stdout.decode().split("\0")[:-1] or _plain_files()
    for path in map(Path, names):
        if (ROOT / path).is_file():
            yield path, (ROOT / path).read_text(encoding="utf-8", errors="replace")


def _plain_files() -> list[str]:
    places = (path.relative_to(ROOT) for path in ROOT.rglob("*") if path.is_file())
    return [str(path) for path in places if not any(part.startswith((".", "__")) for part in path.parts[:-1])]


def imported(path: Path) -> set[str]:
    """The top-level packages that a file imports."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.partition(".")[0])
    return names


def importers(*packages: str) -> set[str]:
    """The source files that import any of these."""
    return {str(path.relative_to(ROOT)) for path in sources() if imported(path) & set(packages)}


def test_import_contracts_hold() -> None:
    """Layers import downwards only, vendors do not know each other, and each layer keeps to its libraries.

    In a process of its own: the linter reads files on threads that have hung under a tracer.
    """
    linter = Path(sys.executable).parent / "lint-imports"
    linted = subprocess.run(
        [linter, "--no-cache", "--no-logo"], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert linted.returncode == 0, linted.stdout


@pytest.mark.parametrize("vendor", VENDORS)
@pytest.mark.parametrize("module", VENDOR_MODULES)
def test_every_vendor_has_the_same_files(vendor: str, module: str) -> None:
    """A module that outgrew one file is a package of the same name."""
    folder = ROOT / "providers" / vendor
    assert (folder / f"{module}.py").is_file() != (folder / module / "__init__.py").is_file()


@pytest.mark.parametrize("vendor", VENDORS)
def test_every_vendor_says_how_its_words_become_ours(vendor: str) -> None:
    mappings = (ROOT / "providers" / vendor / "MAPPINGS.md").read_text(encoding="utf-8")
    assert mappings.startswith("# ")
    assert "|" in mappings


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_vendor_is_named_only_where_it_is_wired(vendor: str) -> None:
    """Its package is imported by itself and by the one module that connects it."""
    pattern = re.compile(rf"(?:from|import) providers\.{vendor}\b|from providers import .*\b{vendor}\b")
    users = {path.relative_to(ROOT).parts[:2] for path in sources() if pattern.search(path.read_text(encoding="utf-8"))}
    assert users <= {("providers", vendor), ("providers", "connect.py")}


def test_files_are_short() -> None:
    """At most 400 lines each; half of them under 120."""
    lengths = {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8").count("\n") for path in sources()}
    assert {name: length for name, length in lengths.items() if length > 400} == {}
    assert statistics.median(lengths.values()) < 120


def test_no_call_escapes_the_one_caller() -> None:
    """Only the caller and its transport know an HTTP client, so limits, records and redaction cannot be gone around."""
    clients = importers("httpx", "aiohttp", "httpx_aiohttp", "requests", "urllib3", "httpcore")
    assert clients <= {"providers/exchange.py", "providers/transport.py"}


def test_the_wiring_stays_short() -> None:
    assert (ROOT / "server.py").read_text(encoding="utf-8").count("\n") < 200


def test_graphql_stays_out_of_the_providers() -> None:
    assert not {name for name in importers("strawberry", "graphql", "aiodataloader") if name.startswith("providers/")}


def test_no_amount_meets_a_binary_float() -> None:
    """Nothing that handles amounts calls `float`. Seconds may: of retries, tokens and polling."""
    callers = {
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in sources("providers", "resolvers", "schema")
        if path.stem not in {"retry", "token", "auth", "configs"}
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "float"
    }
    assert callers == set()


def test_no_module_is_named_after_nothing() -> None:
    """A file is a noun of the domain."""
    vague = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "base"}
    assert not [path for path in sources() if path.stem in vague]


def test_the_project_knows_no_machine_and_no_package_registry() -> None:
    """A checkout works anywhere: no home directory, no build machine's path, no address of an index."""
    foreign = re.compile(
        r"file:/{2}|(?<![\w./-])/(?:home|root|Users|work|tmp)/\w|--(?:extra-)?index-url\s"
        r"|\b(?:files\.pythonhosted|pypi\.python|test\.pypi|pypi)\.org\b|\bregistry\.npmjs\.org\b|\bproxy\.golang\.org\b"
    )
    itself = Path(__file__).relative_to(ROOT)
    found = {f"{path}: {hit[0]}" for path, text in tracked() if path != itself for hit in foreign.finditer(text)}
    assert found == set()


@pytest.mark.parametrize(
    "lock", ["requirements.lock", "requirements-dev.lock", "tests/sdk/formance.lock", "tests/sdk/pluggy.lock"]
)
def test_every_locked_package_is_pinned_and_hashed(lock: str) -> None:
    entries = re.split(r"\n(?=[a-z])", re.sub(r"(?m)^ *#.*\n", "", (ROOT / lock).read_text(encoding="utf-8")))
    for entry in entries:
        assert re.match(r"[a-z0-9-]+(\[[a-z,]+\])?==[\w.+]+( ; [^\\]+)? \\\n", entry), entry
        assert "--hash=sha256:" in entry


def test_the_development_lock_holds_the_runtime_lock() -> None:
    """What is tested is what runs."""
    run, dev = (
        {re.sub(r"\[.*\]", "", line) for line in (ROOT / lock).read_text(encoding="utf-8").splitlines() if "==" in line}
        for lock in ("requirements.lock", "requirements-dev.lock")
    )
    assert run <= dev


@pytest.mark.parametrize("python", ["3.11.0", "3.11.7", "3.12.0", "3.13.0", "3.14.0"])
def test_the_locks_hold_what_their_packages_need_on_every_python(python: str) -> None:
    """They are made by one version, which leaves out what only another one needs."""
    version = {"python_full_version": python, "python_version": python.rpartition(".")[0], "extra": ""}
    locked: set[str] = set()
    for lock in ("requirements.lock", "requirements-dev.lock"):
        names = set(re.findall(r"(?m)^([a-z0-9-]+)(?:\[[a-z,]+\])?==", (ROOT / lock).read_text(encoding="utf-8")))
        locked |= names
        needs = [Requirement(each) for name in names for each in metadata.requires(name) or []]
        needed = {canonicalize_name(each.name) for each in needs if not each.marker or each.marker.evaluate(version)}
        assert len(needed) > 20
        assert needed - locked == set()


def read_variables() -> set[str]:
    """The variables that the code asks its `Environment` for, and those that the vendors list as required."""
    names = set()
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names |= {text for text in _asked(node) | _required(node) if VARIABLE.match(text)}
    return names


def _asked(node: ast.AST) -> set[str]:
    """The names in `environment.get("NAME")` and its like, and in calls that take the environment beside a name."""
    if not isinstance(node, ast.Call):
        return set()
    method = node.func if isinstance(node.func, ast.Attribute) else None
    asks = method is not None and method.attr in ENVIRONMENT_METHODS and _is_environment(method.value)
    if not asks and not any(map(_is_environment, node.args)):
        return set()
    patterns = [_pattern(argument) for argument in node.args]
    return {name for pattern in patterns if pattern for name in _expanded(pattern)}


def _is_environment(node: ast.expr) -> bool:
    name = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
    return name.strip("_") in {"environment", "env", "environ"}


def _pattern(argument: ast.expr) -> str:
    """A name as it is written; a part of it that is computed becomes `*`."""
    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
        return argument.value
    if isinstance(argument, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "*" for part in argument.values)
    return ""


def _expanded(pattern: str) -> set[str]:
    """A computed part of a variable's name is a vendor's: `f"{vendor}_MODE"` reads three variables."""
    return {pattern.replace("*", vendor.upper()) for vendor in VENDORS}


def _required(node: ast.AST) -> set[str]:
    """The names in `REQUIRED = (…)`, with or without a type."""
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    is_required = any(isinstance(target, ast.Name) and target.id == "REQUIRED" for target in targets)
    return {str(part.value) for part in ast.walk(node) if isinstance(part, ast.Constant)} if is_required else set()


def test_the_example_environment_lists_exactly_what_is_read() -> None:
    """A setting that nobody reads misleads, and one that is not listed cannot be found."""
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    listed = re.findall(r"(?m)^#? ?([A-Z][A-Z0-9_]+)=", text)
    assert len(listed) == len(set(listed))
    assert set(listed) == read_variables()


def test_the_image_copies_what_exists() -> None:
    """Each source of a `COPY` is in the checkout and is let through by `.dockerignore`."""
    copied = [
        source
        for line in re.findall(r"(?m)^COPY (?!--from)(.+)$", (ROOT / "Dockerfile").read_text(encoding="utf-8"))
        for source in line.split()[:-1]
    ]
    admitted = {
        line[1:] for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").split() if line.startswith("!")
    }
    assert {source for source in copied if not (ROOT / source).exists()} == set()
    assert set(copied) == admitted
    assert set(PACKAGES) < set(copied)


def test_the_changelog_has_room_for_the_next_change() -> None:
    assert re.search(r"(?m)^## \[?Unreleased\]?$", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"))


def test_every_test_that_the_security_page_names_exists() -> None:
    """A promise whose proof is gone is none."""
    named = set(re.findall(r"`(test_\w+)`", (ROOT / "docs" / "security.md").read_text(encoding="utf-8")))
    texts = (path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    defined = {name for text in texts for name in re.findall(r"def (test_\w+)\(", text)}
    assert len(named) > 50
    assert named - defined == set()
