"""The table of docs/guides/reliability.md, written by the run that it tells of."""

from __future__ import annotations

import json
import os
import re
from datetime import UTC, datetime
from pathlib import Path

from smartcity.settings import ROOT
from tests.faults.results import Result

PAGE = ROOT / "docs" / "guides" / "reliability.md"
COLUMNS = (
    "scenario",
    "database",
    "events",
    "faults",
    "lost",
    "twice",
    "repeats dropped",
    "drained in",
    "remark",
)
_RULE = f"|{' --- |' * len(COLUMNS)}"
_TABLE = re.compile(r"(?<=<!-- written by make faults -->\n).*?(?=<!-- end -->)", re.S)


def write(folder: Path, *, seconds: float, passed: bool, whole: bool) -> None:
    """Put the results of a folder into the page, in the place of those before.

    A run of some scenarios replaces their rows, and says so in a line of its own.
    """
    page = PAGE.read_text("utf-8")
    new = {result.scenario: _cells(result) for result in _results(folder)}
    told, rows = ([], {}) if whole else _before(page)
    rows |= new
    lines = [*told, _told(list(new), seconds, passed, whole), "", _row(COLUMNS), _RULE]
    text = "\n".join([*lines, *(rows[name] for name in sorted(rows)), ""])
    PAGE.write_text(_TABLE.sub(lambda _: text, page), "utf-8")


def _before(page: str) -> tuple[list[str], dict[str, str]]:
    """What the page says of earlier runs, and its rows by scenario."""
    found = _TABLE.search(page)
    lines = found[0].splitlines() if found else []
    rows = {line.split(" | ")[0].removeprefix("| "): line for line in lines if line[:2] == "| "}
    told = [line for line in lines if line and line[0] != "|"]
    return told, {name: row for name, row in rows.items() if name not in (COLUMNS[0], "---")}


def _results(folder: Path) -> list[Result]:
    lines = (line for file in folder.glob("*.jsonl") for line in file.open(encoding="utf-8"))
    return [Result(**json.loads(line)) for line in lines]


def _told(names: list[str], seconds: float, passed: bool, whole: bool) -> str:
    day, minutes = f"{datetime.now(UTC):%d %B %Y}", seconds / 60
    told = f"Run of {day}, {os.cpu_count()} cores, {minutes:.0f} minutes, {len(names)} rows"
    if not whole:
        told = f"- Run again on {day}, {minutes:.0f} minutes: {', '.join(sorted(names))}"
    return f"{told}; all passed." if passed else f"{told}. **Not every scenario passed.**"


def _cells(result: Result) -> str:
    cells = (
        result.scenario,
        result.database,
        f"{result.events:,}",
        result.faults,
        str(result.lost),
        str(result.twice),
        str(result.duplicates),
        f"{result.drain:.1f} s",
        result.remark or "–",
    )
    return _row(cells)


def _row(cells: tuple[str, ...] | list[str]) -> str:
    return f"| {' | '.join(cells)} |"
