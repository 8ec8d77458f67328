"""Questions on the wire, as citizens and everybody see them."""

import marshmallow as ma
from marshmallow import validate

from smartcity.core.fields import Instant, Schema, Text
from smartcity.core.paging import PageQuery
from smartcity.participation.questions.states import State

ID = {"example": "0198c0de-4a6e-7c1a-9b7e-2f1d3c4b5a69"}
NUMBER = {"example": "HD-2026-000123"}
FIELD = {"example": "residence", "description": "Of GET /questions/fields"}
AGENCY = {"example": "so-y-te", "description": "Code of an agency"}
TEXT = {"example": "Tôi mới chuyển trọ sang phường khác, có phải đăng ký tạm trú lại không?"}
SHOWN = {**TEXT, "description": "As the public reads it, without personal data"}
ANSWER = {"example": "Có. Bạn nộp trên Cổng Dịch vụ công quốc gia hoặc tại công an phường."}
REASON = {"example": "Nội dung là khiếu nại; xin gửi đơn theo Luật Khiếu nại."}
NOTE = {"example": "Cập nhật theo quy định mới có hiệu lực từ ngày 1/12."}
STEP = {
    "example": "forward",
    "description": "ask, forward, recall, return, refuse, reopen, answer, retract, correct,"
    " publish, unpublish or withdraw",
}
Q = {"description": "Words of it, without accents too", "example": "dang ky tam tru"}


class AskIn(Schema):
    """A question to the authorities."""

    field = Text(max=40, required=True, metadata=FIELD)
    text = Text(min=20, max=4_000, lines=True, required=True, metadata=TEXT)
    private = ma.fields.Boolean(
        load_default=False,
        metadata={"description": "The answer is for oneself; it is not published"},
    )


class OwnQuestionsQuery(PageQuery):
    state = ma.fields.Enum(State, by_value=True, metadata={"example": "answered"})


class AlikeQuery(Schema):
    q = Text(max=500, required=True, metadata=TEXT)


class PublicQuestionsQuery(PageQuery):
    """How the public narrows the list."""

    field = Text(max=40, metadata=FIELD)
    agency = Text(max=40, metadata=AGENCY)
    q = Text(max=100, metadata=Q)


class _Standing(ma.Schema):
    id = ma.fields.UUID(required=True, metadata=ID)
    number = ma.fields.String(required=True, metadata=NUMBER)
    version = ma.fields.Integer(required=True, metadata={"example": 3})
    field = ma.fields.String(required=True, metadata=FIELD)
    agency = ma.fields.String(required=True, allow_none=True, metadata=AGENCY)
    asked_at = Instant(required=True)
    due_at = Instant(
        required=True, metadata={"description": "When offices close on the last day to answer"}
    )
    answered_at = Instant(required=True, allow_none=True)
    published_at = Instant(required=True, allow_none=True)


class OwnQuestionOut(_Standing):
    """One's own question; `reason` tells why it was refused."""

    state = ma.fields.String(required=True, validate=validate.OneOf(list(State)))
    text = ma.fields.String(required=True, metadata=TEXT)
    private = ma.fields.Boolean(required=True)
    shown = ma.fields.String(required=True, allow_none=True, metadata=SHOWN)
    answer = ma.fields.String(required=True, allow_none=True, metadata=ANSWER)
    reason = ma.fields.String(required=True, allow_none=True, metadata=REASON)


class OwnStepOut(ma.Schema):
    """What happened, when; `reason` where it is meant for who asked."""

    step = ma.fields.String(required=True, metadata=STEP)
    at = Instant(required=True)
    agency = ma.fields.String(required=True, allow_none=True, metadata=AGENCY)
    reason = ma.fields.String(required=True, allow_none=True, metadata=REASON)


class OwnQuestionWholeOut(OwnQuestionOut):
    """One's own question with its timeline, first to last."""

    timeline = ma.fields.List(ma.fields.Nested(OwnStepOut), required=True)


class QuestionCorrectionOut(ma.Schema):
    """That a public answer was corrected, and why."""

    at = Instant(required=True)
    note = ma.fields.String(required=True, metadata=NOTE)


class PublicQuestionOut(_Standing):
    """A question and its answer as everybody reads them."""

    text = ma.fields.String(required=True, attribute="shown", metadata=SHOWN)
    answer = ma.fields.String(required=True, metadata=ANSWER)
    demo = ma.fields.Boolean(required=True, metadata={"description": "Nobody asked it"})
    corrections = ma.fields.List(ma.fields.Nested(QuestionCorrectionOut), required=True)


class AlikeQuestionsOut(ma.Schema):
    """Answered questions, the likest first."""

    items = ma.fields.List(ma.fields.Nested(PublicQuestionOut), required=True)


class QuestionFieldOut(ma.Schema):
    """What people ask about; `days` are the working days for an answer."""

    id = ma.fields.String(required=True, metadata=FIELD)
    vi = ma.fields.String(required=True, metadata={"example": "Cư trú, căn cước"})
    en = ma.fields.String(required=True, metadata={"example": "Residence and identity"})
    days = ma.fields.Integer(required=True, metadata={"example": 10})


class QuestionFieldsOut(ma.Schema):
    items = ma.fields.List(ma.fields.Nested(QuestionFieldOut), required=True)


class AgencyFigureOut(ma.Schema):
    """How an agency answered the questions of the last 365 days."""

    agency = ma.fields.String(required=True, metadata=AGENCY)
    answered = ma.fields.Integer(required=True, metadata={"example": 41})
    in_time = ma.fields.Float(
        required=True,
        allow_none=True,
        metadata={"example": 0.95, "description": "Share of the answered; null without any"},
    )
    median_days = ma.fields.Float(
        required=True,
        allow_none=True,
        metadata={"example": 4.2, "description": "Calendar days from question to answer"},
    )
    waiting = ma.fields.Integer(required=True, metadata={"example": 3})
    overdue = ma.fields.Integer(required=True, metadata={"example": 1})


class QuestionFiguresOut(ma.Schema):
    since = Instant(required=True)
    items = ma.fields.List(ma.fields.Nested(AgencyFigureOut), required=True)
