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
_TABLE = re.compile(r"(?<=<!-- written by make faults -->\n).*?(?=<!-- end -->)", re.S)


def write(folder: Path, *, seconds: float, passed: bool) -> None:
    """Put the results of a folder into the page, in the place of those before."""
    rows = sorted(_results(folder), key=lambda result: result.scenario)
    lines = [_told(len(rows), seconds, passed), "", _row(COLUMNS), _row(["---"] * len(COLUMNS))]
    text = "\n".join([*lines, *map(_cells, rows), ""])
    PAGE.write_text(_TABLE.sub(lambda _: text, PAGE.read_text("utf-8")), "utf-8")


def _results(folder: Path) -> list[Result]:
    lines = (line for file in folder.glob("*.jsonl") for line in file.open(encoding="utf-8"))
    return [Result(**json.loads(line)) for line in lines]


def _told(rows: int, seconds: float, passed: bool) -> str:
    day, minutes = f"{datetime.now(UTC):%d %B %Y}", seconds / 60
    told = f"Run of {day}, {os.cpu_count()} cores, {minutes:.0f} minutes, {rows} rows"
    return (
        f"{told}; every scenario passed." if passed else f"{told}. **Not every scenario passed.**"
    )


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
