"""What is asked of the index, and how its answers look."""

import marshmallow as ma
from marshmallow import validate

from smartcity.core.fields import Instant, Schema, Text
from smartcity.core.paging import PageQuery


class WordsQuery(Schema):
    q = Text(
        required=True,
        max=200,
        metadata={
            "description": "Words, with or without accents; the last one may be unfinished",
            "example": "canh bao lua dao",
        },
    )


class SearchQuery(WordsQuery, PageQuery):
    kind = Text(max=20, metadata={"description": "Only this kind of thing", "example": "news"})
    area = Text(
        max=10, metadata={"description": "This commune's and everybody's", "example": "10507"}
    )
    agency = Text(max=40, metadata={"example": "so-y-te"})
    language = ma.fields.String(validate=validate.OneOf(("vi", "en")), metadata={"example": "vi"})


class SegmentOut(ma.Schema):
    """Put together, the segments are the text; show those with `hit` as you like."""

    text = ma.fields.String(required=True, metadata={"example": "lừa"})
    hit = ma.fields.Boolean(required=True)


class HitOut(ma.Schema):
    """`link` leads to the thing, or to the list it is in; `area` null: everybody's."""

    kind = ma.fields.String(required=True, metadata={"example": "news"})
    id = ma.fields.String(
        required=True,
        attribute="ref",
        metadata={"example": "0198c0de-4a6e-7c1a-9b7e-2f1d3c4b5a69"},
    )
    title = ma.fields.List(ma.fields.Nested(SegmentOut), required=True)
    snippet = ma.fields.List(
        ma.fields.Nested(SegmentOut),
        required=True,
        metadata={"description": "The text around the first hit, or the summary"},
    )
    link = ma.fields.String(required=True, metadata={"example": "/api/v1/news/0198c0de-4a6e"})
    language = ma.fields.String(required=True, metadata={"example": "vi"})
    agency = ma.fields.String(required=True, allow_none=True, metadata={"example": "so-y-te"})
    area = ma.fields.String(required=True, allow_none=True, metadata={"example": "10507"})
    published_at = Instant(required=True)


class SearchOut(ma.Schema):
    """The best hits first; 200 at most, over all pages."""

    items = ma.fields.List(ma.fields.Nested(HitOut), required=True)
    next_cursor = ma.fields.String(
        required=True, allow_none=True, metadata={"example": "WyIyMDI2LTEx"}
    )
    corrected = ma.fields.Dict(
        required=True,
        metadata={
            "description": "Nothing holds the words as typed: which were taken for which",
            "example": {"daop": "đảo"},
        },
    )


class SuggestionsOut(ma.Schema):
    items = ma.fields.List(
        ma.fields.String(metadata={"example": "Cảnh báo lừa đảo"}),
        required=True,
        metadata={"description": "Titles, at most 8"},
    )
