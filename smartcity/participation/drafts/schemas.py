"""Comments on drafts on the wire. No answer says who wrote one."""

from typing import Any

import marshmallow as ma
from marshmallow import validate

from smartcity.core.fields import Instant, Schema, Text
from smartcity.core.paging import PageQuery
from smartcity.participation.drafts.states import State
from smartcity.participation.marking import MarkOut, marks

_CLAUSE = {"example": "d4", "description": "Of the draft's clauses; null: the draft as a whole"}
_WORDS = {"example": "Nên thu gom vào buổi sáng ở các ngõ hẹp, xe khó vào lúc tan tầm."}
_REASON = {"example": "Có số điện thoại của người khác.", "description": "Its author reads it"}
_WHY = {"example": "Duyệt nhầm.", "description": "Kept in the audit"}
_REPLIED = {"description": "With a reply, or without"}
_ACCEPTED = {"description": "Tiếp thu, or not; null while there is no reply"}
_EXPLANATION = {"example": "Tiếp thu: khoản 4 thêm giờ thu gom buổi sáng ở ngõ hẹp."}
_STATE = {"example": "received"}
_WAITING = {"example": 3, "description": "Published, and without a reply"}


class _Marks(ma.fields.List[Any]):
    """What to look at twice in a text."""

    def _serialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        return super()._serialize(marks(value), *args, **kwargs)


class DraftCommentIn(Schema):
    """What somebody says to a draft."""

    clause = Text(max=40, load_default=None, allow_none=True, metadata=_CLAUSE)
    text = Text(min=10, max=4_000, lines=True, required=True, metadata=_WORDS)


class PublicDraftCommentOut(ma.Schema):
    """A comment as everybody reads it."""

    id = ma.fields.UUID(required=True)
    clause = ma.fields.String(required=True, allow_none=True, metadata=_CLAUSE)
    text = ma.fields.String(required=True, metadata=_WORDS)
    made_at = Instant(required=True)
    accepted = ma.fields.Boolean(required=True, allow_none=True, metadata=_ACCEPTED)
    reply = ma.fields.String(required=True, allow_none=True, metadata=_EXPLANATION)


class DraftCommentOut(PublicDraftCommentOut):
    """A comment as its author reads it; `reason` says why it was refused."""

    draft_id = ma.fields.UUID(required=True)
    state = ma.fields.String(required=True, validate=validate.OneOf(list(State)), metadata=_STATE)
    reason = ma.fields.String(required=True, allow_none=True, metadata=_REASON)


class OfficerDraftCommentOut(DraftCommentOut):
    """A comment as officers read it; `marks` are what to look at twice."""

    version = ma.fields.Integer(required=True, metadata={"example": 1})
    changed_at = Instant(required=True)
    marks = _Marks(ma.fields.Nested(MarkOut), attribute="text", dump_only=True, required=True)


class DraftCommentQuery(PageQuery):
    """Which of a draft's comments."""

    clause = Text(max=40, metadata=_CLAUSE)
    replied = ma.fields.Boolean(metadata=_REPLIED)


class DraftCommentFilter(Schema):
    """How an officer narrows the queue."""

    state = ma.fields.String(validate=validate.OneOf(list(State)), metadata=_STATE)
    draft = ma.fields.UUID()
    clause = Text(max=40, metadata=_CLAUSE)
    replied = ma.fields.Boolean(metadata=_REPLIED)
    q = Text(
        max=100,
        metadata={"example": "thu gom rac", "description": "Words of it, without accents too"},
    )


class DraftCommentQueue(PageQuery, DraftCommentFilter):
    """A page of it."""


class DraftCommentRefusalIn(Schema):
    """Why the public is not to read a comment."""

    reason = Text(max=500, required=True, lines=True, metadata=_REASON)


class DraftCommentReasonIn(Schema):
    """Why a decision or a reply is undone."""

    reason = Text(max=500, required=True, lines=True, metadata=_WHY)


class DraftReplyIn(Schema):
    """What the drafting authority says to a comment (tiếp thu, giải trình)."""

    accepted = ma.fields.Boolean(required=True, metadata={"description": "Tiếp thu, or not"})
    explanation = Text(max=4_000, required=True, lines=True, metadata=_EXPLANATION)


class _Figures(ma.Schema):
    comments = ma.fields.Integer(
        required=True, metadata={"example": 12, "description": "Published ones"}
    )
    accepted = ma.fields.Integer(required=True, metadata={"example": 5})
    explained = ma.fields.Integer(
        required=True, metadata={"example": 4, "description": "Not accepted, and told why"}
    )
    waiting = ma.fields.Integer(required=True, metadata=_WAITING)


class DraftFiguresOut(_Figures):
    """Of the draft as a whole, on no clause."""


class DraftClauseFiguresOut(_Figures):
    """Of a clause."""

    id = ma.fields.String(required=True, metadata={"example": "d4"})
    heading = ma.fields.String(required=True, metadata={"example": "Điều 4. Ngày và giờ thu gom"})


class DraftSummaryOut(_Figures):
    """What came of a draft's comments."""

    general = ma.fields.Nested(DraftFiguresOut, required=True)
    clauses = ma.fields.List(ma.fields.Nested(DraftClauseFiguresOut), required=True)
