"""The figures of a replayed year, from its file alone: nothing of the program is imported.

    python tests/journeys/year_figures.py reports_311.csv

What the replay does with a case, and this script counts on (`n` is the case's number):

- A case of Boston's 2015 is a report of ours eleven years later, at the same time of day, which is
  the same day of the week. Its place is shifted into the province, its type is a category by
  `boston_311.yaml`; every twentieth `n` is urgent.
- It is accepted after an hour, or half-way to its closing where that is sooner. Of the cases that
  are open, a third by `n` waits for acceptance, a third is given to its unit, a third is begun.
- A closing whose reason says "duplicate" joins it to another, "invalid" refuses it; every other
  resolves it then. A day later, by the last digit of `n`: 0 to 3 satisfied, 4 accepted,
  5 dissatisfied, 6 dissatisfied and reopened, to be resolved two days later and then rated
  satisfied; the rest is closed by itself.
"""

from __future__ import annotations

import csv
import json
import math
import re
import statistics
import sys
import unicodedata
from collections import defaultdict
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import yaml

PROVINCE = Path(__file__).parents[2] / "config" / "province"
VIETNAM = timezone(timedelta(hours=7))
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
# The Government's days off on weekdays: notices of the Ministry of Home Affairs for 2026 and 2027.
FREE = {
    *(date(2026, 2, day) for day in range(16, 21)),
    *(date(2026, month, day) for month, day in ((1, 1), (4, 27), (4, 30), (5, 1), (8, 31))),
    *(date(2026, month, day) for month, day in ((9, 1), (9, 2), (11, 24))),
    date(2027, 1, 1),
    *(date(2027, 2, day) for day in range(4, 11)),
}
WORKED = {date(2026, 8, 22)}  # a Saturday, for 31 August


def figures(file: Path, now: datetime) -> dict[str, dict[str | None, dict[str, Any]]]:
    """The figures by category, agency and month, as they stand at an instant."""
    ends = [end(case, now) for case in cases(file)]
    return {group: by(group, ends) for group in ("category", "agency", "month")}


def cases(file: Path) -> list[dict[str, str]]:
    with file.open(newline="", encoding="utf-8") as lines:
        return [c for c in csv.DictReader(lines) if c["LATITUDE"] and c["LONGITUDE"]]


def by(group: str, ends: list[dict[str, Any]]) -> dict[str | None, dict[str, Any]]:
    groups = defaultdict(list)
    for found in ends:
        groups[found[group]].append(found)
    return {key: count(members) for key, members in groups.items()}


def count(ends: list[dict[str, Any]]) -> dict[str, Any]:
    def number(**wanted: object) -> int:
        return sum(all(e.get(k) == v for k, v in wanted.items()) for e in ends)

    hours = [e["hours"] for e in ends if e["became"] == "resolved"]
    return {
        "received": len(ends),
        "open": number(became="open"),
        "overdue": number(became="open", late=True),
        "resolved": number(became="resolved"),
        "on_time": number(became="resolved", late=False),
        "late": number(became="resolved", late=True),
        "rejected": number(became="rejected"),
        "duplicates": number(became="duplicate"),
        "reopened": number(reopened=True),
        "rated_satisfied": number(verdict="satisfied"),
        "rated_accepted": number(verdict="accepted"),
        "rated_dissatisfied": number(verdict="dissatisfied"),
        "median_hours": statistics.median(hours) if hours else None,
    }


def end(case: dict[str, str], now: datetime) -> dict[str, Any]:
    """What became of one case."""
    n, category, opened = int(case["CASE_ENQUIRY_ID"]), category_of(case), moment(case["OPEN_DT"])
    known = {"category": category, "month": f"{opened:%Y-%m}", "agency": None}
    limits = LIMITS[category]
    resolve = limits.get("urgent_resolve") if n % 20 == 0 else None
    resolve = resolve or limits["resolve"]
    agency = agency_of(case, category, opened)
    if case["CASE_STATUS"] == "Open":
        waits = n % 3 == 0
        due = after(opened, limits["accept"]) if waits else after(opened + HOUR, resolve)
        return {**known, "agency": None if waits else agency, "became": "open", "late": due < now}
    closed = max(opened, moment(case["CLOSED_DT"]))
    for word, became in (("duplicate", "duplicate"), ("invalid", "rejected")):
        if word in case["CLOSURE_REASON"].lower():
            return {**known, "became": became}
    due = after(opened + min(HOUR, (closed - opened) / 2), resolve)
    reopened = n % 10 == 6
    if reopened:
        due, closed = after(closed + DAY, resolve), closed + 3 * DAY
    return {
        **known,
        "agency": agency,
        "became": "resolved",
        "late": closed > due,
        "hours": (closed - opened) / HOUR,
        "reopened": reopened,
        "verdict": dict(zip(range(7), VERDICTS, strict=True)).get(n % 10),
    }


