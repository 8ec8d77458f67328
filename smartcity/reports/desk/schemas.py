"""How officers narrow and keep their list, on the wire."""

from functools import partial

import marshmallow as ma
from marshmallow import validate

from smartcity.core.fields import Instant, Schema, Text
from smartcity.core.paging import PageQuery
from smartcity.identity.service import Phone
from smartcity.reports.desk.polygon import PolygonIn, sound
from smartcity.reports.workflow import Status

_LATE = {"status": ["assigned"], "overdue": True, "sort": "due"}
_SEVERAL = {"description": "One or several"}
_WORD = validate.Regexp(r"[a-z_.]{1,40}\Z", error="field.invalid")


def _several(field: ma.fields.Field[str], **metadata: object) -> ma.fields.List[str]:
    told = {**_SEVERAL, **metadata}
    return ma.fields.List(field, validate=validate.Length(min=1, max=50), metadata=told)


_Code = partial(ma.fields.String, validate=_WORD)


class ReportFilter(Schema):
    """What narrows the officers' list; all of it must hold."""

    status = _several(ma.fields.String(validate=validate.OneOf(list(Status))))
    category = _several(Text(max=40), description="One or several, with their subcategories")
    area = _several(Text(max=10))
    agency = _several(Text(max=40))
    code = Text(max=20, metadata={"example": "HP-2026-000123"})
    q = Text(
        max=100,
        metadata={
            "description": "Words of the description; `tr*`: begins so",
            "example": "o ga tr*",
        },
    )
    urgent = ma.fields.Boolean()
    overdue = ma.fields.Boolean(metadata={"description": "Its limit that runs is over"})
    due_after = Instant(metadata={"description": "The limit that runs ends at or after"})
    due_before = Instant(metadata={"description": "The limit that runs ends before"})
    extended = ma.fields.Boolean()
    reopened = ma.fields.Boolean()
    appealed = ma.fields.Boolean(metadata={"description": "An appeal waits for a lead"})
    extension_requested = ma.fields.Boolean(
        metadata={"description": "A unit's request for more time waits for a lead"}
    )
    question_proposed = ma.fields.Boolean(
        metadata={"description": "A unit's question waits to be asked"}
    )
    lane = _Code(metadata={"example": "review"})
    channel = _Code(metadata={"example": "hotline"})
    hint = _Code(metadata={"example": "possible_duplicate"})
    since = Instant(metadata={"description": "Filed at or after"})
    until = Instant(metadata={"description": "Filed before"})


class SortedFilter(ReportFilter):
    """A list in an order: the newest first, or (`due`) the first to be over first."""

    sort = ma.fields.String(load_default="submitted", validate=validate.OneOf(["submitted", "due"]))


class OfficerReportQuery(SortedFilter, PageQuery):
    """A page of the officers' list."""


class DrawnFilter(SortedFilter):
    """Filters that fit into no address: a polygon, too."""

    polygon = ma.fields.Nested(PolygonIn, validate=sound)


class ReportSearchIn(DrawnFilter, PageQuery):
    """A page of a search. `phone` only in a body: addresses are written into logs."""

    phone = Phone(
        metadata={"description": "Of whoever filed; authorised staff only", "example": "0912345678"}
    )


class SavedFilterIn(Schema):
    """Filters to keep; `shared` lets colleagues of one's agency use them."""

    filters = ma.fields.Nested(DrawnFilter, required=True)
    shared = ma.fields.Boolean(load_default=False)


class SavedFilterOut(ma.Schema):
    """Filters under a name."""

    name = ma.fields.String(required=True, metadata={"example": "Quá hạn, phường Lê Chân"})
    filters = ma.fields.Dict(
        required=True, metadata={"description": "As a search takes them", "example": _LATE}
    )
    shared = ma.fields.Boolean(required=True)
    mine = ma.fields.Boolean(
        required=True, metadata={"description": "False: a colleague shares it"}
    )


class SavedFilterList(ma.Schema):
    """One's own, then those that colleagues share."""

    items = ma.fields.List(ma.fields.Nested(SavedFilterOut), required=True)
