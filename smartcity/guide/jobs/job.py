"""A job: who offers it, where, for what pay, until when."""

from collections.abc import Iterator, Mapping
from typing import Any

import marshmallow as ma
from marshmallow import validate
from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from smartcity.core import clock
from smartcity.core.errors import Conflict
from smartcity.core.fields import Text
from smartcity.guide.jobs.pay import A_MONTH, AMOUNT, least_a_month, refuse_unclear
from smartcity.guide.times import instant
from smartcity.identity.permissions import Action
from smartcity.registers.service import Entry, Kind, ListQuery, PlacedIn, Record, address

TRADES = (
    *("manufacturing", "construction", "logistics", "office", "retail", "hospitality", "health"),
    *("education", "it", "agriculture", "other"),
)
CONTRACTS = ("full_time", "part_time", "seasonal", "apprentice")
_TRADE = {"example": "manufacturing", "description": f"One of {', '.join(TRADES)}"}
_CONTRACT = {"example": "full_time", "description": f"One of {', '.join(CONTRACTS)}"}
_MAY_LACK: dict[str, Any] = {"load_default": None, "allow_none": True}


class JobIn(PlacedIn):
    """A job; `pay` is `stated` by its least and most for a unit of time, or `agreed` on later."""

    employer = Text(max=200, required=True, metadata={"example": "Công ty Điện tử Ví Dụ A"})
    trade = ma.fields.String(required=True, validate=validate.OneOf(TRADES), metadata=_TRADE)
    positions = ma.fields.Integer(
        required=True, validate=validate.Range(1, 10_000), metadata={"example": 60}
    )
    pay = ma.fields.String(
        load_default="stated",
        validate=validate.OneOf(("stated", "agreed")),
        metadata={"example": "stated"},
    )
    pay_least = ma.fields.Integer(
        **_MAY_LACK, validate=AMOUNT, metadata={"description": "Dong", "example": 8500000}
    )
    pay_most = ma.fields.Integer(
        **_MAY_LACK, validate=AMOUNT, metadata={"description": "Dong", "example": 12000000}
    )
    pay_unit = ma.fields.String(
        **_MAY_LACK, validate=validate.OneOf(tuple(A_MONTH)), metadata={"example": "month"}
    )
    contract = ma.fields.String(
        required=True, validate=validate.OneOf(CONTRACTS), metadata=_CONTRACT
    )
    requirements = Text(
        max=2_000, lines=True, **_MAY_LACK, metadata={"example": "Từ 18 tuổi, chịu làm ca"}
    )
    opens = instant(**_MAY_LACK)
    deadline = instant(required=True, metadata={"description": "Until when one may apply"})
    contact = Text(max=300, required=True, metadata={"example": "0225 3000 011"})
    apply = address(**_MAY_LACK, metadata={"example": "https://example.com/viec-lam/1"})

    @ma.validates_schema
    def _paid_as_it_says(self, record: dict[str, Any], **_: Any) -> None:
        refuse_unclear(record)


class JobQuery(ListQuery):
    """How the public narrows the list of jobs."""

    class Meta(ListQuery.Meta):
        exclude = ("category",)

    trade = ma.fields.String(validate=validate.OneOf(TRADES), metadata=_TRADE)
    contract = ma.fields.String(validate=validate.OneOf(CONTRACTS), metadata=_CONTRACT)
    pay_least = ma.fields.Integer(
        validate=AMOUNT,
        metadata={
            "description": "Dong a month that a job pays at least; 26 days of 8 hours make a month",
            "example": 8000000,
        },
    )


def _narrow(asked: Mapping[str, Any]) -> Iterator[ColumnElement[bool]]:
    for name in ("trade", "contract"):
        if asked.get(name):
            yield Entry.record[name].as_string() == asked[name]
    if asked.get("pay_least"):
        yield least_a_month(Entry.record) >= asked["pay_least"]


def _check(_session: Session, entry: Entry, record: Record | None) -> None:
    """Refuse to publish what nobody may apply for any more."""
    if record is None and entry.closes_at and entry.closes_at <= clock.now():
        raise Conflict("guide.job.deadline_past")


JOB = Kind(
    name="job",
    path="jobs",
    one="job",
    many="jobs",
    title="Việc làm",
    schema=JobIn,
    in_card=(
        *("title", "title_en", "employer", "trade", "contract", "ward", "positions"),
        *("pay", "pay_least", "pay_most", "pay_unit", "deadline"),
    ),
    read=Action.READ_GUIDE,
    manage=Action.MANAGE_GUIDE,
    window=("opens", "deadline"),
    body=("about", "about_en", "employer", "requirements"),
    check=_check,
    query=JobQuery,
    narrow=_narrow,
)
