"""XML and JSON from one value, by the Spark convention.

In JSON the root's name is dropped; in XML every item of a list is an element of the singular name.
No XML is ever read.
"""

import re
from datetime import datetime
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from flask import json

from smartcity.core.clock import LOCAL

XML, JSON = "text/xml", "application/json"
_SINGULAR = {
    "endpoints": "endpoint",
    "formats": "format",
    "services": "service",
    "attributes": "attribute",
    "values": "value",
    "service_requests": "request",
    "service_request_updates": "request_update",
    "photos": "photo",
    "errors": "error",
}
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0 §2.2


def written(root: str, value: Any, mime: str) -> bytes:
    """The body of an answer, in UTF-8."""
    if mime == JSON:
        return json.dumps(_plain(value)).encode()
    element = Element(root)
    _fill(element, root, value)
    body: bytes = tostring(element, "utf-8", xml_declaration=False)
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + body


def moment(at: datetime) -> str:
    """A time as https://www.w3.org/TR/NOTE-datetime has it, by the province's clock."""
    return at.astimezone(LOCAL).isoformat(timespec="seconds")


def _fill(element: Element, name: str, value: Any) -> None:
    if isinstance(value, dict):
        for key, part in value.items():
            _fill(SubElement(element, key), key, part)
    elif isinstance(value, list):
        for part in value:
            _fill(SubElement(element, _SINGULAR[name]), name, part)
    elif isinstance(value, bool):
        element.text = "true" if value else "false"
    else:
        element.text = _NOT_XML.sub("", str(value))


def _plain(value: Any) -> Any:
    """The same texts as XML holds: what it cannot carry is left out of both."""
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_plain(part) for part in value]
    return _NOT_XML.sub("", value) if isinstance(value, str) else value
