"""Templates on the wire."""

import marshmallow as ma
from marshmallow import validate

from smartcity.campaigns.schemas import NAME, WordsIn
from smartcity.campaigns.templates import variables
from smartcity.core.fields import Instant, Schema, Text

_CATEGORY = {"example": "events"}
_LINK = {"example": "/news/", "description": "Of campaigns that name no other"}
_WHO = {"example": "officer:0198c0de-4a6e-7c1a-9b7e-2f1d3c4b5a69"}


class BothLanguages(Schema):
    """Variables stand as `{name}`, the same in both languages."""

    vi = ma.fields.Nested(WordsIn, required=True)
    en = ma.fields.Nested(WordsIn, required=True)


class TemplateIn(Schema):
    """A text with variables."""

    category = Text(max=30, required=True, metadata=_CATEGORY)
    content = ma.fields.Nested(BothLanguages, required=True)
    link = Text(max=500, min=0, load_default="", metadata=_LINK)


class NewTemplateIn(TemplateIn):
    """A text with variables, and its name for good."""

    name = ma.fields.String(
        required=True,
        validate=validate.Regexp(r"^[a-z0-9][a-z0-9-]{0,59}\Z", error="template.bad_name"),
        metadata=NAME,
    )


class TemplateQuery(Schema):
    """How officers narrow the list."""

    category = Text(max=30, metadata=_CATEGORY)
    retired = ma.fields.Boolean(
        load_default=False, metadata={"description": "Those that are offered no more, instead"}
    )
    q = Text(max=100, metadata={"example": "ngay hoi", "description": "Without accents"})


class TemplateOut(ma.Schema):
    """A version of a template."""

    name = ma.fields.String(required=True, metadata=NAME)
    version = ma.fields.Integer(required=True, metadata={"example": 2})
    category = ma.fields.String(required=True, metadata=_CATEGORY)
    content = ma.fields.Nested(BothLanguages, required=True)
    link = ma.fields.String(required=True, metadata=_LINK)
    variables = ma.fields.Function(
        lambda template: sorted(variables(template.content["vi"])),
        required=True,
        metadata={"type": "array", "items": {"type": "string"}, "example": ["ward"]},
    )
    made_by = ma.fields.String(required=True, metadata=_WHO)
    made_at = Instant(required=True)
    retired_at = Instant(required=True, allow_none=True)


class TemplateList(ma.Schema):
    """Templates by name, the newest version of each."""

    items = ma.fields.List(ma.fields.Nested(TemplateOut), required=True)
