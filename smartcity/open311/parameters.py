"""What callers send: of the query and the form alike, an empty parameter being none."""

import re
from collections.abc import Iterable
from typing import Any, cast

import marshmallow as ma
from flask import request
from marshmallow import validate
from werkzeug.datastructures import MultiDict

from smartcity.core.errors import Invalid, NotFound
from smartcity.core.fields import Instant, Number, Schema, Text
from smartcity.open311.jurisdiction import jurisdiction

MOST_MEDIA = 10
_ATTRIBUTE = re.compile(r"attribute\[([^\]]+)\](\[\])?")
Sent = MultiDict[str, str]


class _Parameters(Schema):
    """Takes what it knows; protocols grow, and clients send what other servers want."""

    class Meta:
        unknown = ma.EXCLUDE


class Words(Text):
    """Several values, parted by commas."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        words = super()._deserialize(value, attr, data, **kwargs).split(",")
        return [word.strip() for word in words if word.strip()]


class Moment(Instant):
    """A time in W3C format; its offset's plus may have become a space in a query."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        mended = re.sub(r" (\d\d:\d\d)\Z", r"+\1", value) if isinstance(value, str) else value
        return super()._deserialize(mended, *args, **kwargs)


class RequestIn(_Parameters):
    """A new service request. What it tells of a person is not read: nobody here needs it."""

    service_code = Text(max=40, required=True)
    lat = Number(min=-90, max=90)
    long = Number(min=-180, max=180)
    address_string = Text(max=300)
    address_id = Text(max=100)
    description = Text(max=4000, lines=True)


class RequestsQuery(_Parameters):
    """How a list of service requests is narrowed."""

    service_request_id = Words(max=4000)
    service_code = Words(max=4000)
    status = Words(max=40)
    start_date = Moment()
    end_date = Moment()
    updated_after = Moment()
    updated_before = Moment()
    page = ma.fields.Integer(load_default=1, validate=validate.Range(1, 1000))
    page_size = ma.fields.Integer(load_default=1000, validate=validate.Range(1, 1000))


class UpdatesQuery(_Parameters):
    """The time in which updates were made."""

    start_date = Moment()
    end_date = Moment()


class UpdateIn(_Parameters):
    """Words that a partner adds. The status that it tells decides nothing here."""

    service_request_id = Text(max=40, required=True)
    description = Text(max=2000, lines=True, required=True)


def sent() -> Sent:
    """Everything that was sent and is not empty; NotFound for another jurisdiction."""
    both = cast("Iterable[tuple[str, str]]", request.values.items(multi=True))
    found = Sent((name, value) for name, value in both if value.strip())
    named = found.get("jurisdiction_id", jurisdiction().jurisdiction_id)
    if named != jurisdiction().jurisdiction_id:
        raise NotFound("open311.other_jurisdiction", jurisdiction=named[:100])
    return found


def read(schema: ma.Schema, found: Sent) -> dict[str, Any]:
    """Parameters by a schema; Invalid by name."""
    try:
        loaded: dict[str, Any] = schema.load(found.to_dict())
    except ma.ValidationError as error:
        raise Invalid(**{name: told[0] for name, told in error.messages_dict.items()}) from None
    return loaded


def attributes(found: Sent) -> dict[str, list[str]]:
    """`attribute[code]=value` and `attribute[code][]=value`, by code."""
    values: dict[str, list[str]] = {}
    for name, value in found.items(multi=True):
        if fits := _ATTRIBUTE.fullmatch(name):
            values.setdefault(fits[1], []).append(value)
    return values


def media_urls(found: Sent) -> list[str]:
    """The addresses of photos; Invalid for too many, and for one that is too long."""
    urls = found.getlist("media_url") + found.getlist("media_url[]")
    if len(urls) > MOST_MEDIA or any(len(url) > 2048 for url in urls):
        raise Invalid(media_url="open311.media_urls")
    return urls
