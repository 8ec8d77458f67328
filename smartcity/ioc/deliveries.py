"""Deliveries as officers look for them: the newest first, at one destination or at all."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, Subquery, and_, func, or_, select, union_all
from sqlalchemy.orm import Session

from smartcity.audit.service import record_export
from smartcity.core import clock
from smartcity.core.errors import Malformed, NotFound
from smartcity.core.export import list_lines
from smartcity.core.paging import Page
from smartcity.core.signing import seal, unseal
from smartcity.core.text import fold
from smartcity.core.texts import text
from smartcity.identity.permissions import SYSTEM, Action, Principal
from smartcity.ioc import destinations
from smartcity.ioc.acknowledging import overdue
from smartcity.ioc.models import OPEN, SETTLED, Delivery, Destination, Message
from smartcity.reports import service as reports

_FACTS = ("attempts", "last_error", "reference")
_TIMES = ("created_at", "sent_at", "answered_at", "acknowledged_at", "next_at", "replayed_at")
_OF_MESSAGE = ("code", "sequence", "move")
COLUMNS = ("destination", *_OF_MESSAGE, "event_id", "state", *_FACTS, *_TIMES)
_PAGE = ("cursor", "limit")
Place = tuple[int, str]


def listed(session: Session, asked: Mapping[str, Any]) -> Page[dict[str, Any]]:
    """The deliveries that the filters name, newest event first."""
    purpose = f"deliveries:{sorted((k, str(v)) for k, v in asked.items() if k not in _PAGE)}"
    after = _place(purpose, asked["cursor"]) if asked.get("cursor") else None
    size = asked["limit"]
    found = _newest(session, asked, after, size + 1)
    more = len(found) > size
    last = found[size - 1].Delivery if more else None
    cursor = seal(purpose, [last.position, last.destination]) if last else None
    return Page([_shown(delivery, message) for delivery, message in found[:size]], cursor)


def one(session: Session, reader: Principal, name: str, event_id: uuid.UUID) -> dict[str, Any]:
    """A delivery with what was sent; the body only to whoever may read the report."""
    destinations.find(session, name)
    query = select(Delivery, Message).join(Message, Message.event_id == Delivery.event_id)
    row = session.execute(query.where(Delivery.destination == name, Delivery.event_id == event_id))
    found = row.one_or_none()
    if found is None:
        raise NotFound("ioc.no_delivery")
    body = found.Message.body if reader.scope(Action.READ_REPORT) else None
    return {**_shown(found.Delivery, found.Message), "sha256": found.Message.sha256, "body": body}


def begin_export(session: Session, actor: str, asked: Mapping[str, Any]) -> None:
    """Record that an officer takes the list, and what narrows it."""
    _wanted(session, asked)  # what is not there is refused before the file begins
    record_export(session, actor, "delivery", asked)


def lines(asked: Mapping[str, Any]) -> Iterator[str]:
    """The list as CSV, piece by piece, 100,000 deliveries at most."""
    headings = [text(f"delivery.column.{name}") for name in COLUMNS]
    return list_lines(headings, listed, asked, _cells)


def _newest(
    session: Session, asked: Mapping[str, Any], after: Place | None, most: int
) -> Sequence[Row[Delivery, Message]]:
    """From each destination's own index its newest, and of those the newest of all."""
    given = asked.get("destination")
    names = [given] if given else session.scalars(select(Destination.name)).all()
    wanted = _wanted(session, asked)
    each = [_keys(name, wanted, after, most) for name in names]
    if not each:
        return []
    keys = union_all(*(select(found) for found in each)).subquery()
    same = and_(Delivery.destination == keys.c.destination, Delivery.event_id == keys.c.event_id)
    joined = select(Delivery, Message).join(keys, same)
    joined = joined.join(Message, Message.event_id == Delivery.event_id)
    order = Delivery.position.desc(), Delivery.destination
    return session.execute(joined.order_by(*order).limit(most)).all()


def _keys(name: str, wanted: list[ColumnElement[bool]], after: Place | None, most: int) -> Subquery:
    query = select(Delivery.destination, Delivery.event_id).join(
        Message, Message.event_id == Delivery.event_id
    )
    query = query.where(Delivery.destination == name, *wanted)
    if after:
        position, destination = after
        query = query.where(Delivery.position < position + (name > destination))
    return query.order_by(Delivery.position.desc()).limit(most).subquery()


def _wanted(session: Session, asked: Mapping[str, Any]) -> list[ColumnElement[bool]]:
    where = [Message.move == asked["move"]] if asked.get("move") else []
    if state := asked.get("state"):
        where += [Delivery.state == state, *([] if state in SETTLED else [OPEN])]
    if asked.get("open"):
        where.append(OPEN)
    if asked.get("overdue"):
        where.append(overdue(session))
    if asked.get("report"):
        where.append(Delivery.report_id == reports.identify(session, SYSTEM, asked["report"]))
    if asked.get("since"):
        where.append(Delivery.created_at >= asked["since"])
    if asked.get("until"):
        where.append(Delivery.created_at < asked["until"])
    if asked.get("q"):
        where.append(_says(asked["q"]))
    return where


def _says(words: str) -> ColumnElement[bool]:
    """Errors are English or the other side's own words: those are found as they are written."""
    error = func.lower(Delivery.last_error)
    forms = {fold(words), words.lower()}
    named = Delivery.reference.contains(words, autoescape=True)
    return or_(named, *(error.contains(form, autoescape=True) for form in forms))


def _place(purpose: str, cursor: str) -> Place:
    found = unseal(purpose, cursor)
    if not isinstance(found, list):
        raise Malformed("request.cursor")
    return int(found[0]), str(found[1])


def _shown(delivery: Delivery, message: Message) -> dict[str, Any]:
    own = ("destination", "event_id", "report_id", "state", *_FACTS, *_TIMES)
    told = {name: getattr(message, name) for name in _OF_MESSAGE}
    return {**{name: getattr(delivery, name) for name in own}, **told}


def _cells(shown: Mapping[str, Any]) -> list[object]:
    local = {
        name: shown[name] and shown[name].astimezone(clock.LOCAL).isoformat(timespec="seconds")
        for name in _TIMES
    }
    state = {"state": text(f"delivery.state.{shown['state']}")}
    return [{**shown, **local, **state}[name] for name in COLUMNS]
