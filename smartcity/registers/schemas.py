"""What every kind of entry has in common on the wire."""

from collections.abc import Iterable, Mapping
from typing import Any

import marshmallow as ma
from marshmallow import validate

from smartcity.areas import service as areas
from smartcity.core.fields import Instant, Number, Schema, Text
from smartcity.core.paging import PageQuery
from smartcity.media import service as media
from smartcity.registers.models import State

HTTPS = validate.Regexp(r"https://[^\s/@]+(/\S*)?\Z", error="field.not_https")
_KEY = validate.Regexp(r"[a-z0-9][a-z0-9-]{0,79}\Z", error="field.invalid")
_KEYED = {"description": "Names it in files, for good", "example": "benh-vien-viet-tiep"}
_TITLE = {"example": "Bệnh viện Hữu nghị Việt Tiệp"}
_ABOUT = {"example": "Bệnh viện đa khoa hạng đặc biệt của thành phố."}
_ABOUT_EN = {"example": "The city's general hospital."}
_REASON = {"description": "Kept with the version", "example": "Theo công văn ngày 20/11."}
_ID = {"example": "0198c0de-4a6e-7c1a-9b7e-2f1d3c4b5a69"}
_WHO = {"example": "officer:0198c0de-4a6e-7c1a-9b7e-2f1d3c4b5a69"}
_DEED = {"example": "changed", "description": "entered, changed, published, withdrawn, discarded"}
_WARD = {"description": "Code of a commune: with what is for everybody", "example": "11359"}
_Q = {"description": "Words of it, without accents too", "example": "benh vien viet tiep"}
_CATEGORY = {"example": "hospital"}


def address(**options: Any) -> ma.fields.String:
    """A field for an https address."""
    return ma.fields.String(validate=[validate.Length(max=500), HTTPS], **options)


def ward_field(**options: Any) -> ma.fields.String:
    """A field for the code of a commune of the province."""
    return ma.fields.String(validate=_is_ward, metadata=_WARD, **options)


def is_ward_field(field: object) -> bool:
    """Whether a field holds the code of a commune."""
    return isinstance(field, ma.fields.String) and _is_ward in field.validators


def _is_ward(code: str) -> None:
    if code not in areas.reference().areas:
        raise ma.ValidationError("area.unknown")


class SourceSchema(Schema):
    """Where the facts stand, and when somebody looked."""

    name = Text(max=200, required=True, metadata={"example": "Cổng thông tin điện tử thành phố"})
    address = address(required=True, metadata={"example": "https://haiphong.gov.vn/"})
    checked_on = ma.fields.Date(required=True, metadata={"example": "2026-11-22"})


class RegisterPhotoIn(Schema):
    """A photo that its editor uploaded."""

    media_id = ma.fields.UUID(required=True, metadata=_ID)
    alt = Text(max=300, required=True, metadata={"example": "Cổng chính, có đường dốc"})


class RegisterPhotoOut(ma.Schema):
    """A photo, described for those who do not see it."""

    alt = ma.fields.String(required=True, metadata={"example": "Cổng chính, có đường dốc"})
    photo = ma.fields.Nested(media.PublicPhotoOut, required=True)


class RecordIn(Schema):
    """The fields of every record; kinds add theirs. Without a `source` it is a demonstration."""

    key = ma.fields.String(load_default=None, allow_none=True, validate=_KEY, metadata=_KEYED)
    title = Text(max=300, required=True, metadata=_TITLE)
    title_en = Text(max=300, load_default=None, allow_none=True, metadata=_TITLE)
    about = Text(max=4_000, lines=True, load_default=None, allow_none=True, metadata=_ABOUT)
    about_en = Text(max=4_000, lines=True, load_default=None, allow_none=True, metadata=_ABOUT_EN)
    photos = ma.fields.List(
        ma.fields.Nested(RegisterPhotoIn), load_default=list, validate=validate.Length(max=12)
    )
    source = ma.fields.Nested(SourceSchema, load_default=None, allow_none=True)


