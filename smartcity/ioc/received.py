"""What centres told us, as officers read it: newest first, by page or as a file."""

import hashlib
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, false, select, tuple_
from sqlalchemy.orm import Session

from smartcity.core.errors import Malformed, NotFound
from smartcity.core.export import list_lines
from smartcity.core.paging import Page
from smartcity.core.signing import seal, unseal
from smartcity.core.texts import text
from smartcity.identity.permissions import SYSTEM
from smartcity.ioc.models import Callback
from smartcity.reports import service as reports

_TIMES = ("received_at", "sent_at")
COLUMNS = (*_TIMES, "source", "report", "sequence", "move", "outcome", "id")
_TOLD = ("source", "id", "report_id", "sequence", "move", "outcome", *_TIMES)
_KEYS = (Callback.received_at, Callback.source, Callback.id)


def listed(session: Session, asked: Mapping[str, Any]) -> Page[dict[str, Any]]:
    """A page of the callbacks that were remembered, newest first, by filter."""
    query = select(Callback).where(*_wanted(session, asked))
    purpose, size = _purpose(asked), asked["limit"]
    if asked.get("cursor"):
        query = query.where(tuple_(*_KEYS) < tuple_(*_position(purpose, asked["cursor"])))
    newest = query.order_by(*(key.desc() for key in _KEYS)).limit(size + 1)
    found = session.scalars(newest).all()
    codes = reports.codes(session, {callback.report_id for callback in found})
    items = [_shown(callback, codes[callback.report_id]) for callback in found[:size]]
    return Page(items, _cursor(purpose, found[size - 1]) if len(found) > size else None)


def lines(asked: Mapping[str, Any]) -> Iterator[str]:
    """The list as a file, piece by piece, 100,000 callbacks at most."""
    headings = [text(f"ioc.callback.column.{name}") for name in COLUMNS]
    return list_lines(headings, listed, asked, _cells)


def _wanted(session: Session, asked: Mapping[str, Any]) -> Iterator[ColumnElement[bool]]:
    for name in ("source", "outcome"):
        if name in asked:
            yield getattr(Callback, name) == asked[name]
    if "report" in asked:
        yield _about(session, asked["report"])
    if "since" in asked:
        yield Callback.received_at >= asked["since"]
    if "until" in asked:
        yield Callback.received_at < asked["until"]


def _about(session: Session, named: str) -> ColumnElement[bool]:
    try:
        return Callback.report_id == reports.identify(session, SYSTEM, named)
    except NotFound:
        return false()


def _shown(callback: Callback, code: str) -> dict[str, Any]:
    return {**{name: getattr(callback, name) for name in _TOLD}, "report": code}


def _cells(shown: Mapping[str, Any]) -> list[object]:
    # In UTC: what a centre claims may lie at the calendar's end, with no hour elsewhere.
    when = {name: shown[name].isoformat(timespec="seconds") for name in _TIMES}
    return [when.get(name, shown[name]) for name in COLUMNS]


def _purpose(asked: Mapping[str, Any]) -> str:
    filters = sorted((k, str(v)) for k, v in asked.items() if k not in ("cursor", "limit"))
    return f"cursor:callbacks:{hashlib.sha256(repr(filters).encode()).hexdigest()[:16]}"


def _cursor(purpose: str, last: Callback) -> str:
    return seal(purpose, [last.received_at.isoformat(), last.source, last.id])


def _position(purpose: str, cursor: str) -> tuple[datetime, str, str]:
    found = unseal(purpose, cursor)
    if not isinstance(found, list):
        raise Malformed("request.cursor")
    return datetime.fromisoformat(found[0]), found[1], found[2]
