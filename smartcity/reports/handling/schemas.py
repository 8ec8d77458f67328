"""Moves, results and ratings on the wire."""

import uuid
from typing import Any

import marshmallow as ma
from marshmallow import validate

from smartcity.core.fields import Instant, Schema, Text
from smartcity.media.service import PhotoOut
from smartcity.reports.handling.ratings import Verdict
from smartcity.reports.workflow import Status

PHOTOS_PER_REPORT = 10
_UNIT = {"example": "so-xay-dung"}
_WORDS = {"description": "The citizen reads it", "example": "Đã vá mặt đường trong ngày."}
_QUESTION = {"example": "Ổ gà ở làn nào, gần ngõ nào?"}
_ANSWER = {"example": "Ở làn bên phải, trước ngõ 14."}
_APPEAL = {"example": "Vẫn là địa bàn của thành phố, đề nghị xem lại."}
_COMMENT = {"example": "Chỗ vá lại bong sau một trận mưa."}


def _no_photo_twice(ids: list[object]) -> None:
    if len(set(ids)) < len(ids):
        raise ma.ValidationError("media.twice")


def photo_ids(least: int = 0) -> ma.fields.List[uuid.UUID]:
    """Uploaded photos of whoever sends them; they may still be processing."""
    presence: dict[str, Any] = {"required": True} if least else {"load_default": list}
    return ma.fields.List(
        ma.fields.UUID(),
        **presence,
        validate=[validate.Length(min=least, max=PHOTOS_PER_REPORT), _no_photo_twice],
        metadata={"description": "Uploaded photos; they may still be processing"},
    )


class QuestionIn(Schema):
    """A question to the citizen."""

    public_text = Text(max=2000, lines=True, required=True, metadata=_QUESTION)
    days = ma.fields.Integer(
        strict=True,
        validate=validate.Range(1, 14),
        metadata={"description": "To answer in; the province's own number without", "example": 3},
    )


class ProposedQuestionIn(Schema):
    """A question that the centre is to ask."""

    public_text = Text(max=2000, lines=True, required=True, metadata=_QUESTION)


class AnswerIn(Schema):
    """What was asked for: words, photos, or both."""

    public_text = Text(max=2000, lines=True, metadata=_ANSWER)
    media_ids = photo_ids()


class PhotosIn(Schema):
    """Photos that come after their report."""

    media_ids = photo_ids(least=1)


class AppealIn(Schema):
    """Why the verdict is wrong."""

    public_text = Text(max=2000, lines=True, required=True, metadata=_APPEAL)
    media_ids = photo_ids()


class ResultIn(Schema):
    """What the unit did; with photos where the category asks for proof."""

    public_text = Text(max=2000, lines=True, required=True, metadata=_WORDS)
    media_ids = photo_ids()


class PartIn(Schema):
    """A unit's part of a report."""

    agency = Text(max=40, required=True, metadata=_UNIT)
    description = Text(
        max=5000,
        lines=True,
        metadata={
            "description": "The whole report's own without",
            "example": "Cột điện nghiêng sát ổ gà.",
        },
    )


class PartsIn(Schema):
    """The parts that a report is split into, each for another unit."""

    public_text = Text(max=2000, lines=True, metadata=_WORDS)
    parts = ma.fields.List(
        ma.fields.Nested(PartIn),
        required=True,
        validate=validate.Length(min=2, max=10),
        metadata={"example": [{"agency": "so-xay-dung"}, {"agency": "so-cong-thuong"}]},
    )


class RatingIn(Schema):
    """What the reporter thinks of the result."""

    verdict = ma.fields.String(
        required=True,
        validate=validate.OneOf(list(Verdict)),
        metadata={"example": "satisfied"},
    )
    comment = Text(max=1000, lines=True, metadata=_COMMENT)
    reopen = ma.fields.Boolean(
        load_default=False,
        metadata={"description": "Once, when dissatisfied, with a comment that says why"},
    )

    @ma.validates_schema
    def _reopens_for_a_reason(self, asked: dict[str, Any], **_options: Any) -> None:
        if not asked.get("reopen"):
            return
        if asked.get("verdict") != Verdict.DISSATISFIED:
            raise ma.ValidationError("report.reopens_dissatisfied", "reopen")
        if not asked.get("comment"):
            raise ma.ValidationError("field.required", "comment")


class ResultOut(ma.Schema):
    """The result as it is published; an officer sees a proposed one, too."""

    public_text = ma.fields.String(required=True, metadata=_WORDS)
    media = ma.fields.List(ma.fields.Nested(PhotoOut), required=True)


class RatingOut(ma.Schema):
    """A verdict on one result."""

    verdict = ma.fields.String(required=True, metadata={"example": "satisfied"})
    comment = ma.fields.String(required=True, allow_none=True, metadata=_COMMENT)
    reopened = ma.fields.Boolean(required=True)
    at = Instant(required=True)


class PartOut(ma.Schema):
    """A part, or the whole that it is of."""

    id = ma.fields.UUID(required=True)
    code = ma.fields.String(required=True, metadata={"example": "HP-2026-000124"})
    agency = ma.fields.String(required=True, allow_none=True, metadata=_UNIT)
    status = ma.fields.String(required=True, validate=validate.OneOf(list(Status)))
    status_label = ma.fields.String(required=True, metadata={"example": "Đang xử lý"})
