"""What is pushed, as the province says in `push.yaml`: read once an application.

BadFile names what is wrong in it.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import unquote

import marshmallow as ma
from marshmallow import validate

from smartcity.core.context import per_app
from smartcity.core.datafile import read_yaml, refuse, repeated
from smartcity.core.fields import Schema, Text
from smartcity.push.hours import Hours, QuietHours
from smartcity.settings import Settings

FILE = "push.yaml"
_LABEL = r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"
_HOST = rf"{_LABEL}(?:\.{_LABEL})+"
_REST = r"[\w.~!$&'()*+,;=:@%/?#-]*"
_PATH = re.compile(rf"/{_REST}", re.ASCII)
_WEB = re.compile(rf"https://({_HOST})(?::443)?(/{_REST})?", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True)
class Category:
    """A kind of message that a phone may switch off, unless it is critical.

    `cap`: messages of campaigns that one phone gets in 24 hours. `resend`: what may have been lost
    is sent again, in the place of the first.
    """

    id: str
    vi: str
    en: str
    critical: bool
    cap: int | None
    resend: bool


@dataclass(frozen=True)
class Topic:
    """What a phone follows if it chose to."""

    id: str
    vi: str
    en: str


@dataclass(frozen=True)
class Rules:
    """The whole file: categories and topics by id, in its order."""

    quiet_hours: Hours
    categories: Mapping[str, Category]
    topics: Mapping[str, Topic]
    paths: tuple[str, ...]
    hosts: tuple[str, ...]


def _like(pattern: str, error: str = "field.invalid") -> validate.Regexp:
    return validate.Regexp(rf"^{pattern}\Z", re.ASCII, error=error)


_Words = partial(Text, max=80, required=True)
_Flag = partial(ma.fields.Boolean, load_default=False)


class _Topic(Schema):
    id = ma.fields.String(required=True, validate=_like(r"[a-z][a-z_]{1,29}"))
    vi = _Words()
    en = _Words()


class _Category(_Topic):
    critical = _Flag()
    cap = ma.fields.Integer(load_default=None, validate=validate.Range(1))
    resend = _Flag()


class _Links(Schema):
    paths = ma.fields.List(ma.fields.String(validate=_like(r"/[\w/-]*")))
    hosts = ma.fields.List(ma.fields.String(validate=_like(_HOST, "push.bad_host")))


class _File(Schema):
    quiet_hours = ma.fields.Nested(QuietHours, required=True)
    categories = ma.fields.List(ma.fields.Nested(_Category), required=True)
    topics = ma.fields.List(ma.fields.Nested(_Topic), required=True)
    links = ma.fields.Nested(_Links, required=True)


@per_app
def rules(settings: Settings) -> Rules:
    """The file as it was when the application first asked."""
    file = settings.province_dir / FILE
    found = read_yaml(file, _File)
    refuse(file, _faults(found))
    return Rules(
        found["quiet_hours"],
        {c["id"]: Category(**c) for c in found["categories"]},
        {t["id"]: Topic(**t) for t in found["topics"]},
        tuple(found["links"]["paths"]),
        tuple(found["links"]["hosts"]),
    )


def categories() -> Mapping[str, Category]:
    """Every category by id."""
    return rules().categories


def topics() -> Mapping[str, Topic]:
    """Every topic by id."""
    return rules().topics


def link_allowed(link: str) -> bool:
    """Whether a message may lead there: a path of the app, or a page of a listed host.

    Links to web pages are https, without a user, and ASCII: other hosts stand there in punycode.
    """
    if any(step in (".", "..") for step in unquote(link).replace("\\", "/").split("/")):
        return False
    if web := _WEB.fullmatch(link):
        host = web[1].lower()
        return any(host == listed or host.endswith(f".{listed}") for listed in rules().hosts)
    return bool(_PATH.fullmatch(link)) and link.startswith(rules().paths)


def _faults(found: dict[str, Any]) -> Iterator[str]:
    """A category and a topic of one name would be one choice."""
    yield from repeated(kind["id"] for kind in (*found["categories"], *found["topics"]))
    if not any(category["critical"] for category in found["categories"]):
        yield "categories: none is critical; urgent warnings need one"
