"""What a contest is on the wire: its record with the bank of questions."""

from typing import Any

import marshmallow as ma
from marshmallow import validate

from smartcity.core.fields import Instant, Schema, Text
from smartcity.participation.eligibility import eligibility_field
from smartcity.registers.service import RecordIn

_ID = validate.Regexp(r"[a-z0-9][a-z0-9-]{0,39}\Z", error="field.invalid")
_RIGHT = {"description": "Which option is right, counted from 0", "example": 2}
_RULES = {"example": "Mỗi người được làm 2 lượt; lấy lượt có kết quả tốt hơn."}
_MINUTES = {"description": "For one attempt", "example": 15}
_ATTEMPTS = {"description": "That one citizen has", "example": 2}
_DRAW = {"description": "Questions a paper, drawn from the bank for each attempt", "example": 10}
_VALUE = {"description": "In đồng, of one", "example": 3_000_000}
_MOST = 500  # questions in a bank


class PrizeIn(Schema):
    """A prize, the highest first."""

    title = Text(max=200, required=True, metadata={"example": "Giải nhất"})
    count = ma.fields.Integer(
        required=True,
        validate=validate.Range(1, 1_000),
        metadata={"description": "How many win it", "example": 1},
    )
    value = ma.fields.Integer(
        load_default=None,
        allow_none=True,
        validate=validate.Range(0, 10_000_000_000),
        metadata=_VALUE,
    )


class ContestQuestionIn(Schema):
    """A question of the bank; officers alone see it before the contest closes."""

    id = ma.fields.String(required=True, validate=_ID, metadata={"example": "q1"})
    text = Text(
        max=1_000,
        lines=True,
        required=True,
        metadata={"example": "Ngày Chuyển đổi số quốc gia là ngày nào hằng năm?"},
    )
    options = ma.fields.List(
        Text(max=500, metadata={"example": "Ngày 10 tháng 10"}),
        required=True,
        validate=validate.Length(min=2, max=6),
    )
    right = ma.fields.Integer(required=True, validate=validate.Range(0, 5), metadata=_RIGHT)
    points = ma.fields.Integer(
        load_default=1, validate=validate.Range(1, 100), metadata={"example": 1}
    )
    explains = Text(
        max=2_000,
        lines=True,
        load_default=None,
        allow_none=True,
        metadata={"example": "Thủ tướng lấy ngày 10/10 làm Ngày Chuyển đổi số quốc gia."},
    )
    law = Text(
        max=500,
        load_default=None,
        allow_none=True,
        metadata={"example": "Quyết định 505/QĐ-TTg ngày 22/4/2022"},
    )

    @ma.validates_schema
    def _options_fit(self, data: dict[str, Any], **_rest: Any) -> None:
        if len(set(data["options"])) < len(data["options"]):
            raise ma.ValidationError({"options": ["contest.same_option"]})
        if data["right"] >= len(data["options"]):
            raise ma.ValidationError({"right": ["contest.no_such_option"]})


class ContestIn(RecordIn):
    """A contest: within its window a citizen draws a paper and answers it within the minutes."""

    rules = Text(max=8_000, lines=True, load_default=None, allow_none=True, metadata=_RULES)
    opens = Instant(required=True)
    closes = Instant(required=True)
    minutes = ma.fields.Integer(required=True, validate=validate.Range(1, 240), metadata=_MINUTES)
    attempts = ma.fields.Integer(load_default=1, validate=validate.Range(1, 20), metadata=_ATTEMPTS)
    draw = ma.fields.Integer(required=True, validate=validate.Range(1, 100), metadata=_DRAW)
    eligibility = eligibility_field()
    prizes = ma.fields.List(
        ma.fields.Nested(PrizeIn), load_default=list, validate=validate.Length(max=20)
    )
    questions = ma.fields.List(
        ma.fields.Nested(ContestQuestionIn),
        required=True,
        validate=validate.Length(min=1, max=_MOST),
    )

    @ma.validates_schema
    def _bank_fits(self, data: dict[str, Any], **_rest: Any) -> None:
        ids = [question["id"] for question in data["questions"]]
        if len(set(ids)) < len(ids):
            raise ma.ValidationError({"questions": ["contest.same_question"]})
        if data["draw"] > len(ids):
            raise ma.ValidationError({"draw": ["contest.bank_too_small"]})