VERDICTS = (*["satisfied"] * 4, "accepted", "dissatisfied", "satisfied")


def moment(written: str) -> datetime:
    at = datetime.strptime(written, "%m/%d/%Y %I:%M:%S %p")
    return at.replace(year=at.year + 11, tzinfo=VIETNAM)


def after(start: datetime, limit: str) -> datetime:
    """When a limit such as 30min, 4h or 3d is over; of working days at five in the afternoon."""
    number, unit = re.fullmatch(r"(\d+)(min|h|d)", limit).groups()
    if unit != "d":
        return start + int(number) * (HOUR if unit == "h" else timedelta(minutes=1))
    day, left = start.date(), int(number)
    while left:
        day += DAY
        left -= day in WORKED or (day.weekday() < 5 and day not in FREE)
    return datetime(day.year, day.month, day.day, 17, tzinfo=VIETNAM)


def category_of(case: dict[str, str]) -> str:
    by_reason = BOSTON["reasons"].get(case["REASON"], BOSTON["default"])
    return BOSTON["types"].get(case["TYPE"], by_reason)


def agency_of(case: dict[str, str], category: str, opened: datetime) -> str:
    for rule in RULES:
        if fits(rule["if"], category, opened, words_of(case, category)):
            return rule["agency"]
    agency = LIMITS[category]["default_agency"]
    return f"ubnd-{ward_of(case)}" if agency == "ward" else agency


def fits(wanted: dict[str, Any], category: str, opened: datetime, words: str) -> bool:
    unknown = wanted.keys() - {"categories", "hours", "words"}
    assert not unknown, f"this script does not know {unknown}"
    if category not in wanted.get("categories", [category]):
        return False
    if "hours" in wanted:
        first, last = wanted["hours"].split("-")
        at = f"{opened:%H:%M}"
        if not (first <= at < last if first <= last else at >= first or at < last):
            return False
    return "words" not in wanted or any(plain(phrase) in words for phrase in wanted["words"])


def words_of(case: dict[str, str], category: str) -> str:
    """What the replay lets the citizen say."""
    told = BOSTON["sentences"].get(category) or BOSTON["sentences"][BOSTON["default"]]
    street = case["Location"].split("  ")[0][:100] or "khu dân cư"
    return plain(told[int(case["CASE_ENQUIRY_ID"]) % len(told)].format(street=street))


def plain(text: str) -> str:
    """Letters without case and accents, each word between single spaces."""
    letters = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    bare = "".join(c for c in letters if not unicodedata.combining(c))
    return f" {' '.join(re.findall(r'[a-z0-9_]+', bare))} "


def ward_of(case: dict[str, str]) -> str:
    """The commune with the nearest centre, on a map that is flat around the place."""
    latitude = round(float(case["LATITUDE"]) - 42.32 + 20.94, 6)
    longitude = round(float(case["LONGITUDE"]) + 71.08 + 106.33, 6)
    shrunk = math.cos(math.radians(latitude))

    def far(ward: dict[str, Any]) -> float:
        east = (float(ward["longitude"]) - longitude) * shrunk
        return math.hypot(east, float(ward["latitude"]) - latitude)

    return min(AREAS["wards"], key=far)["code"]


def _read(name: str) -> Any:
    return yaml.load((PROVINCE / name).read_text("utf-8"), yaml.CBaseLoader)  # "07" stays "07"


BOSTON, AREAS = _read("boston_311.yaml"), _read("areas.yaml")
LIMITS = {c["code"]: c for c in _read("categories.yaml")["categories"]}
RULES = _read("routing.yaml")["rules"]

if __name__ == "__main__":
    print(
        json.dumps(figures(Path(sys.argv[1]), datetime.now(VIETNAM)), ensure_ascii=False, indent=1)
    )
