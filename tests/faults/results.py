"""What each scenario found, one line of JSON each, and the table that tells it."""

from __future__ import annotations

import json
import os
from collections.abc import Collection
from dataclasses import asdict, dataclass
from pathlib import Path

from sqlalchemy import make_url

from tests.faults.client import Client
from tests.faults.comparison import compare
from tests.faults.site import Site

FOLDER = "FAULTS"  # the variable that names where the lines go; the whole suite runs with it


@dataclass(frozen=True)
class Result:
    """One row of the table."""

    scenario: str
    database: str
    events: int
    faults: str
    lost: int
    twice: int
    duplicates: int  # that the receivers dropped
    drain: float  # seconds from the end of the faults to the last delivery
    remark: str = ""


def prove(
    site: Site,
    client: Client,
    scenario: str,
    faults: str,
    *,
    drain: float,
    remark: str = "",
    held: Collection[str] = (),
) -> Result:
    """Compare all journals, write the scenario's row, and fail when anything is lost or twice."""
    found = compare(client, site.records, site.centres, held)
    result = Result(
        scenario,
        database_name(site.database),
        found.events,
        faults,
        len(found.lost) + len(found.open),
        len(found.twice),
        sum(centre.duplicates for centre in site.centres),
        round(drain, 1),
        remark,
    )
    write(result)
    assert not found.lost, found.lost[:10]
    assert not found.twice, found.twice[:10]
    assert not found.open, found.open[:10]
    return result


def database_name(url: str) -> str:
    """As people call it."""
    kinds = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
    return kinds[make_url(url).get_backend_name()]


def write(result: Result) -> None:
    """Note a row for the run's table."""
    folder = os.environ.get(FOLDER)
    if folder:
        file = Path(folder) / f"{os.getpid()}.jsonl"
        with file.open("a", encoding="utf-8") as lines:
            lines.write(json.dumps(asdict(result), ensure_ascii=False) + "\n")
