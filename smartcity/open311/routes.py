"""GeoReport v2 at /open311/v2.

Not in the OpenAPI document: programs that speak it have a specification of their own.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, BinaryIO, cast

from flask import Blueprint, Response, jsonify, request
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from smartcity.core.cache import PUBLIC
from smartcity.core.db import reading
from smartcity.core.idempotency import idempotent
from smartcity.core.web import tagged
from smartcity.identity.permissions import Action, permit, principal
from smartcity.media import service as media
from smartcity.open311 import filing, requests, services, updates
from smartcity.open311.answers import PREFIX, answer, speak
from smartcity.open311.discovery import discovery
from smartcity.open311.keys import counted, read_key
from smartcity.open311.parameters import RequestsQuery, Sent, UpdateIn, UpdatesQuery, read, sent

FORMAT = ".<any(xml, json):fmt>"
LARGEST_BODY = 16 * 1024 * 1024  # bytes of one request: a photo of the largest size, or many
_REQUESTS, _UPDATES, _UPDATE = RequestsQuery(), UpdatesQuery(), UpdateIn()
_FILES = ("media", "media[]")
View = Callable[..., Response]
blp = Blueprint("open311", __name__, url_prefix=f"{PREFIX}/v2")
blp.after_app_request(speak)


@blp.url_value_preprocessor
def by_ending(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Answers read the format from the path themselves."""
    if values:
        values.pop("fmt", None)


@blp.before_request
def begin() -> None:
    """Take photos, and know whose key came."""
    request.max_content_length = LARGEST_BODY
    read_key()


def said(root: str) -> Callable[[View], View]:
    """Say what a view stored as JSON in the format that is asked for, at a repeat too."""

    def decorator(view: View) -> View:
        @wraps(view)
        def speaking(*args: Any, **kwargs: Any) -> Response:
            stored = view(*args, **kwargs)
            response = answer(root, stored.get_json())
            if "Idempotency-Replayed" in stored.headers:
                response.headers["Idempotency-Replayed"] = "true"
            return response

        return speaking

    return decorator


def photos_first(view: View) -> View:
    """Store the files before the view's transaction, and destroy them if it did not use them."""

    @wraps(view)
    def receiving() -> Response:
        photos: list[Any] = []
        kept = False
        try:
            for name in _FILES:
                files = (file for file in request.files.getlist(name) if file.filename)
                photos += (media.receive(_stream(file), principal().key) for file in files)
            response = view(photos)
            kept = "Idempotency-Replayed" not in response.headers
        finally:
            for photo in () if kept else photos:
                media.discard(photo)
        return response

    return receiving


@blp.get(f"/discovery{FORMAT}")
@permit(Action.READ_PUBLIC)
def get_discovery() -> Response:
    """Where this server is, and what it speaks."""
    return _published(answer("discovery", discovery(), bare=True))


@blp.get(f"/services{FORMAT}")
@permit(Action.READ_PUBLIC)
def list_services() -> Response:
    """What can be asked for."""
    sent()
    return _published(answer("services", services.services()))


@blp.get(f"/services/<code>{FORMAT}")
@permit(Action.READ_PUBLIC)
def get_service_definition(code: str) -> Response:
    """What a service asks for."""
    sent()
    return _published(answer("service_definition", services.definition(code)))


@blp.post(f"/requests{FORMAT}")
@permit(Action.RELAY_REPORTS)
@counted
@said("service_requests")
@photos_first
@idempotent
def post_service_request(session: Session, photos: list[Any]) -> Response:
    """File a request."""
    found = sent()
    for photo in photos:
        media.keep(session, photo)
    told = filing.file(session, principal(), found, [photo.id for photo in photos])
    return jsonify([told])


@blp.get(f"/requests{FORMAT}")
@permit(Action.READ_PUBLIC)
@counted
def list_service_requests() -> Response:
    """What was asked for: all that is public, and what the caller filed."""
    found = sent()
    asked = read(_REQUESTS, found)
    with reading() as session:
        rows = requests.listed(session, principal(), asked, _extended(found))
    return answer("service_requests", rows)


@blp.get(f"/requests/<named>{FORMAT}")
@permit(Action.READ_PUBLIC)
@counted
def get_service_request(named: str) -> Response:
    """One request."""
    extended = _extended(sent())
    with reading() as session:
        row = requests.one(session, principal(), named, extended)
    return answer("service_requests", [row])


@blp.get(f"/tokens/<token>{FORMAT}")
@permit(Action.READ_PUBLIC)
@counted
def get_token(token: str) -> Response:
    """The id of a request that got a token first."""
    sent()
    with reading() as session:
        row = requests.by_token(session, principal(), token)
    return answer("service_requests", [row])


@blp.get(f"/servicerequestupdates{FORMAT}")
@permit(Action.READ_PUBLIC)
@counted
def list_service_request_updates() -> Response:
    """What became of requests."""
    asked = read(_UPDATES, sent())
    with reading() as session:
        rows = updates.listed(session, principal(), asked)
    return answer("service_request_updates", rows)


@blp.post(f"/servicerequestupdates{FORMAT}")
@permit(Action.RELAY_REPORTS)
@counted
@said("service_request_updates")
@idempotent
def post_service_request_update(session: Session) -> Response:
    """Add words to a request of one's own."""
    asked = read(_UPDATE, sent())
    return jsonify([{"update_id": updates.add(session, principal(), asked)}])


def _stream(file: FileStorage) -> BinaryIO:
    return cast(BinaryIO, file.stream)


def _extended(found: Sent) -> bool:
    return found.get("extensions", "").casefold() == "true"


def _published(response: Response) -> Response:
    """What phones and caches may keep, by language."""
    response.vary.add("Accept-Language")
    response.add_etag()
    return tagged(response, response.headers["ETag"], PUBLIC)
