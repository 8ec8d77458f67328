"""The documentation as data: its pages, blocks, tables, links and the commands they show."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from smartcity.settings import ROOT

DOCS = ROOT / "docs"
README = ROOT / "README.md"
GUIDES = DOCS / "guides"
PAGES = [README, *sorted(DOCS.rglob("*.md"))]
_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.M | re.S)
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_ROW = re.compile(r"^\|(.+)\|$", re.M)
_HEADING = re.compile(r"^#+ (.+)$", re.M)


@dataclass(frozen=True)
class Block:
    """A fenced block: what kind of text it holds, and where it begins."""

    kind: str
    text: str
    line: int


def blocks(page: Path, *kinds: str) -> list[Block]:
    """The fenced blocks of these kinds, in order."""
    text = page.read_text("utf-8")
    found = [Block(m[1], m[2], text.count("\n", 0, m.start()) + 1) for m in _BLOCK.finditer(text)]
    return [block for block in found if block.kind in kinds]


def block(page: Path, heading: str, kind: str) -> Block:
    """The one block of a kind under a heading; ValueError when there is none, or another."""
    lines = page.read_text("utf-8").splitlines()
    begins = lines.index(heading) + 1
    later = (n for n, line in enumerate(lines, 1) if n > begins and line.startswith("## "))
    ends = next(later, len(lines) + 1)
    (found,) = (b for b in blocks(page, kind) if begins < b.line < ends)
    return found


def table(page: Path, first_column: str) -> list[list[str]]:
    """The rows of the table whose first column has this title, without the title."""
    rows = [[cell.strip() for cell in m[1].split("|")] for m in _ROW.finditer(_prose(page))]
    start = next(n for n, row in enumerate(rows) if row[0] == first_column)
    width = len(rows[start])
    found = []
    for row in rows[start + 2 :]:
        if len(row) != width or set("".join(row)) <= set("-: "):
            break
        found.append(row)
    return found


def links(page: Path) -> Iterator[str]:
    """Where the page's links point to."""
    return (m[1] for m in _LINK.finditer(_prose(page)))


def anchors(page: Path) -> set[str]:
    """What a link may name behind `#`, as the usual renderers make it of headings."""
    headings = (m[1].lower() for m in _HEADING.finditer(_prose(page)))
    return {re.sub(r"[^\w\- ]", "", heading).replace(" ", "-") for heading in headings}


def _prose(page: Path) -> str:
    return _BLOCK.sub("", page.read_text("utf-8"))
