"""Checklists on the wire."""

import marshmallow as ma
from marshmallow import validate

from smartcity.core.fields import Instant, Schema, Text

_ID = {"example": "4f1c09ab7e", "description": "Of the procedure's `documents`"}
_TICKED = {"description": "All that are together; what is left out is not"}


class ChecklistIn(Schema):
    """The papers that are together."""

    ticked = ma.fields.List(
        Text(max=10, metadata=_ID),
        required=True,
        validate=validate.Length(max=100),
        metadata=_TICKED,
    )


class _Named(ma.Schema):
    code = ma.fields.String(required=True, metadata={"example": "1.001193"})
    name = ma.fields.String(required=True, metadata={"example": "Đăng ký khai sinh"})
    changed_at = Instant(required=True)
    withdrawn = ma.fields.Boolean(
        required=True, metadata={"description": "The procedure is public no more"}
    )


class ChecklistPaperOut(ma.Schema):
    """A paper of the procedure, as it is or as it was."""

    id = ma.fields.String(required=True, metadata=_ID)
    name = ma.fields.String(required=True, metadata={"example": "Giấy chứng sinh"})


class ChecklistOut(_Named):
    """Which papers are together, and what the procedure asks for otherwise than back then."""

    ticked = ma.fields.List(ma.fields.String(metadata=_ID), required=True)
    gone = ma.fields.List(
        ma.fields.Nested(ChecklistPaperOut),
        required=True,
        metadata={"description": "Ticked, and asked for no more"},
    )
    new = ma.fields.List(
        ma.fields.Nested(ChecklistPaperOut),
        required=True,
        metadata={"description": "Asked for only since the checklist was kept"},
    )


class ChecklistCardOut(_Named):
    """A checklist in the list: how many of the papers are together."""

    together = ma.fields.Integer(required=True, metadata={"example": 2})
    documents = ma.fields.Integer(required=True, metadata={"example": 5})
