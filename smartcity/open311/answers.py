"""Answers as GeoReport v2 has them, its errors too; by the ending of the path XML or JSON."""

from typing import Any

from flask import Response, current_app, request

from smartcity.core.texts import text
from smartcity.open311.wire import JSON, XML, written

PREFIX = "/open311"
_PROBLEM = "application/problem+json"
# "The HTTP error codes should always be 404 for resources that don't exist, 403 for errors because
# of wrong or missing api_key and basically 400 for any other error". Those of HTTP itself stay.
_STATUS = {401: 403, 403: 403, 404: 404, 405: 405, 413: 413, 415: 415, 429: 429}
_KEYS = {401: "open311.no_key", 403: "open311.other_key"}
_OUR_NAMES = {
    "category": "service_code",
    "latitude": "lat",
    "longitude": "long",
    "address": "address_string",
    "file": "media",
    "media_ids": "media",
    "public_text": "description",
}


def answer(root: str, value: Any, *, bare: bool = False) -> Response:
    """A good answer; `bare` without a charset, as discovery has to be."""
    mime = _wanted()
    kind = mime if bare else f"{mime}; charset=utf-8"
    return current_app.response_class(written(root, value, mime), content_type=kind)


def speak(response: Response) -> Response:
    """Turn a problem under this protocol's paths into its list of errors."""
    if not request.path.startswith(f"{PREFIX}/") or response.mimetype != _PROBLEM:
        return response
    was = response.status_code
    response.status_code = _STATUS.get(was, was if was >= 500 else 400)
    if was in _KEYS:
        errors = [{"code": 403, "description": text(_KEYS[was])}]
    else:
        errors = _errors(response.get_json(), response.status_code)
    response.set_data(written("errors", errors, _wanted()))
    response.content_type = f"{_wanted()}; charset=utf-8"
    response.headers.pop("WWW-Authenticate", None)
    return response


def _errors(problem: dict[str, Any], status: int) -> list[dict[str, Any]]:
    told = [
        f"{_OUR_NAMES.get(name, name)}: {message}"
        for name, messages in problem.get("errors", {}).items()
        for message in messages
    ]
    return [{"code": status, "description": words} for words in told or [problem["detail"]]]


def _wanted() -> str:
    """XML is what every server has, so it answers for formats that there are none of, too."""
    return JSON if request.path.endswith(".json") else XML
