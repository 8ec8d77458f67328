"""The opening hours of published places, where a query can ask who is open."""

import uuid
from datetime import datetime

from sqlalchemy import ColumnElement, SQLColumnExpression, and_, delete, literal, or_, select
from sqlalchemy.orm import Session

from smartcity.core.calendar import calendar
from smartcity.core.db import insert_all
from smartcity.guide.models import PlaceHours
from smartcity.guide.places.hours import moments, spans_of
from smartcity.guide.places.opening_text import understood
from smartcity.registers.service import Entry, State


def keep_hours(session: Session, entry: Entry) -> None:
    """Keep when a place is open; nothing of one that nobody sees."""
    if entry.version > 1:
        session.execute(delete(PlaceHours).where(PlaceHours.entry_id == entry.id))
    written = entry.record.get("hours")
    if written and entry.state == State.PUBLISHED:
        week = spans_of(understood(written))
        told = [(day, *span) for day, spans in week.items() for span in spans]
        names = ("day", "opens", "closes")
        rows = [{"entry_id": entry.id, **dict(zip(names, row, strict=True))} for row in told]
        insert_all(session, PlaceHours, rows)


def is_open(entry_id: SQLColumnExpression[uuid.UUID], at: datetime) -> ColumnElement[bool]:
    """That an entry is open at an instant, by what is known of its hours."""
    kept = PlaceHours
    then = [
        and_(kept.day == day, kept.opens <= minute, kept.closes > minute)
        for day, minute in moments(at, calendar().is_holiday)
    ]
    found = select(literal(1)).where(kept.entry_id == entry_id, or_(*then)).limit(1)
    return found.scalar_subquery() == 1  # not EXISTS, for which PostgreSQL reads all hours
