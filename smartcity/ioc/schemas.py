"""Callbacks on the wire."""

import marshmallow as ma
from marshmallow import validate

from smartcity.core.fields import Instant, Schema, Text
from smartcity.reports.service import CENTRE_MOVES

_ID = {"description": "The same on every retry", "example": "b3f1c0de-5c56-4d7b-9a56-1f2e3d4c5b6a"}


class CallbackIn(Schema):
    """What an operations centre did with a report."""

    id = Text(max=64, required=True, metadata=_ID)
    report = Text(max=40, required=True, metadata={"example": "HP-2026-000123"})
    sequence = ma.fields.Integer(
        required=True,
        strict=True,
        validate=validate.Range(1, 2**31 - 1),
        metadata={
            "description": "The centre's own count of steps of this report, from 1",
            "example": 1,
        },
    )
    move = ma.fields.String(required=True, validate=validate.OneOf(CENTRE_MOVES))
    reason = Text(max=40, metadata={"example": "outside_authority"})
    public_text = Text(max=2000, lines=True, metadata={"example": "Đã cử tổ sửa chữa."})
    agency = Text(max=40, metadata={"example": "so-xay-dung"})
    at = Instant(required=True)


class CallbackOut(ma.Schema):
    """What came of it."""

    id = ma.fields.String(required=True, metadata=_ID)
    outcome = ma.fields.String(required=True, validate=validate.OneOf(["applied", "late"]))
    repeated = ma.fields.Boolean(required=True, metadata={"description": "This id was known"})
    status = ma.fields.String(
        required=True,
        metadata={"description": "The report's status now", "example": "in_progress"},
    )
