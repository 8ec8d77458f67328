"""A file that an officer brings, and what it would do."""

import marshmallow as ma
from flask_smorest.fields import Upload
from werkzeug.datastructures import FileStorage

from smartcity.core.fields import Schema, Text
from smartcity.core.texts import message

_KEY = {"example": "benh-vien-viet-tiep"}
_LINE = {"description": "Where it begins in the file; 0 is the file", "example": 12}
_FIELD = {"example": "latitude"}
_REASON = {
    "description": "Kept with each version; else the file's name",
    "example": "Theo công văn",
}
_FILE = {"description": "CSV, XLSX, GeoJSON, JSON or YAML; at most 5 MB and 5,000 records"}


def _a_file(value: object) -> None:
    if not isinstance(value, FileStorage):
        raise ma.ValidationError("register.import.not_a_file")


class RegisterFileIn(Schema):
    """One multipart body."""

    file = Upload(required=True, validate=_a_file, metadata=_FILE)
    apply = ma.fields.Boolean(
        load_default=False, metadata={"description": "Do it, unless a record is refused"}
    )
    reason = Text(max=500, load_default=None, metadata=_REASON)


class ComingFieldOut(ma.Schema):
    """A field as it is and as it would be, shortened."""

    field = ma.fields.String(required=True, metadata=_FIELD)
    before = ma.fields.String(required=True, metadata={"example": "7h–11h"})
    after = ma.fields.String(required=True, metadata={"example": "24/24"})


class ComingOut(ma.Schema):
    """A record that comes in."""

    line = ma.fields.Integer(required=True, metadata=_LINE)
    key = ma.fields.String(required=True, metadata=_KEY)
    title = ma.fields.String(required=True, metadata={"example": "Bệnh viện Việt Tiệp"})
    new = ma.fields.Boolean(required=True)
    changes = ma.fields.List(ma.fields.Nested(ComingFieldOut), required=True)


class NotedOut(ma.Schema):
    """What is to be told of a line."""

    line = ma.fields.Integer(required=True, metadata=_LINE)
    key = ma.fields.String(required=True, metadata=_KEY)
    field = ma.fields.String(required=True, metadata=_FIELD)
    message = ma.fields.Function(
        lambda noted: message(noted.fault),
        required=True,
        metadata={"type": "string", "example": "Vĩ độ và kinh độ có vẻ bị đổi chỗ cho nhau."},
    )


class RegisterComparisonOut(ma.Schema):
    """What a file does to a register; of each list the first 200."""

    applied = ma.fields.Boolean(required=True)
    sha256 = ma.fields.String(required=True, metadata={"example": "9f86d081884c7d65"})
    new = ma.fields.Integer(required=True, metadata={"example": 12})
    changed = ma.fields.Integer(required=True, metadata={"example": 3})
    same = ma.fields.Integer(required=True, metadata={"example": 140})
    refused = ma.fields.Integer(required=True, metadata={"example": 0})
    coming = ma.fields.List(ma.fields.Nested(ComingOut), required=True)
    refusals = ma.fields.List(ma.fields.Nested(NotedOut), required=True)
    remarks = ma.fields.List(ma.fields.Nested(NotedOut), required=True)
