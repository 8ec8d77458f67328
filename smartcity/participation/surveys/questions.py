"""The questions of a survey, as its editor writes them."""

from collections import Counter
from enum import StrEnum
from typing import Any

import marshmallow as ma
from marshmallow import validate

from smartcity.core.fields import Schema, Text

MOST_QUESTIONS, MOST_OPTIONS = 50, 30
_ID = validate.Regexp(r"[a-z0-9][a-z0-9_-]{0,39}\Z", error="field.invalid")
_NAMED = {"description": "Names it within the survey, for good", "example": "hai-long"}
_TEXT = {"example": "Bạn hài lòng đến mức nào? (1 là rất không hài lòng, 5 là rất hài lòng)"}
_TEXT_EN = {"example": "How satisfied were you? (1 not at all, 5 very)"}
_CLOSED = {"description": "Asked no more; what was answered still counts"}


class Sort(StrEnum):
    """How a question is answered."""

    SINGLE = "single"
    SEVERAL = "several"
    SCALE = "scale"
    TEXT = "text"


CHOICES = (Sort.SINGLE, Sort.SEVERAL)


def _identity() -> ma.fields.String:
    return ma.fields.String(required=True, validate=_ID, metadata=_NAMED)


def _step() -> ma.fields.Integer:
    return ma.fields.Integer(
        load_default=None, allow_none=True, validate=validate.Range(0, 10), metadata={"example": 5}
    )


class SurveyOptionSchema(Schema):
    """One of the answers that a question offers."""

    id = _identity()
    text = Text(max=300, required=True, metadata={"example": "Đến tận quầy"})
    text_en = Text(
        max=300, load_default=None, allow_none=True, metadata={"example": "At the counter"}
    )


class SurveyQuestionSchema(Schema):
    """A question: `options` of `single` and `several`, `least` and `most` of `scale`."""

    id = _identity()
    kind = ma.fields.String(
        required=True, validate=validate.OneOf(list(Sort)), metadata={"example": "scale"}
    )
    text = Text(max=500, required=True, metadata=_TEXT)
    text_en = Text(max=500, load_default=None, allow_none=True, metadata=_TEXT_EN)
    required = ma.fields.Boolean(load_default=False)
    closed = ma.fields.Boolean(load_default=False, metadata=_CLOSED)
    options = ma.fields.List(
        ma.fields.Nested(SurveyOptionSchema),
        load_default=list,
        validate=validate.Length(max=MOST_OPTIONS),
    )
    least = _step()
    most = _step()

    @ma.validates_schema
    def _fits(self, question: dict[str, Any], **_: Any) -> None:
        options, kind = question["options"], question["kind"]
        if (len(options) >= 2) is not (kind in CHOICES) or (options and kind not in CHOICES):
            raise ma.ValidationError("survey.options", "options")
        refuse_repeated(options, "options")
        ends = question["least"], question["most"]
        if kind == Sort.SCALE and (None in ends or ends[0] >= ends[1]):
            raise ma.ValidationError("survey.scale", "most")


def refuse_repeated(named: list[dict[str, Any]], field: str) -> None:
    """ValidationError naming the field where two things have one id."""
    times = Counter(thing["id"] for thing in named)
    if times and max(times.values()) > 1:
        raise ma.ValidationError("survey.repeated", field)
