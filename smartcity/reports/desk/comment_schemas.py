"""Comments and notes on the wire. No answer says who of the citizens wrote a comment."""

import marshmallow as ma
from marshmallow import validate

from smartcity.core.fields import Instant, Schema, Text
from smartcity.core.paging import PageQuery
from smartcity.reports.desk.models import Moderation

_STATUS = validate.OneOf(list(Moderation))
_WORDS = {"example": "Chiều nay vẫn còn ổ gà, đã có người ngã."}
_UNIT = {"example": "so-xay-dung"}


class CommentIn(Schema):
    """What somebody says beside a report."""

    text = Text(max=2000, lines=True, required=True, metadata=_WORDS)


class PublicCommentOut(ma.Schema):
    """A comment as everybody reads it."""

    id = ma.fields.UUID(required=True)
    by = ma.fields.Function(
        lambda comment: "citizen" if comment.citizen_id else "agency",
        required=True,
        metadata={"type": "string", "enum": ["citizen", "agency"]},
    )
    agency = ma.fields.String(required=True, allow_none=True, metadata=_UNIT)
    text = ma.fields.String(required=True, metadata=_WORDS)
    created_at = Instant(required=True)


class CommentOut(PublicCommentOut):
    """A comment as a citizen reads it; `reason` says why his own was refused."""

    status = ma.fields.String(required=True, validate=_STATUS)
    reason = ma.fields.String(required=True, allow_none=True)


class OfficerCommentOut(CommentOut):
    """A comment as officers read it."""

    report_id = ma.fields.UUID(required=True)
    decided_at = Instant(required=True, allow_none=True)


class CommentQuery(PageQuery):
    """Which comments wait, or what became of them."""

    status = ma.fields.String(validate=_STATUS, metadata={"example": "pending"})
    report = ma.fields.UUID()
    since = Instant(metadata={"description": "Written at or after"})
    until = Instant(metadata={"description": "Written before"})


class CommentRejectionIn(Schema):
    """Why others are not to read a comment; its author reads it."""

    reason = Text(max=300, required=True, metadata={"example": "Có thông tin cá nhân."})


class NoteIn(Schema):
    """Words for officers only. `for_unit`: the unit that has the report may read them, too."""

    text = Text(max=5000, lines=True, required=True, metadata={"example": "Đã gọi, hẹn thứ Hai."})
    for_unit = ma.fields.Boolean(load_default=False)


class NoteOut(ma.Schema):
    """A note; `by` is the name of the officer who wrote it."""

    id = ma.fields.UUID(required=True)
    text = ma.fields.String(required=True, metadata={"example": "Đã gọi, hẹn thứ Hai."})
    by = ma.fields.String(required=True, metadata={"example": "Nguyễn Văn Trực"})
    agency = ma.fields.String(required=True, allow_none=True, metadata=_UNIT)
    for_unit = ma.fields.Boolean(required=True)
    created_at = Instant(required=True)
