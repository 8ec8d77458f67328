"""What became of requests there, as callbacks with our moves."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from smartcity.adapters.centres.open311_options import Step
from smartcity.adapters.centres.open311_wire import Row, ident, moment
from smartcity.core.texts import text

UPDATE = "update:"  # begins what deliveries remember of updates that we sent
# A sequence has 31 bits: the minute of an update, and room for so many moves in it; until 2083.
_SINCE, _ROOM = datetime(2020, 1, 1, tzinfo=UTC), 64
_LONGEST_ID, _LONGEST_TEXT = 60, 2_000
Steps = Mapping[str, tuple[Step, ...]]
Callback = dict[str, Any]


@dataclass(frozen=True)
class Update:
    """One step of a request there; `statuses` from the closest word for it to the coarsest."""

    id: str
    request: str
    statuses: tuple[str, ...]
    at: datetime
    words: str


def of_updates(rows: Iterable[Row]) -> list[Update]:
    """Rows of servicerequestupdates; what has no id or time is nothing that can be followed."""
    return _read(rows, "update_id", "description")


def of_requests(rows: Iterable[Row]) -> list[Update]:
    """Rows of requests: each is what changed last."""
    named = [{**row, "update_id": f"{_request(row)}@{row.get('updated_datetime')}"} for row in rows]
    return _read(named, "update_id", "status_notes")


def callbacks(updates: Iterable[Update], steps: Steps) -> list[Callback]:
    """The walks that updates mean, first to last.

    A sequence is made of the minute, and of the moves of the same request in that minute: ids and
    sequences are the same whenever whole minutes are asked for.
    """
    walked: Counter[tuple[str, int]] = Counter()
    told = []
    for update in sorted(updates, key=lambda update: update.at):
        minute = int((update.at - _SINCE).total_seconds() // 60)
        for callback in _walk(update, _meaning(update, steps)):
            walked[update.request, minute] += 1
            sequence = minute * _ROOM + walked[update.request, minute]
            told.append({**callback, "sequence": sequence})
    return told


def _read(rows: Iterable[Row], name: str, words: str) -> list[Update]:
    found = []
    for row in rows:
        request, id, at = _request(row), ident(row, name), moment(row.get("updated_datetime"))
        if request and id and at:
            statuses = tuple(str(row.get(key) or "") for key in ("external_status_code", "status"))
            found.append(Update(id, request, statuses, at, str(row.get(words) or "").strip()))
    newest_first = bool(found) and found[0].at > found[-1].at
    return found[::-1] if newest_first else found


def _request(row: Row) -> str | None:
    return ident(row, "service_request_id")


def _meaning(update: Update, steps: Steps) -> tuple[Step, ...]:
    known = (steps[status.casefold()] for status in update.statuses if status.casefold() in steps)
    return next(known, ())


def _walk(update: Update, steps: tuple[Step, ...]) -> Iterator[Callback]:
    """A callback a step; the words go with what needs words, else with the last, once."""
    bearers = [step for step in steps if step.needs_words] or list(steps[-1:])
    for number, step in enumerate(steps, 1):
        words = update.words or (text("ioc_open311.no_words", "vi") if step.needs_words else "")
        yield {
            "id": f"{_short(update.id)}.{number}",
            "reference": update.request,
            "update": UPDATE + update.id,
            "move": step.move,
            "at": update.at.isoformat(),
            **({"public_text": words[:_LONGEST_TEXT]} if words and step in bearers else {}),
            **step.told,
        }


def _short(id: str) -> str:
    fits = len(id) <= _LONGEST_ID
    return id if fits else hashlib.sha256(id.encode()).hexdigest()[:_LONGEST_ID]
