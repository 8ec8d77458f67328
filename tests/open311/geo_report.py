"""A client of GeoReport v2 written from the specification alone, strict about every element.

XML is read into the shapes that JSON has, so that one test holds both formats against one table.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from xml.etree import ElementTree

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

BASE = "/open311/v2"
Check = Callable[[Any], bool]
# The Spark convention: these hold a list, whose items have this name in XML.
LISTS = {
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
NUMBERS, INTEGERS = {"lat", "long"}, {"code", "order", "supporters"}
BOOLEANS = {"metadata", "variable", "required", "media_missing"}


def text(value: Any) -> bool:
    return isinstance(value, str)


def filled(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def number(value: Any) -> bool:
    return isinstance(value, float)


def truth(value: Any) -> bool:
    return isinstance(value, bool)


def moment(value: Any) -> bool:
    """As the W3C note has it, to the second, with an offset."""
    return bool(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)", value))


def one_of(*values: str) -> Check:
    return lambda value: value in values


SERVICE: Mapping[str, Check] = {
    "service_code": filled,
    "service_name": filled,
    "description": filled,
    "metadata": truth,
    "type": one_of("realtime", "batch", "blackbox"),
    "keywords": text,
    "group": text,
}
ATTRIBUTE: Mapping[str, Check] = {
    "variable": truth,
    "code": filled,
    "datatype": one_of("string", "number", "datetime", "text", "singlevaluelist", "multivaluelist"),
    "required": truth,
    "datatype_description": text,
    "order": lambda value: isinstance(value, int) and value > 0,
    "description": filled,
}
VALUE: Mapping[str, Check] = {"key": filled, "name": filled}
REQUEST: Mapping[str, Check] = {
    "service_request_id": filled,
    "status": one_of("open", "closed"),
    "status_notes": text,
    "service_name": filled,
    "service_code": filled,
    "description": text,
    "agency_responsible": text,
    "service_notice": text,
    "requested_datetime": moment,
    "updated_datetime": moment,
    "expected_datetime": moment,
    "address": text,
    "address_id": text,
    "zipcode": text,
    "lat": number,
    "long": number,
    "media_url": text,
}
UPDATE: Mapping[str, Check] = {
    "update_id": filled,
    "service_request_id": filled,
    "status": one_of("open", "closed"),
    "external_status_code": filled,
    "updated_datetime": moment,
    "description": filled,
    "media_url": text,
}
DISCOVERY: Mapping[str, Check] = {
    "changeset": moment,
    "contact": filled,
    "key_service": filled,
    "endpoints": lambda value: isinstance(value, list) and bool(value),
}
ENDPOINT: Mapping[str, Check] = {
    "specification": one_of("http://wiki.open311.org/GeoReport_v2"),
    "url": filled,
    "changeset": moment,
    "type": one_of("production", "test"),
    "formats": lambda value: value == ["text/xml", "application/json"],
}
ERROR: Mapping[str, Check] = {"code": lambda value: isinstance(value, int), "description": filled}


def assert_fits(shape: Mapping[str, Check], value: Any, optional: tuple[str, ...] = ()) -> None:
    assert isinstance(value, dict), value
    assert set(value) - set(optional) == set(shape) - set(optional), value
    wrong = {name: value[name] for name in value if name in shape and not shape[name](value[name])}
    assert not wrong, wrong


@dataclass(frozen=True)
class GeoReport:
    """Speaks one format; `told` is what a body says, whichever it is."""

    client: FlaskClient
    fmt: str
    key: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)

    def get(self, resource: str, **query: Any) -> Any:
        answer = self.ask(resource, **query)
        assert answer.status_code == 200, answer.data
        return told(answer)

    def ask(self, resource: str, **query: Any) -> TestResponse:
        query |= {"api_key": self.key} if self.key else {}
        path = f"{BASE}/{resource}.{self.fmt}"
        return self.client.get(path, query_string=query, headers=self.headers)

    def send(self, resource: str, headers: Mapping[str, str] = {}, **form: Any) -> TestResponse:
        form |= {"api_key": self.key} if self.key else {}
        path = f"{BASE}/{resource}.{self.fmt}"
        return self.client.post(path, data=form, headers={**self.headers, **headers})

    def post(self, resource: str, **form: Any) -> Any:
        answer = self.send(resource, **form)
        assert answer.status_code == 200, answer.data
        return told(answer)

    def refused(self, answer: TestResponse, status: int) -> str:
        """The descriptions of an answer's errors, held against the specification."""
        assert answer.status_code == status, answer.data
        errors = told(answer)
        assert errors
        for error in errors:
            assert_fits(ERROR, error)
            assert error["code"] == status
        return "\n".join(error["description"] for error in errors)


def told(answer: TestResponse) -> Any:
    kind = answer.headers["Content-Type"]
    bare = "discovery" in answer.request.path
    if kind.startswith("application/json"):
        assert kind == ("application/json" if bare else "application/json; charset=utf-8")
        return json.loads(answer.data.decode("utf-8"))
    assert kind == ("text/xml" if bare else "text/xml; charset=utf-8")
    assert answer.data.startswith(b'<?xml version="1.0" encoding="utf-8"?>\n')
    return read(ElementTree.fromstring(answer.data))


def read(element: ElementTree.Element) -> Any:
    """XML as the JSON that the Spark convention makes of it."""
    assert not element.attrib
    assert "{" not in element.tag, "a namespace"
    if element.tag in LISTS:
        assert all(child.tag == LISTS[element.tag] for child in element), element.tag
        return [read(child) for child in element]
    if len(element):
        names = [child.tag for child in element]
        assert len(set(names)) == len(names), names
        return {child.tag: read(child) for child in element}
    return _scalar(element.tag, element.text or "")


def _scalar(name: str, value: str) -> Any:
    if name in BOOLEANS:
        return {"true": True, "false": False}[value]
    if name in NUMBERS:
        return float(value)
    return int(value) if name in INTEGERS and value.isdecimal() else value
