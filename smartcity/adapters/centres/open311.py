"""A department's system that speaks Open311: GeoReport v2 in JSON, and mySociety's updates.

https://wiki.open311.org/GeoReport_v2 and
https://github.com/mysociety/fixmystreet/wiki/Open311-FMS---Complete-Spec. A server that speaks XML
only is not spoken to.
"""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, ClassVar
from urllib.parse import quote

from smartcity.adapters.centres import open311_options as options
from smartcity.adapters.centres import open311_updates as updates
from smartcity.adapters.centres.driver import Endpoint, Outgoing, Polled, Unnamed
from smartcity.adapters.centres.open311_wire import Client, Form, Row, ident, written
from smartcity.core import clock
from smartcity.core.errors import Temporary

TOKEN = "token:"  # noqa: S105 - begins the reference of a request that has no id yet
ENDED = {"resolved", "closed", "rejected", "duplicate", "withdrawn"}
TURNS = {"resolve", "reject", "mark_duplicate", "withdraw", "reopen", "grant_appeal"}
# Steps whose words are for everybody, or the citizen's own and for whoever acts on them.
SHARED = {"accept", "assign", "start", "return_to_ioc", "resolve"}
SHARED |= {"answer_info", "reopen", "lodge_appeal"}
LONGEST = 4_000  # characters of a description, by the specification
SETTLES = 30.0  # seconds in which a create that was not answered is surely done, or never
BEFORE, LONGEST_SPAN = timedelta(days=1), timedelta(days=89)
OVERLAP = timedelta(minutes=15)  # what is asked for twice: clocks differ, and names come late
MOST_AT_ONCE = timedelta(days=30)
FULL = 100  # rows from which an answer may have been cut
_MARK = re.compile(r"\[([^\]\s]+)\]")


class Open311:
    """Speaks to one server, under the key that it gave us; options as in open311_options."""

    needs_reference: ClassVar[bool] = True

    def __init__(self, endpoint: Endpoint) -> None:
        self._options = options.read(endpoint.options)
        self._server = Client(endpoint, self._options.jurisdiction_id)

    def deliver(self, outgoing: Outgoing) -> str | None:
        """File a report at its first step that is heard of, and tell of what matters later.

        The reference is the request's id; of a later step it is that of the update.
        """
        event = json.loads(outgoing.body)
        if outgoing.reference is None:
            ended = event["data"]["status"] in ENDED
            return None if ended else self._file(outgoing, event)
        if outgoing.reference.startswith(TOKEN):
            return self._named(outgoing.reference)
        return self._update(outgoing, event)

    def poll(self, cursor: str | None) -> Polled | None:
        """What became of requests since then; None where no status means a move."""
        if not self._options.steps:
            return None
        now = clock.now()
        latest = _minute(now - OVERLAP)  # however far ahead our clock was then
        start = min(datetime.fromisoformat(cursor), latest) if cursor else _minute(now - BEFORE)
        end = min(now, start + MOST_AT_ONCE)
        found = self._changed(start, end)
        newest = min(end, max((update.at for update in found), default=start))
        cut = self._tells_updates and len(found) >= FULL and newest > start
        later = _after(start, newest) if cut else _minute(end - OVERLAP)
        told = updates.callbacks(found, self._options.steps)
        return Polled(told, later.isoformat(), more=cut or end < now)

    def reconcile(self, page: Mapping[str, Any]) -> None:
        """The protocol has no such question."""

    def _file(self, outgoing: Outgoing, event: Mapping[str, Any]) -> str:
        """Create the request, once: what may have arrived is looked for before."""
        form = self._form(outgoing.code, event["data"])
        filed = self._find(outgoing.code, event["time"]) if outgoing.again else None
        if filed:
            return filed
        try:
            told = self._server.post("requests", outgoing.id, form)
        except Temporary as fault:
            if fault.arrived is None:
                fault.retry_after = max(SETTLES, fault.retry_after or 0.0)
            raise
        if token := ident(told, "token"):
            raise Unnamed("taken, and named later", TOKEN + token)
        return _id_of(told)

    def _form(self, code: str, data: Mapping[str, Any]) -> Form:
        """The report without a word on who filed it; our code leads what is said."""
        return [
            ("service_code", self._options.service_of(data["category"])),
            ("lat", str(data["latitude"])),
            ("long", str(data["longitude"])),
            *((("address_string", data["address"]),) if data["address"] else ()),
            ("description", f"[{code}] {data['description']}"[:LONGEST]),
            *(("media_url", link) for link in data["photos"]),
        ]

    def _find(self, code: str, filed_at: str) -> str | None:
        """The id of the request that bears our code first of all codes."""
        now = clock.now()
        since = max(datetime.fromisoformat(filed_at) - BEFORE, now - LONGEST_SPAN)
        dates = {"start_date": written(since), "end_date": written(now + BEFORE)}
        for row in self._server.pages("requests", **dates):
            mark = _MARK.search(str(row.get("description") or ""))
            if mark and mark[1] == code:
                return _id_of(row)
        return None

    def _named(self, token: str) -> str:
        rows = self._server.get(f"tokens/{quote(token.removeprefix(TOKEN), safe='')}")
        named = ident(rows[0], "service_request_id") if rows else None
        if named is None:
            raise Unnamed("taken, and not named yet", token)
        return named

    def _update(self, outgoing: Outgoing, event: Mapping[str, Any]) -> str | None:
        """Tell of words, photos, and of an end or a new beginning; of nothing else."""
        data = event["data"]
        words = data["public_text"] if outgoing.move in SHARED else None
        photos = list(_new_photos(data))
        tells = words or photos or outgoing.move in TURNS
        if not (tells and self._tells_updates):
            return None
        form = [
            ("update_id", outgoing.id),
            ("service_request_id", outgoing.reference or ""),
            ("status", "CLOSED" if data["status"] in ENDED else "OPEN"),
            ("updated_datetime", written(datetime.fromisoformat(event["time"]))),
            ("description", (words or data["status_label"])[:LONGEST]),
            *(("media_url", link) for link in photos),
        ]
        told = self._server.post(options.UPDATES, outgoing.id, form)
        return updates.UPDATE + (ident(told, "update_id") or outgoing.id)

    @property
    def _tells_updates(self) -> bool:
        return self._options.updates == options.UPDATES

    def _changed(self, start: datetime, end: datetime) -> list[updates.Update]:
        since, until = written(start), written(end)
        if self._tells_updates:
            asked = {"start_date": since, "end_date": until}
            return updates.of_updates(self._server.get(options.UPDATES, **asked))
        asked = {"updated_after": since, "updated_before": until}
        return updates.of_requests(self._server.pages(options.REQUESTS, **asked))


def _minute(at: datetime) -> datetime:
    """Its beginning: sequences are told from whole minutes."""
    return at.replace(second=0, microsecond=0)


def _after(start: datetime, newest: datetime) -> datetime:
    """Where an answer that was cut goes on: with its last minute, unless it had no other."""
    return _minute(newest) if _minute(newest) > start else newest


def _id_of(row: Row) -> str:
    named = ident(row, "service_request_id")
    if named is None:
        raise Temporary("the answer names no request")
    return named


def _new_photos(data: Mapping[str, Any]) -> Iterator[str]:
    """The links of what came with this step."""
    added = (data["details"] or {}).get("media_ids", ())
    return (link for link in data["photos"] if any(photo in link for photo in added))
