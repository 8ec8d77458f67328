"""The client's journal, the database and the receivers' journals, held against each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from tests.faults.centre import Centre
from tests.faults.client import Client
from tests.faults.records import Event, Records


@dataclass(frozen=True)
class Comparison:
    """What is wrong, each a sentence; nothing when all is well."""

    events: int
    lost: list[str]
    twice: list[str]
    open: list[str]


def compare(
    client: Client, records: Records, centres: Iterable[Centre], held: Collection[str] = ()
) -> Comparison:
    """Whether each accepted report is there once, and each of its steps at each centre once.

    `held`: codes of reports that a centre refused for good, which may wait there.
    """
    events = [e for e in records.events(client.reports.values()) if e.code not in held]
    lost = _missing_reports(client, events, held)
    twice = _filed_twice(client, records)
    still_open: list[str] = []
    for centre in centres:
        accepted = [e for e in centre.accepted() if e["subject"] not in held]
        lost += _missing(centre, events, accepted)
        twice += _repeated(centre, accepted)
        unsettled = records.unsettled(centre.name) & {event.id for event in events}
        still_open += [f"{centre.name}: {id} is not settled" for id in sorted(unsettled)]
    return Comparison(len(events), lost, twice, still_open)


def _missing_reports(client: Client, events: list[Event], held: Collection[str]) -> list[str]:
    known = {event.code for event in events} | set(held)
    return [f"{key} {code} is gone" for key, code in client.reports.items() if code not in known]


def _filed_twice(client: Client, records: Records) -> list[str]:
    filed = Counter(records.filed(f"{client.name}-"))
    return [f"{key} became {count} reports" for key, count in filed.items() if count > 1]


def _missing(centre: Centre, events: list[Event], accepted: list[dict[str, Any]]) -> list[str]:
    arrived = {event["id"] for event in accepted}
    return [f"{centre.name} lacks {event}" for event in events if event.id not in arrived]


def _repeated(centre: Centre, accepted: list[dict[str, Any]]) -> list[str]:
    """Ids that took effect twice, and steps that did not come after all those before them."""
    ids = Counter(event["id"] for event in accepted)
    wrong = [f"{centre.name} has {id} {count} times" for id, count in ids.items() if count > 1]
    last: dict[str, int] = {}
    for event in accepted:
        number = int(event["sequence"])
        if number <= last.get(event["subject"], 0):
            wrong.append(f"{centre.name}: {event['subject']} went back to {number}")
        last[event["subject"]] = number
    return wrong
