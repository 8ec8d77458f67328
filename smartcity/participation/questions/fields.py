"""What people ask about, and how long an answer may take: `questions.yaml`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

import marshmallow as ma
from marshmallow import validate

from smartcity.core.calendar import calendar
from smartcity.core.context import per_app
from smartcity.core.datafile import read_yaml, refuse, repeated
from smartcity.core.errors import Invalid
from smartcity.core.fields import Schema, Text
from smartcity.settings import Settings

FILE = "questions.yaml"
_Days = partial(ma.fields.Integer, validate=validate.Range(1, 90))


@dataclass(frozen=True)
class Field:
    """A field that people choose from; `days` are working days to answer in."""

    id: str
    vi: str
    en: str
    days: int


class _Field(Schema):
    id = ma.fields.String(required=True, validate=validate.Regexp(r"[a-z][a-z_]{1,39}\Z"))
    vi = Text(max=80, required=True)
    en = Text(max=80, required=True)
    days = _Days()


class _File(Schema):
    days = _Days(required=True)
    fields = ma.fields.List(ma.fields.Nested(_Field), required=True)  # type: ignore[assignment]


@per_app
def fields(settings: Settings) -> Mapping[str, Field]:
    """The fields by id, in the file's order; BadFile names what is wrong in it."""
    file = settings.province_dir / FILE
    found = read_yaml(file, _File)
    refuse(file, repeated(each["id"] for each in found["fields"]))
    default = {"days": found["days"]}
    return {each["id"]: Field(**default | each) for each in found["fields"]}


def due(field: str, asked_at: datetime) -> datetime:
    """When offices close on the last day for an answer; Invalid names an unknown field."""
    if field not in fields():
        raise Invalid(field="question.unknown_field")
    return calendar().closing(asked_at, fields()[field].days)
