"""What news and documents are sorted by, as the province says in `news.yaml`: read once.

BadFile names what is wrong in it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import marshmallow as ma
from marshmallow import validate

from smartcity.core.context import per_app
from smartcity.core.datafile import read_yaml, refuse, repeated
from smartcity.core.fields import Schema, Text
from smartcity.settings import Settings

FILE = "news.yaml"


@dataclass(frozen=True)
class Sort:
    """A category of news, or a kind of document."""

    id: str
    vi: str
    en: str


@dataclass(frozen=True)
class Rules:
    """The whole file, by id and in its order."""

    categories: Mapping[str, Sort]
    documents: Mapping[str, Sort]


class _Sort(Schema):
    id = ma.fields.String(
        required=True,
        validate=validate.Regexp(r"^[a-z][a-z_]{1,39}\Z", re.ASCII, error="field.invalid"),
    )
    vi = Text(max=80, required=True)
    en = Text(max=80, required=True)


class _File(Schema):
    categories = ma.fields.List(ma.fields.Nested(_Sort), required=True)
    documents = ma.fields.List(ma.fields.Nested(_Sort), required=True)


@per_app
def rules(settings: Settings) -> Rules:
    """The application's rules of news."""
    file = settings.province_dir / FILE
    found = read_yaml(file, _File)
    refuse(file, [fault for sorts in found.values() for fault in repeated(s["id"] for s in sorts)])
    return Rules(**{name: {s["id"]: Sort(**s) for s in sorts} for name, sorts in found.items()})
