"""Pages in Markdown: their headings, links and blocks of code."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"

_FENCE = re.compile(r"^( *)```(?P<language>[\w-]*)[^\n]*\n(?P<text>.*?)^\1```[ ]*$", re.DOTALL | re.MULTILINE)
_LINK = re.compile(r"(?<!\\)\[(?:[^\]\\]|\\.)*\]\((?P<target>[^)\s]+)\)")
_HEADING = re.compile(r"^#{1,6} +(?P<title>.+?) *$", re.MULTILINE)
_CODE = re.compile(r"`([^`\n]+)`")


class Block(NamedTuple):
    """A block of code, and what stands between it and the one before."""

    language: str
    text: str
    is_next: bool
    """Nothing but blank lines stands between."""


class Page:
    """One file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.text = path.read_text(encoding="utf-8")
        self.prose = _FENCE.sub("", self.text)

    def blocks(self) -> Iterator[Block]:
        """In their order."""
        end = 0
        for found in _FENCE.finditer(self.text):
            yield Block(found["language"], found["text"], not self.text[end : found.start()].strip())
            end = found.end()

    def anchors(self) -> set[str]:
        """The names that links reach its headings by."""
        slugs: dict[str, int] = {}
        for found in _HEADING.finditer(self.prose):
            title = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", found["title"]).lower().replace(" ", "-")
            slug = re.sub(r"[^\w-]", "", title)
            slugs[slug] = slugs.get(slug, -1) + 1
        return {f"{slug}-{place}" if place else slug for slug, most in slugs.items() for place in range(most + 1)}

    def links(self) -> Iterator[str]:
        """Where it links to, outside of code."""
        for found in _LINK.finditer(_CODE.sub("", self.prose)):
            yield found["target"]

    def code(self) -> str:
        """Whatever stands in blocks and between backticks."""
        return "\n".join([*(block.text for block in self.blocks()), *_CODE.findall(self.prose)])
