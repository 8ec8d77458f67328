"""Events as iCalendar (RFC 5545): a calendar to subscribe to, and one event to put into one's own.

An entry keeps its UID for good, and its SEQUENCE rises with its version. Without a METHOD, DTSTAMP
is when it last changed.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache, lru_cache
from urllib.parse import urlsplit

from icalendar import Calendar, Event, Timezone

from smartcity.core.clock import LOCAL
from smartcity.core.context import settings
from smartcity.core.texts import text
from smartcity.registers.service import Entry, State

MIMETYPE = "text/calendar"
_LANGUAGE = "vi"
_END = b"END:VCALENDAR\r\n"
_ASK_AGAIN = timedelta(hours=6)  # RFC 7986 §5.7


@dataclass(frozen=True)
class _Version:
    """A version of an entry, which is written the same each time."""

    id: uuid.UUID
    number: int
    entry: Entry = field(compare=False)


def calendar(entries: Iterable[Entry], name: str | None = None) -> bytes:
    """A calendar of published and of withdrawn events; `name` is for one that is subscribed to."""
    frame = _frame(name).to_ical()
    events = [_written(_Version(entry.id, entry.version, entry)) for entry in entries]
    return b"".join((frame.removesuffix(_END), *events, _END))


def _frame(name: str | None) -> Calendar:
    """What stands around the events; `Calendar.new` would give it a UID by chance each time."""
    host = urlsplit(settings().public_url).hostname
    made = Calendar()
    made.add("version", "2.0")
    made.add("prodid", f"-//{host}//Smart City//{_LANGUAGE.upper()}")
    if name:
        made.calendar_name = name
        made.add("refresh-interval", _ASK_AGAIN, {"VALUE": "DURATION"})
    made.add_component(_zone())
    return made


@lru_cache(maxsize=1_000)
def _written(version: _Version) -> bytes:
    """An event takes the library most of a millisecond, and seldom changes."""
    entry = version.entry
    made = _withdrawn(entry) if entry.state == State.WITHDRAWN else _shown(entry)
    written: bytes = made.to_ical()
    return written


@cache
def _zone() -> Timezone:
    """The province's: it has kept the same offset since 1975."""
    return Timezone.from_tzid(LOCAL.key, first_date=date(2000, 1, 1))


def _withdrawn(entry: Entry) -> Event:
    """That it is off: what was taken back is not told again."""
    made = _standing(entry, text("guide.event.withdrawn", _LANGUAGE))
    made.add("status", "CANCELLED")
    return made


def _shown(entry: Entry) -> Event:
    record = entry.record
    made = _standing(entry, entry.title)
    made.add("status", "CANCELLED" if record["cancelled"] else "CONFIRMED")
    made.add("location", ", ".join(filter(None, (record["venue"], record["address"]))))
    made.add("categories", [text(f"guide.event.category.{entry.category}", _LANGUAGE)])
    made.add("description", "\n".join(_lines(entry)))
    if record["latitude"] is not None:
        made.add("geo", (record["latitude"], record["longitude"]))
    if record["link"]:
        made.add("url", record["link"])
    return made


def _standing(entry: Entry, summary: str) -> Event:
    assert entry.opens_at
    assert entry.closes_at
    made = Event()
    made.add("uid", str(entry.id))
    made.add("dtstamp", entry.changed_at)
    made.add("sequence", entry.version)
    made.add("dtstart", entry.opens_at.astimezone(LOCAL))
    made.add("dtend", entry.closes_at.astimezone(LOCAL))
    made.add("summary", summary)
    return made


def _lines(entry: Entry) -> Iterable[str]:
    if entry.demo:
        yield text("guide.event.demo", _LANGUAGE)
    if entry.record["about"]:
        yield entry.record["about"]
    for name in ("price", "organiser"):
        if entry.record[name]:
            yield text(f"guide.event.{name}", _LANGUAGE, told=entry.record[name])
