"""A page's commands, carried out one after the other in one shell, as a reader types them."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

from tests.docs.pages import ROOT, Page
from tests.tools import lacking

ADDRESS = "http://127.0.0.1:8000"
"""Where the pages say that the server is."""

_END = "\x1e"
_REST = "…"


def outputs(page: Page, url: str, folder: Path) -> list[tuple[str, str | None]]:
    """What each block of commands wrote, with the answer that the page shows for it. The first failure ends it."""
    if shutil.which("curl") is None:
        lacking("curl is not installed")
    (folder / "examples").symlink_to(ROOT / "examples")
    blocks = list(page.blocks())
    commands = [block.text.replace(ADDRESS, url) for block in blocks if block.language == "sh"]
    script = f"printf '{_END}'\n".join(["set -euo pipefail\n", *commands]) + f"printf '{_END}'\n"
    shell = ["bash", "-c", script]
    done = subprocess.run(shell, cwd=folder, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, f"{page.path.name}: {done.stderr}\n{done.stdout[-2000:]}"
    written = done.stdout.split(_END)[1:-1]
    shown = [
        after.text if after.is_next and after.language in {"json", "text"} else None
        for block, after in zip(blocks, [*blocks[1:], blocks[0]], strict=True)
        if block.language == "sh"
    ]
    return list(zip(written, shown, strict=True))


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
        named_first = shown[:-1] if shown and shown[-1] == _REST else shown
        whole = len(named_first) < len(found) if named_first is not shown else len(shown) == len(found)
        return whole and all(map(_same, named_first, found))
    if isinstance(shown, str) and _REST in shown:
        return shown == _REST or (isinstance(found, str) and _matches(shown, found))
    return bool(shown == found)


def _matches(shown: str, found: str) -> bool:
    return re.fullmatch(".*".join(map(re.escape, shown.split(_REST))), found, re.DOTALL) is not None
