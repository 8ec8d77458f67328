"""Events for calendars of phones and computers: not for readers of the API."""

import uuid
from typing import Any

import marshmallow as ma
from flask import Response
from marshmallow import validate

from smartcity.changes.kept import shared
from smartcity.core.db import reading
from smartcity.core.fields import Schema
from smartcity.core.texts import text
from smartcity.core.web import Blueprint
from smartcity.guide.events.calendar import MIMETYPE, calendar
from smartcity.guide.events.event import CATEGORIES, EVENT
from smartcity.guide.events.upcoming import upcoming
from smartcity.identity.permissions import Action, permit
from smartcity.registers.service import public_entry, ward_field

blp = Blueprint("event_calendars", __name__, description="Lịch sự kiện (iCalendar)")


class CalendarQuery(Schema):
    """Which events a calendar holds."""

    ward = ward_field()
    category = ma.fields.String(validate=validate.OneOf(CATEGORIES))


@blp.route("/feeds/events.ics")
@permit(Action.READ_PUBLIC)
@blp.arguments(CalendarQuery, location="query")
def get_events_calendar(asked: dict[str, Any]) -> Response:
    """The calendar of events to subscribe to: of a commune, of a category, or all."""
    with reading() as session:
        entries = upcoming(session, asked)
    return shared(calendar(entries, text("guide.event.calendar", "vi")), MIMETYPE)


@blp.route("/events/<uuid:event_id>.ics")
@permit(Action.READ_PUBLIC)
def get_event_calendar(event_id: uuid.UUID) -> Response:
    """One event as a file for one's own calendar."""
    with reading() as session:
        entry = public_entry(session, EVENT, event_id)
    return shared(calendar([entry]), MIMETYPE)
