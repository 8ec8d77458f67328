"""What procedures are sorted by and who takes papers in, as the province says: read once.

BadFile names what is wrong in `catalogue.yaml`.
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

FILE = "catalogue.yaml"
PLACE = "{place}"  # the commune, in the name of a counter that every commune has


@dataclass(frozen=True)
class Sort:
    """A kind of people that procedures are for."""

    id: str
    vi: str
    en: str


@dataclass(frozen=True)
class LifeEvent(Sort):
    """What happens in a life or a business; `audience` is citizen or business."""

    audience: str


@dataclass(frozen=True)
class Counter(Sort):
    """Who takes papers in; `at` tells whether each commune has one, or the province has."""

    at: str


@dataclass(frozen=True)
class Essential:
    """One of the 25 essential services (Decision 06/QĐ-TTg of 2022), and what fulfils it."""

    number: int
    vi: str
    en: str
    services: tuple[str, ...]


@dataclass(frozen=True)
class Rules:
    """The whole file, by id and in its order."""

    life_events: Mapping[str, LifeEvent]
    subjects: Mapping[str, Sort]
    counters: Mapping[str, Counter]
    essentials: Mapping[int, Essential]


class _Sort(Schema):
    id = ma.fields.String(
        required=True,
        validate=validate.Regexp(r"^[a-z][a-z0-9_]{1,39}\Z", re.ASCII, error="field.invalid"),
    )
    vi = Text(max=200, required=True)
    en = Text(max=200, required=True)


class _LifeEvent(_Sort):
    audience = ma.fields.String(required=True, validate=validate.OneOf(["citizen", "business"]))


class _Counter(_Sort):
    at = ma.fields.String(required=True, validate=validate.OneOf(["commune", "province"]))


class _Essential(Schema):
    number = ma.fields.Integer(required=True, validate=validate.Range(1, 25))
    vi = Text(max=300, required=True)
    en = Text(max=300, required=True)
    services = ma.fields.List(ma.fields.String(), required=True)


class _File(Schema):
    life_events = ma.fields.List(ma.fields.Nested(_LifeEvent), required=True)
    subjects = ma.fields.List(ma.fields.Nested(_Sort), required=True)
    counters = ma.fields.List(ma.fields.Nested(_Counter), required=True)
    essentials = ma.fields.List(ma.fields.Nested(_Essential), load_default=list)


@per_app
def rules(settings: Settings) -> Rules:
    """The application's rules of the catalogue."""
    file = settings.province_dir / FILE
    found = read_yaml(file, _File)
    named = (repeated(s["id"] for s in found[name]) for name in _KINDS)
    numbered = repeated(str(each["number"]) for each in found["essentials"])
    refuse(file, [fault for faults in (*named, numbered) for fault in faults])
    sorts = {name: {s["id"]: kind(**s) for s in found[name]} for name, kind in _KINDS.items()}
    essentials = {
        each["number"]: Essential(**{**each, "services": tuple(each["services"])})
        for each in found["essentials"]
    }
    return Rules(**sorts, essentials=essentials)


_KINDS = {"life_events": LifeEvent, "subjects": Sort, "counters": Counter}