class PlacedIn(RecordIn):
    """A record of a thing that stands somewhere: its commune follows from its place."""

    address = Text(
        max=300,
        load_default=None,
        allow_none=True,
        metadata={"example": "Số 1 Nhà Thương, phường Lê Chân"},
    )
    ward = ward_field(load_default=None, allow_none=True)
    latitude = Number(
        min=-90, max=90, load_default=None, allow_none=True, metadata={"example": 20.8525}
    )
    longitude = Number(
        min=-180, max=180, load_default=None, allow_none=True, metadata={"example": 106.6823}
    )


class ListQuery(PageQuery):
    """How the public narrows a list."""

    q = Text(max=100, metadata=_Q)
    category: ma.fields.String = Text(max=40, metadata=_CATEGORY)
    ward = ward_field()
    over = ma.fields.Boolean(
        load_default=False, metadata={"description": "What is past, instead of what is to come"}
    )


class DeskFilter(Schema):
    """How an officer narrows a register."""

    q = Text(max=100, metadata=_Q)
    category = Text(max=40, metadata=_CATEGORY)
    ward = ward_field()
    state = ma.fields.Enum(State, by_value=True, metadata={"example": "draft"})
    demo = ma.fields.Boolean(metadata={"description": "Whether its facts lack a source"})


class DeskQuery(PageQuery, DeskFilter):
    """A page of it."""


class RegisterReasonIn(Schema):
    """Why."""

    reason = Text(max=500, required=True, lines=True, metadata=_REASON)


class EntryVersionOut(ma.Schema):
    """An entry as it was from `at` on."""

    number = ma.fields.Integer(required=True, metadata={"example": 3})
    deed = ma.fields.String(required=True, metadata=_DEED)
    fields_changed = ma.fields.List(
        ma.fields.String(metadata={"example": "hours"}), attribute="fields", required=True
    )
    record = ma.fields.Dict(required=True)
    origin = ma.fields.String(required=True, allow_none=True, metadata={"example": "places.csv"})
    reason = ma.fields.String(required=True, allow_none=True, metadata=_REASON)
    made_by = ma.fields.String(required=True, metadata=_WHO)
    at = Instant(required=True)


def shown_schema(
    one: str,
    suffix: str,
    record: type[Schema],
    names: Iterable[str],
    more: Mapping[str, ma.fields.Field[Any]],
) -> type[ma.Schema]:
    """The schema `<One><suffix>Out`: some fields of a record, and what is told beside it."""
    fields: dict[str, Any] = {
        "id": ma.fields.UUID(required=True, metadata=_ID),
        "version": ma.fields.Integer(required=True, metadata={"example": 2}),
        "published_at": Instant(required=True),
        "changed_at": Instant(required=True),
        "demo": ma.fields.Boolean(
            required=True, metadata={"description": "A demonstration: no source stands behind it"}
        ),
        **{name: record._declared_fields[name] for name in names},
        **more,
    }
    if "photos" in fields:
        fields["photos"] = ma.fields.List(ma.fields.Nested(RegisterPhotoOut), required=True)
    named = "".join(part.capitalize() for part in one.split("_"))
    return ma.Schema.from_dict(fields, name=f"{named}{suffix}Out")


class _Kept(ma.fields.Nested):
    """A record as it stands: it was dumped when it was entered."""

    def _serialize(self, *given: Any, **_kwargs: Any) -> Any:
        return given[0]


def desk_schema(one: str, record: type[Schema]) -> type[ma.Schema]:
    """The schema `<One>EntryOut`: an entry with its record, as officers see it."""
    named = "".join(part.capitalize() for part in one.split("_"))
    fields: dict[str, Any] = {
        "id": ma.fields.UUID(required=True, metadata=_ID),
        "state": ma.fields.String(required=True, validate=validate.OneOf(list(State))),
        "version": ma.fields.Integer(required=True, metadata={"example": 2}),
        "over": ma.fields.Boolean(required=True, metadata={"description": "Its window is past"}),
        "demo": ma.fields.Boolean(required=True),
        "published_at": Instant(required=True, allow_none=True),
        "changed_by": ma.fields.String(required=True, metadata=_WHO),
        "changed_at": Instant(required=True),
        "record": _Kept(record, required=True),
    }
    return ma.Schema.from_dict(fields, name=f"{named}EntryOut")
