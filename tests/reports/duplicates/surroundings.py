"""How near, in place and time, two reports of one neighbourhood come to each other.

From a year of a real city's reports when they are at hand, else a sample of the same figures.
"""

import csv
import math
import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from tests.conftest import shared_data

SAME_TYPE = 0.056  # of the pairs measured


@dataclass(frozen=True)
class Near:
    """Two reports: metres and hours between them, and whether the city filed them as one type."""

    metres: float
    hours: float
    same_type: bool


@dataclass(frozen=True)
class _Case:
    at: datetime
    latitude: float
    longitude: float
    type: str


@cache
def surroundings() -> list[Near]:
    """Pairs 1 to 300 m and at most 30 days apart, the nearer in time first."""
    folder = shared_data()
    file = folder / "reports_311.csv" if folder else None
    return _measured(file) if file and file.is_file() else _noted()


def _measured(file: Path) -> list[Near]:
    cases = list(_cases(file))
    found: list[Near] = []
    for number, case in enumerate(cases):
        for later in cases[number + 1 : number + 800]:
            if later.at - case.at > timedelta(days=30):
                break
            metres = _metres(case, later)
            if 1 < metres <= 300:  # nearer ones lie on the city's default points
                hours = (later.at - case.at).total_seconds() / 3600
                found.append(Near(metres, hours, case.type == later.type))
    return found


def _cases(file: Path) -> list[_Case]:
    with file.open(encoding="utf-8") as opened:
        rows = [row for row in csv.DictReader(opened) if row["LATITUDE"] and row["LONGITUDE"]]
    return [
        _Case(
            datetime.strptime(row["OPEN_DT"], "%m/%d/%Y %I:%M:%S %p"),
            float(row["LATITUDE"]),
            float(row["LONGITUDE"]),
            row["TYPE"],
        )
        for row in rows
    ]


def _metres(one: _Case, other: _Case) -> float:
    north = (one.latitude - other.latitude) * 111_195
    east = (one.longitude - other.longitude) * 111_195 * math.cos(math.radians(one.latitude))
    return math.hypot(north, east)


def _noted() -> list[Near]:
    """The same shape, from the quantiles that were measured in that file."""
    dice = random.Random(1)
    return [
        Near(300 * math.sqrt(dice.random()), dice.uniform(0, 720), dice.random() < SAME_TYPE)
        for _ in range(5_000)
    ]
