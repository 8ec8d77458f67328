"""`open311.yaml` of a province: who answers here, and what services ask for."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

import marshmallow as ma
from marshmallow import validate

from smartcity.core.context import per_app
from smartcity.core.datafile import read_yaml, refuse, repeated
from smartcity.core.fields import Instant, Schema, Text
from smartcity.settings import Settings

FILE = "open311.yaml"
LISTS = ("singlevaluelist", "multivaluelist")
DATATYPES = ("string", "number", "datetime", "text", *LISTS)


@dataclass(frozen=True)
class Attribute:
    """What a service asks for besides words and place; `variable` False only tells something."""

    code: str
    services: list[str]
    variable: bool
    datatype: str
    required: bool
    datatype_description_vi: str
    datatype_description_en: str
    description_vi: str
    description_en: str
    values: list[dict[str, str]]


@dataclass(frozen=True)
class Jurisdiction:
    """A province as the protocol knows it; `test_url` is another installation, to try things on."""

    jurisdiction_id: str
    changeset: datetime
    contact: str
    key_service: str
    test_url: str | None
    attributes: tuple[Attribute, ...]

    def attributes_of(self, service: str) -> list[Attribute]:
        """What a service asks for, in order."""
        return [attribute for attribute in self.attributes if service in attribute.services]


_Code = partial(ma.fields.String, required=True, validate=validate.Regexp(r"[A-Za-z0-9_]{1,40}\Z"))
_Words = partial(Text, max=500, required=True)


class _Value(Schema):
    key = _Code()
    name_vi = _Words()
    name_en = _Words()


class _Attribute(Schema):
    code = _Code()
    services = ma.fields.List(Text(max=40), required=True, validate=validate.Length(1))
    variable = ma.fields.Boolean(load_default=True)
    datatype = ma.fields.String(required=True, validate=validate.OneOf(DATATYPES))
    required = ma.fields.Boolean(required=True)
    datatype_description_vi = Text(max=500, min=0, load_default="")
    datatype_description_en = Text(max=500, min=0, load_default="")
    description_vi = _Words()
    description_en = _Words()
    values = ma.fields.List(ma.fields.Nested(_Value), load_default=list)


class _File(Schema):
    jurisdiction_id = Text(max=100, required=True)
    changeset = Instant(required=True)
    contact = _Words()
    key_service = _Words()
    test_url = ma.fields.Url(load_default=None, schemes={"http", "https"}, require_tld=False)
    attributes = ma.fields.List(ma.fields.Nested(_Attribute), load_default=list)


@per_app
def jurisdiction(settings: Settings) -> Jurisdiction:
    """The application's province; BadFile names what is wrong with its file."""
    file = settings.province_dir / FILE
    read: dict[str, Any] = read_yaml(file, _File)
    attributes = tuple(Attribute(**attribute) for attribute in read.pop("attributes"))
    refuse(file, repeated(f"{a.code} of {service}" for a in attributes for service in a.services))
    refuse(file, (f"{a.code}: a list has values" for a in attributes if _amiss(a)))
    return Jurisdiction(**read, attributes=attributes)


def _amiss(attribute: Attribute) -> bool:
    return (attribute.datatype in LISTS) != bool(attribute.values)
