"""How `make docs` builds these pages: Sphinx over Markdown, with whatever does not resolve as an error.

Pages stay plain Markdown that any viewer shows, so which page follows which stands here instead of in them.
"""

import re
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.util import logging

HERE = Path(__file__).parent

project = "Tributary"
author = "The maintainers of Tributary"
project_copyright = "Apache-2.0"
html_title = "Tributary"
html_theme = "furo"
html_static_path = ["static"]
html_css_files = ["pages.css"]
html_show_sourcelink = False
html_copy_source = False
extensions = ["myst_parser"]
myst_heading_anchors = 4
suppress_warnings = ["misc.highlighting_failure"]  # the lexer of GraphQL does not know directives of types

CONTENTS = {
    "Begin": ("quickstart", "tutorial"),
    "How to": ("how-to/*",),
    "Run it": ("operations-guide", "security", "performance"),
    "How it works": ("architecture", "cost", "executor", "speed", "subscriptions", "add-a-vendor"),
    "Reference": ("reference/schema", "reference/settings", "operations"),
    "Decisions": ("decisions/*",),
}
"""The pages in their order, if there are any of that name. A page that stands nowhere here fails the build."""

ASKED_FOR = re.compile(
    rb"""(?:<(?:script|img|iframe|source)\b[^>]*\ssrc|<link\b[^>]*\shref)=["'](?:https?:)?//[^"']+"""
)


def setup(app: Sphinx) -> None:
    """Add the contents to the first page, and look at what was built."""
    app.connect("source-read", add_contents)
    app.connect("build-finished", refuse_foreign_requests)


def add_contents(_app: Sphinx, page: str, source: list[str]) -> None:
    """Each part of the contents as a tree below the first page."""
    if page != "index":
        return
    for title, names in CONTENTS.items():
        there = "\n".join(name for name in names if any(HERE.glob(f"{name}.md")))
        source[0] += f"\n```{{toctree}}\n:hidden:\n:glob:\n:caption: {title}\n\n{there}\n```\n"


def refuse_foreign_requests(app: Sphinx, problem: Exception | None) -> None:
    """A page asks no other host for anything: neither script nor style, font or picture."""
    pages = () if problem else Path(app.outdir).rglob("*.html")
    found = {f"{page.name}: {hit[0].decode()}" for page in pages for hit in ASKED_FOR.finditer(page.read_bytes())}
    styles = () if problem else Path(app.outdir).rglob("*.css")
    found |= {page.name for page in styles if re.search(rb"url\(\s*[\"']?(?:https?:)?//|@import", page.read_bytes())}
    if found:
        logging.getLogger(__name__).warning("pages ask other hosts: %s", ", ".join(sorted(found)))
