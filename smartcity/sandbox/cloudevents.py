"""Reading a CloudEvent 1.0 in structured mode (cloudevents.io, JSON format)."""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import Any, NoReturn

Event = dict[str, Any]

_NAME = re.compile(r"[a-z0-9]+")
_TEXTS = ("id", "source", "type", "subject", "datacontenttype", "dataschema", "sequence")


def read(content_type: str | None, body: bytes) -> Event:
    """The event of a request, or ValueError with what is wrong.

    `sequence` is the extension of that name: a string whose order is that of its text.
    """
    if (content_type or "").partition(";")[0].strip().lower() != "application/cloudevents+json":
        raise ValueError("Content-Type must be application/cloudevents+json")
    try:
        event = json.loads(body, parse_constant=_refuse)
        json.dumps(event, ensure_ascii=False).encode()  # half a surrogate pair is no text
    except RecursionError:
        raise ValueError("nested too deep") from None
    if not isinstance(event, dict):
        raise ValueError("an event is an object")
    _check(event)
    return event


def _check(event: Event) -> None:
    if event.get("specversion") != "1.0":
        raise ValueError("specversion must be 1.0")
    for name in ("id", "source", "type", *(name for name in _TEXTS if name in event)):
        if not (isinstance(event.get(name), str) and event[name]):
            raise ValueError(f"{name} must be a string that is not empty")
    for name, value in event.items():
        _check_attribute(name, value)
    if "data" in event and "data_base64" in event:
        raise ValueError("data and data_base64 exclude each other")


def _check_attribute(name: str, value: object) -> None:
    if name in {"data", "data_base64"}:
        return
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name!r}: attributes have lower-case letters and digits only")
    if not isinstance(value, str | int):
        raise ValueError(f"{name} must be a string, an integer or a boolean")
    if name == "time" and not _is_moment(value):
        raise ValueError("time must be RFC 3339")


def _is_moment(value: object) -> bool:
    try:
        return datetime.fromisoformat(str(value)).tzinfo is not None
    except ValueError:
        return False


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")
