"""A page's commands, carried out one after the other in one shell, as a reader types them.

Blocks of `sh` are tried. One that ends with `make run` says how the server is started: what stands before that is done
first. Blocks of `shell` are for machines that have more than the tests need.
"""

import json
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.docs.pages import ROOT, Block, Page
from tests.tools import lacking

ADDRESS = "http://127.0.0.1:8000"
"""Where the pages say that the server is."""

_END = "\x1e"
_REST = "…"
_START = re.compile(r"^(?P<settings>(?:[A-Z_]+=\S+ )*)make run\n\Z", re.MULTILINE)
_MAKE = """
make() {{
  test "$1" = token; shift
  (for each in "$@"; do export "$each"; done; cd {root}
   {python} -m serving.auth.development --folder={folder}/var ${{SUB:+--sub="$SUB"}} ${{SCOPE:+--scope="$SCOPE"}} \\
     ${{CUSTOMER:+--customer="$CUSTOMER"}} ${{TTL:+--ttl="$TTL"}})
}}
"""
"""`make token`, without the environment that `make` would install."""


def settings(page: Page, folder: Path) -> Mapping[str, str]:
    """Do what comes before the start of the server; what it is started with."""
    (folder / "examples").symlink_to(ROOT / "examples")
    [(block, start)] = [(block, found) for block in _tried(page) if (found := _START.search(block.text))]
    _carried_out([block.text[: start.start()]], folder)
    given = dict(each.split("=", 1) for each in shlex.split(start["settings"]))
    return {name: str(folder / value) if (folder / value).exists() else value for name, value in given.items()}


def outputs(page: Page, url: str, folder: Path) -> list[tuple[str, str | None]]:
    """What each block of commands wrote, with the answer that the page shows for it. The first failure ends it."""
    if shutil.which("curl") is None:
        lacking("curl is not installed")
    blocks = list(page.blocks())
    pairs = [
        (block, after.text if after.is_next and after.language in {"json", "text"} else None)
        for block, after in zip(blocks, [*blocks[1:], Block("", "", is_next=False)], strict=True)
        if block in _tried(page) and not _START.search(block.text)
    ]
    written = _carried_out([block.text.replace(ADDRESS, url) for block, _ in pairs], folder)
    return list(zip(written, (shown for _, shown in pairs), strict=True))


def _tried(page: Page) -> list[Block]:
    return [block for block in page.blocks() if block.language == "sh"]


def _carried_out(commands: Sequence[str], folder: Path) -> list[str]:
    """What each of them wrote."""
    make = _MAKE.format(root=ROOT, python=sys.executable, folder=folder)
    script = f"printf '{_END}'\n".join([f"set -euo pipefail\n{make}", *commands])
    done = subprocess.run(["bash", "-c", script], cwd=folder, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, f"{done.stderr}\n{done.stdout[-2000:]}"
    return done.stdout.split(_END)[1:]


def fits(shown: str, written: str) -> bool:
    """Whether an output is what a page shows; `…` in it stands for anything."""
    try:
        expected = json.loads(shown)
    except ValueError:
        return _matches(shown.strip(), written.strip())
    return _same(expected, json.loads(written))


def _same(shown: Any, found: Any) -> bool:
    if isinstance(shown, dict) and isinstance(found, dict):
        named = {key for key in shown if key != _REST}
        known = named <= set(found) if _REST in shown else named == set(found)
        return known and all(_same(shown[key], found[key]) for key in named)
    if isinstance(shown, list) and isinstance(found, list):
        first = shown[:-1] if shown and shown[-1] == _REST else shown
        is_whole = len(first) < len(found) if first is not shown else len(shown) == len(found)
        return is_whole and all(map(_same, first, found))
    if isinstance(shown, str) and _REST in shown:
        return shown == _REST or (isinstance(found, str) and _matches(shown, found))
    return bool(shown == found)


def _matches(shown: str, found: str) -> bool:
    return re.fullmatch(".*".join(map(re.escape, shown.split(_REST))), found, re.DOTALL) is not None
