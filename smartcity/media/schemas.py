"""Photos on the wire."""

from typing import Any

import marshmallow as ma
from flask_smorest.fields import Upload
from marshmallow import validate
from werkzeug.datastructures import FileStorage

from smartcity.core.fields import Instant, Number, Schema
from smartcity.media.models import Status


def _a_file(value: object) -> None:
    if not isinstance(value, FileStorage):
        raise ma.ValidationError("media.not_a_file")


class UploadIn(Schema):
    """One multipart body."""

    file = Upload(
        required=True,
        validate=_a_file,
        metadata={"description": "JPEG, PNG, WebP or HEIC; at most 15 MB and 50 megapixels"},
    )


class LinkQuery(Schema):
    """What makes a link good."""

    expires = ma.fields.Integer(required=True, metadata={"description": "Unix seconds"})
    signature = ma.fields.String(required=True, validate=validate.Length(max=64))


class PublicLinkQuery(Schema):
    """What makes a link to an unpublished photo good; none for a published one."""

    expires = ma.fields.Integer(metadata={"description": "Unix seconds"})
    signature = ma.fields.String(validate=validate.Length(max=64))

    @ma.validates_schema
    def both(self, link: dict[str, Any], **_options: Any) -> None:
        """One without the other is no link."""
        if len(link) == 1:
            raise ma.ValidationError("field.required", next(iter({*self.fields} - {*link})))


class LinksOut(ma.Schema):
    """Addresses that open without signing in, for an hour at least."""

    large = ma.fields.Url(required=True, metadata={"description": "JPEG, ≤ 1,600 px"})
    small = ma.fields.Url(required=True, metadata={"description": "JPEG, ≤ 320 px"})
    large_webp = ma.fields.Url(required=True)
    small_webp = ma.fields.Url(required=True)


class PublicPhotoOut(ma.Schema):
    """A photo as the public sees it; its links need no sign-in and last while it is shown."""

    id = ma.fields.UUID(required=True)
    width = ma.fields.Integer(required=True, metadata={"description": "Pixels, seen upright"})
    height = ma.fields.Integer(required=True)
    links = ma.fields.Nested(LinksOut, required=True)


class RegionSchema(Schema):
    """A part of a photo as seen upright: fractions of its width and height."""

    left = Number(min=0, max=1, required=True, metadata={"example": 0.25})
    top = Number(min=0, max=1, required=True, metadata={"example": 0.1})
    width = Number(min=0, max=1, required=True, metadata={"example": 0.2})
    height = Number(min=0, max=1, required=True, metadata={"example": 0.3})

    @ma.validates_schema
    def inside(self, region: dict[str, float], **_options: Any) -> None:
        """Without a size, or beyond the edge, it is a slip of the hand."""
        right, bottom = region["left"] + region["width"], region["top"] + region["height"]
        if max(right, bottom) > 1.001 or not (region["width"] and region["height"]):
            raise ma.ValidationError("media.region_outside")


class PhotoOut(ma.Schema):
    """A photo; links of a pending one answer 404 until it is ready."""

    id = ma.fields.UUID(required=True)
    status = ma.fields.String(required=True, validate=validate.OneOf(list(Status)))
    reason = ma.fields.String(
        required=True, allow_none=True, metadata={"description": "Why it was rejected"}
    )
    format = ma.fields.String(
        required=True, validate=validate.OneOf(["jpeg", "png", "webp", "heic"])
    )
    width = ma.fields.Integer(required=True, metadata={"description": "Pixels, seen upright"})
    height = ma.fields.Integer(required=True)
    bytes = ma.fields.Integer(required=True, metadata={"description": "Size of the original"})
    created_at = Instant(required=True)
    links = ma.fields.Nested(LinksOut, required=True, allow_none=True)
