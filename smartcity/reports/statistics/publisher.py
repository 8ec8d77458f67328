"""Who publishes the open data, and on what terms: the province's `opendata.yaml`."""

from dataclasses import dataclass
from functools import partial

import marshmallow as ma
from marshmallow import validate

from smartcity.core.context import per_app
from smartcity.core.datafile import read_yaml
from smartcity.core.fields import Schema, Text
from smartcity.settings import Settings

_Name = partial(Text, max=200, required=True)


class _File(Schema):
    publisher_vi = _Name()
    publisher_en = _Name()
    contact = _Name()
    email = ma.fields.Email(required=True, error_messages={"invalid": "field.invalid"})
    licence = ma.fields.Url(required=True, error_messages={"invalid": "field.invalid"})
    first_year = ma.fields.Integer(required=True, validate=validate.Range(2000, 2100))
    ranked_from = ma.fields.Integer(required=True, validate=validate.Range(1, 1_000_000))


@dataclass(frozen=True)
class Publisher:
    """Publisher and contact of the open data, its licence, and its first year.

    `ranked_from`: with fewer reports in a period an agency has no rank in the scoreboard.
    """

    publisher_vi: str
    publisher_en: str
    contact: str
    email: str
    licence: str
    first_year: int
    ranked_from: int


@per_app
def publisher(settings: Settings) -> Publisher:
    """The province's publisher; BadFile for a file that does not fit."""
    return Publisher(**read_yaml(settings.province_dir / "opendata.yaml", _File))
