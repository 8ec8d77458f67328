"""The public side on the wire."""

import marshmallow as ma
from marshmallow import validate

from smartcity.core.fields import Instant, Schema, Text
from smartcity.core.paging import PageQuery
from smartcity.media.service import MOST_REGIONS, PublicPhotoOut, RegionSchema
from smartcity.reports.publication.publishing import REASONS
from smartcity.reports.publication.states import GROUPS
from smartcity.reports.workflow import MOVES, Status

_STATES = validate.OneOf(list(GROUPS))
_GROUPS = validate.OneOf(sorted(set(GROUPS.values())))
_MOST_PHOTOS = 50  # with those of its results


class PublicFilter(Schema):
    """How the public narrows what it asks for."""

    category = Text(
        max=40,
        metadata={"description": "With its subcategories", "example": "traffic_infra"},
    )
    area = Text(max=10, metadata={"description": "Ward's GSO code"})
    agency = Text(max=40)
    status = ma.fields.String(validate=_STATES)
    since = Instant(metadata={"description": "Filed at or after"})
    until = Instant(metadata={"description": "Filed before"})
    q = Text(max=100, metadata={"description": "Whole words, with or without accents"})


class PublicQuery(PageQuery, PublicFilter):
    """A page of the public list."""


class MapQuery(PublicFilter):
    """A part of the map, and how closely it is looked at."""

    bbox = Text(
        max=100,
        required=True,
        metadata={
            "description": "west,south,east,north in degrees",
            "example": "106.2,20.8,106.4,21.0",
        },
    )
    zoom = ma.fields.Integer(
        required=True,
        validate=validate.Range(0, 22),
        metadata={"description": "Of tiles of 256 pixels", "example": 12},
    )


class PublicReportOut(ma.Schema):
    """A report as the public sees it: moderated, and without whoever reported it."""

    id = ma.fields.UUID(required=True)
    code = ma.fields.String(required=True, metadata={"example": "HP-2026-000123"})
    status = ma.fields.String(required=True, validate=validate.OneOf(list(Status)))
    status_label = ma.fields.String(required=True, metadata={"example": "Đang xử lý"})
    group = ma.fields.String(required=True, allow_none=True, validate=_GROUPS)
    category = ma.fields.String(required=True, metadata={"example": "traffic_infra"})
    description = ma.fields.String(required=True, allow_none=True)
    address = ma.fields.String(required=True, allow_none=True, metadata={"example": "Trần Phú"})
    latitude = ma.fields.Float(required=True, allow_none=True, metadata={"example": 20.94})
    longitude = ma.fields.Float(required=True, allow_none=True, metadata={"example": 106.33})
    place_coarsened = ma.fields.Boolean(
        required=True, metadata={"description": "The middle of a cell, not the very place"}
    )
    area = ma.fields.String(required=True, metadata={"example": "10532"})
    agency = ma.fields.String(required=True, allow_none=True, metadata={"example": "so-xay-dung"})
    supporters = ma.fields.Integer(required=True)
    followers = ma.fields.Integer(required=True)
    submitted_at = Instant(required=True)
    published_at = Instant(required=True, allow_none=True)
    resolved_at = Instant(required=True, allow_none=True)
    photos = ma.fields.List(ma.fields.Nested(PublicPhotoOut), required=True)


class PublicStepOut(ma.Schema):
    """One step, by whichever unit; words that speak to the reporter alone are left out."""

    move = ma.fields.String(required=True, validate=validate.OneOf(["submit", *MOVES]))
    status = ma.fields.String(required=True, validate=validate.OneOf(list(Status)))
    status_label = ma.fields.String(required=True, metadata={"example": "Đã tiếp nhận"})
    agency = ma.fields.String(required=True, allow_none=True)
    public_text = ma.fields.String(required=True, allow_none=True)
    at = Instant(required=True)


class PublicResultOut(ma.Schema):
    """What was done."""

    public_text = ma.fields.String(required=True, metadata={"example": "Đã vá mặt đường."})
    photos = ma.fields.List(ma.fields.Nested(PublicPhotoOut), required=True)


class PublicReportWholeOut(PublicReportOut):
    """A public report with its course."""

    timeline = ma.fields.List(ma.fields.Nested(PublicStepOut), required=True)
    result = ma.fields.Nested(PublicResultOut, required=True, allow_none=True)


class PointOut(ma.Schema):
    """Where a feature lies: longitude, latitude."""

    type = ma.fields.Constant("Point", required=True)
    coordinates = ma.fields.List(ma.fields.Float(), required=True, validate=validate.Length(2, 2))


