"""The register of volunteer activities (hoạt động tình nguyện)."""

from datetime import datetime

import marshmallow as ma
from marshmallow import validate
from sqlalchemy.orm import Session

from smartcity.areas import service as areas
from smartcity.core import clock
from smartcity.core.errors import Invalid
from smartcity.core.fields import Instant, Text
from smartcity.identity.permissions import Action
from smartcity.jobs.service import enqueue, enqueue_all
from smartcity.participation.activities import seats, telling
from smartcity.participation.eligibility import eligibility_field
from smartcity.registers.service import Entry, Kind, Order, PlacedIn, Record, State

CATEGORIES = (
    "environment",
    "blood",
    "digital",
    "elderly",
    "children",
    "traffic",
    "disaster",
    "heritage",
    "other",
)
MOST = 10_000  # places of an activity, and turns in its waiting list
_IN_CARD = (
    *("title", "title_en", "category", "organiser", "starts", "ends", "opens", "closes"),
    *("venue", "ward", "capacity", "photos"),
)
_ORGANISER = {"example": "Đoàn thanh niên phường Thành Đông"}
_AGENCY = {"description": "Whose officers check in, beside the centre's", "example": "so-y-te"}
_VENUE = {"example": "Bãi biển Đồ Sơn, trước nhà điều hành"}
_WAITING = {"description": "How many may wait when every place is taken", "example": 20}
_OPENS = {"description": "From when on people register"}
_CLOSES = {"description": "Until when; at most to the end of the activity"}


class ActivityIn(PlacedIn):
    """An activity that takes volunteers."""

    category = ma.fields.String(
        required=True, validate=validate.OneOf(CATEGORIES), metadata={"example": "environment"}
    )
    organiser = Text(max=200, required=True, metadata=_ORGANISER)
    agency = Text(max=40, load_default=None, allow_none=True, metadata=_AGENCY)
    starts = Instant(required=True)
    ends = Instant(required=True)
    opens = Instant(required=True, metadata=_OPENS)
    closes = Instant(required=True, metadata=_CLOSES)
    venue = Text(max=300, required=True, metadata=_VENUE)
    capacity = ma.fields.Integer(
        required=True, validate=validate.Range(1, MOST), metadata={"example": 60}
    )
    waiting = ma.fields.Integer(load_default=0, validate=validate.Range(0, MOST), metadata=_WAITING)
    eligibility = eligibility_field()
    contact = Text(max=200, required=True, metadata={"example": "0225 3000 061"})
    bring = ma.fields.List(
        Text(max=120, metadata={"example": "Bình nước cá nhân"}),
        load_default=list,
        validate=validate.Length(max=20),
    )


def check(session: Session, entry: Entry, record: Record | None) -> None:
    """Refuse a window that makes no sense, an unknown agency, and fewer places than are taken."""
    wanted = record or entry.record
    _check_window(wanted)
    if wanted["agency"]:
        areas.agency(wanted["agency"])
    taken = seats.taken_of(session, entry.id)
    if wanted["capacity"] < taken:
        raise Invalid(capacity=f"participation.places_taken|taken={taken}")


def follow(session: Session, entry: Entry) -> None:
    """Fill the places of what is public; tell of what was withdrawn."""
    if entry.state == State.PUBLISHED:
        seats.open_seats(session, entry.id)
        promoted = seats.fill(session, entry)
        enqueue_all(session, [telling.promoted(entry, one) for one in promoted])
        telling.remind_later(session, entry)
    elif seats.taken_of(session, entry.id) and _at(entry.record["ends"]) > clock.now():
        enqueue(session, telling.TELL_WITHDRAWAL, telling.named(entry))


def _check_window(record: Record) -> None:
    if _at(record["opens"]) >= _at(record["closes"]):
        raise Invalid(closes="register.ends_before_it_begins")
    if _at(record["closes"]) > _at(record["ends"]):
        raise Invalid(closes="participation.closes_after_end")


def _at(written: str) -> datetime:
    return datetime.fromisoformat(written)


ACTIVITY = Kind(
    name=seats.NAME,
    path="activities",
    one="activity",
    many="activities",
    title="Hoạt động tình nguyện",
    schema=ActivityIn,
    in_card=_IN_CARD,
    read=Action.READ_PARTICIPATION,
    manage=Action.MANAGE_PARTICIPATION,
    order=Order.SOONEST,
    window=("starts", "ends"),
    body=("about", "about_en", "organiser", "venue"),
    check=check,
    follow=follow,
)
