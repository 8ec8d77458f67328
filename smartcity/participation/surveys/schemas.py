"""Answers and figures of surveys on the wire."""

import marshmallow as ma
from marshmallow import validate

from smartcity.core.fields import Instant, Text
from smartcity.participation.eligibility import DeclaredIn
from smartcity.participation.surveys.questions import MOST_QUESTIONS, Sort, SurveyQuestionSchema

_START = {
    "description": "Of the form, as it was given with the questions",
    "example": "1795312800.Zk3Vb0o1mYw8m0pEJkq3yT5m4sQ2b7xXy1nC0dR9aLk",
}
_ANSWERS = {
    "description": "By the question's id: an option's id (single), a list of them (several), "
    "a number (scale), words (text)",
    "example": {"hai-long": 4, "vuong-mac": ["giay-to"], "gop-y": "Thêm ghế chờ."},
}
_ANSWERED = {"example": 128, "description": "How many people answered it"}
_SUPPRESSED = {"description": "So few answered that no figures are told"}
_WARD = {"example": "11359"}


class SurveyFormOut(ma.Schema):
    """A survey to fill in."""

    start = ma.fields.String(required=True, metadata=_START)
    answered = ma.fields.Boolean(
        required=True, metadata={"description": "This account has answered already"}
    )
    questions = ma.fields.List(ma.fields.Nested(SurveyQuestionSchema), required=True)


class SurveyResponseIn(DeclaredIn):
    """What somebody answers. `ward` also where the survey asks for it (`ask_ward`)."""

    start = Text(max=100, load_default=None, allow_none=True, metadata=_START)
    answers = ma.fields.Dict(
        keys=Text(max=40),
        required=True,
        validate=validate.Length(max=MOST_QUESTIONS),
        metadata=_ANSWERS,
    )


class SurveyResponseOut(ma.Schema):
    """What was kept."""

    survey_id = ma.fields.UUID(required=True)
    answers = ma.fields.Dict(required=True, metadata=_ANSWERS)


class SurveyOptionFigureOut(ma.Schema):
    """How many gave an answer."""

    id = ma.fields.String(required=True, metadata={"example": "truc-tiep"})
    text = ma.fields.String(required=True, metadata={"example": "Đến tận quầy"})
    text_en = ma.fields.String(
        required=True, allow_none=True, metadata={"example": "At the counter"}
    )
    count = ma.fields.Integer(required=True, metadata={"example": 51})
    share = ma.fields.Float(
        required=True,
        metadata={"example": 0.3984, "description": "Of those who answered the question, 0 to 1"},
    )


class _Figures(ma.Schema):
    answered = ma.fields.Integer(required=True, metadata=_ANSWERED)
    options = ma.fields.List(ma.fields.Nested(SurveyOptionFigureOut), required=True)
    mean = ma.fields.Float(
        required=True, allow_none=True, metadata={"example": 3.87, "description": "Of a scale"}
    )


class SurveyWardFiguresOut(_Figures):
    """The same of the people of one commune."""

    ward = ma.fields.String(required=True, metadata=_WARD)


class SurveyQuestionFiguresOut(_Figures):
    """What was answered to a question; words are for officers alone."""

    id = ma.fields.String(required=True, metadata={"example": "lan-gan-nhat"})
    kind = ma.fields.String(
        required=True, validate=validate.OneOf(list(Sort)), metadata={"example": "single"}
    )
    text = ma.fields.String(
        required=True, metadata={"example": "Lần gần nhất bạn làm thủ tục bằng cách nào?"}
    )
    text_en = ma.fields.String(
        required=True,
        allow_none=True,
        metadata={"example": "How did you hand in your last application?"},
    )
    suppressed = ma.fields.Boolean(required=True, metadata=_SUPPRESSED)
    by_ward = ma.fields.List(ma.fields.Nested(SurveyWardFiguresOut), required=True)


class SurveyResultsOut(ma.Schema):
    """The figures of a survey."""

    answered = ma.fields.Integer(required=True, metadata=_ANSWERED)
    closes = Instant(required=True)
    questions = ma.fields.List(ma.fields.Nested(SurveyQuestionFiguresOut), required=True)


class SurveyWholeResultsOut(SurveyResultsOut):
    """The same for officers: nothing is suppressed."""

    hurried = ma.fields.Integer(
        required=True, metadata={"example": 4, "description": "Answers faster than people read"}
    )
    waiting = ma.fields.Integer(
        required=True, metadata={"example": 4, "description": "Those of them that do not count yet"}
    )


class SurveyHurriedOut(ma.Schema):
    """What an officer's word changed."""

    changed = ma.fields.Integer(required=True, metadata={"example": 4})