class PropertiesOut(ma.Schema):
    """Of a cluster its count; of a report what a pin tells."""

    cluster = ma.fields.Boolean(required=True)
    count = ma.fields.Integer()
    id = ma.fields.UUID()
    category = ma.fields.String(metadata={"example": "traffic_infra"})
    status = ma.fields.String(validate=_STATES)
    group = ma.fields.String(validate=_GROUPS)
    submitted_at = Instant()


class FeatureOut(ma.Schema):
    """A feature of GeoJSON (RFC 7946)."""

    type = ma.fields.Constant("Feature", required=True)
    geometry = ma.fields.Nested(PointOut, required=True)
    properties = ma.fields.Nested(PropertiesOut, required=True)


class MapOut(ma.Schema):
    """A FeatureCollection of GeoJSON (RFC 7946)."""

    type = ma.fields.Constant("FeatureCollection", required=True)
    zoom = ma.fields.Integer(
        required=True, metadata={"description": "As answered: a box too wide is seen from afar"}
    )
    truncated = ma.fields.Boolean(
        required=True, metadata={"description": "There are more clusters than these, smaller ones"}
    )
    features = ma.fields.List(ma.fields.Nested(FeatureOut), required=True)


class WardCountOut(ma.Schema):
    """A commune's number of public reports, and how many stand where."""

    area = ma.fields.String(required=True, metadata={"example": "10532"})
    name_vi = ma.fields.String(required=True, metadata={"example": "Phường Hải Dương"})
    name_en = ma.fields.String(required=True, metadata={"example": "Hai Duong Ward"})
    count = ma.fields.Integer(required=True)
    received = ma.fields.Integer(required=True)
    in_progress = ma.fields.Integer(required=True)
    done = ma.fields.Integer(required=True)


class WardCountsOut(ma.Schema):
    items = ma.fields.List(ma.fields.Nested(WardCountOut), required=True)


class PublicationIn(Schema):
    """What the public is to see; what is left out is as suggested."""

    description = Text(
        max=5000,
        lines=True,
        metadata={"description": "The report's words as redacted", "example": "Ổ gà lớn."},
    )
    address = Text(
        max=300,
        allow_none=True,
        metadata={"description": "null: none is shown", "example": "Trần Phú"},
    )
    photos = ma.fields.List(
        ma.fields.UUID(),
        validate=validate.Length(max=_MOST_PHOTOS),
        metadata={"description": "Those to show, no others; left out: as they are"},
    )


class HidingQuery(Schema):
    """Why a report is taken from the public."""

    reason = ma.fields.String(required=True, validate=validate.OneOf(REASONS))


class RedactionIn(Schema):
    """What is to be blurred in a photo."""

    regions = ma.fields.List(
        ma.fields.Nested(RegionSchema),
        required=True,
        validate=validate.Length(min=1, max=MOST_REGIONS),
    )


class FoundOut(ma.Schema):
    """A piece of the description that may be personal data; positions count characters."""

    kind = ma.fields.String(required=True, metadata={"example": "phone"})
    label = ma.fields.String(required=True, metadata={"example": "Số điện thoại"})
    start = ma.fields.Integer(required=True)
    end = ma.fields.Integer(required=True)
    text = ma.fields.String(required=True, metadata={"example": "0912345678"})


class ModeratedPhotoOut(PublicPhotoOut):
    """A photo to choose and blur; its links show what the public sees, or would."""

    status = ma.fields.String(required=True, metadata={"example": "ready"})
    shown = ma.fields.Boolean(required=True)
    ready = ma.fields.Boolean(
        required=True, metadata={"description": "False while its blurred pictures are made"}
    )
    regions = ma.fields.List(ma.fields.Nested(RegionSchema), required=True)
    faces = ma.fields.List(
        ma.fields.Nested(RegionSchema),
        required=True,
        allow_none=True,
        metadata={"description": "Suggested regions; null: nobody looked"},
    )


class PublicationOut(ma.Schema):
    """A report's public side as a moderator sees it, its version as ETag."""

    version = ma.fields.Integer(required=True, metadata={"description": "Of the public side alone"})
    visibility = ma.fields.String(required=True, validate=validate.OneOf(["hidden", "public"]))
    can_publish = ma.fields.Boolean(required=True)
    shown = ma.fields.Nested(
        PublicReportWholeOut,
        required=True,
        metadata={"description": "What the public sees; while hidden, would see as suggested"},
    )
    found = ma.fields.List(ma.fields.Nested(FoundOut), required=True)
    suggested_description = ma.fields.String(
        required=True, metadata={"example": "Gọi [đã che] để biết thêm."}
    )
    suggested_address = ma.fields.String(required=True, allow_none=True)
    photos = ma.fields.List(ma.fields.Nested(ModeratedPhotoOut), required=True)
    faces_sought = ma.fields.Boolean(
        required=True, metadata={"description": "False: no face detection is installed"}
    )
