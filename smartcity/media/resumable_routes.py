"""Uploads that can be resumed: tus 1.0.0 (https://tus.io/protocols/resumable-upload).

Core protocol, with creation, expiration, checksum and termination.
"""

import tempfile
import uuid
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, BinaryIO, TypeVar, cast

from flask import Flask, Response, current_app, request
from werkzeug.exceptions import ClientDisconnected
from werkzeug.http import http_date

from smartcity.core.context import settings
from smartcity.core.db import reading, transaction
from smartcity.core.errors import Invalid, PreconditionFailed, UnsupportedMedia
from smartcity.core.ratelimit import limiter
from smartcity.core.web import Blueprint
from smartcity.identity.permissions import Action, permit, principal
from smartcity.media import resumable
from smartcity.media.inspection import LARGEST
from smartcity.media.resumable import Progress

VERSION = "1.0.0"
PATH = "/api/v1/media/uploads"
_TYPE = "application/offset+octet-stream"
_ABLE = {
    "Tus-Version": VERSION,
    "Tus-Extension": "creation,expiration,checksum,termination",
    "Tus-Max-Size": str(LARGEST),
    "Tus-Checksum-Algorithm": ",".join(resumable.CHECKSUMS),
}
_PIECE = 64 * 1024  # bytes
View = TypeVar("View", bound=Callable[..., Any])
blp = Blueprint("uploads", __name__, url_prefix=PATH, description="Ảnh tải từng phần (tus)")


def _header(name: str, example: str, *, required: bool = True) -> dict[str, Any]:
    schema = {"type": "string", "example": example}
    return {"name": name, "in": "header", "required": required, "schema": schema}


_RESUMABLE = _header("Tus-Resumable", VERSION)
_LENGTH = _header("Upload-Length", "2000000")
_OFFSET = _header("Upload-Offset", "0")
_CHECKSUM = _header("Upload-Checksum", "sha1 Kq5sNclPz7QV2+lfQIuc6R7oRu0=", required=False)


@blp.before_request
def take_photos() -> None:
    """Raise the limit on bodies to a photo."""
    request.max_content_length = LARGEST


@blp.after_request
def tell_version(response: Response) -> Response:
    """Every answer names the protocol's version."""
    response.headers["Tus-Resumable"] = VERSION
    return response


def tus(view: View) -> View:
    """Refuse another version of the protocol."""

    @wraps(view)
    def checked(*args: Any, **kwargs: Any) -> Any:
        if request.headers.get("Tus-Resumable") != VERSION:
            told = {"Tus-Version": VERSION}
            raise PreconditionFailed("media.tus_version", headers=told, known=VERSION)
        return view(*args, **kwargs)

    documented: View = Blueprint.doc(parameters=[_RESUMABLE])(checked)
    return documented


def take_override(app: Flask) -> None:
    """Let a POST stand for the method of its `X-HTTP-Method-Override`, as tus asks for."""
    inner = app.wsgi_app

    def overridden(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        method = environ.get("HTTP_X_HTTP_METHOD_OVERRIDE", "").upper()
        ours = environ.get("PATH_INFO", "").startswith(f"{PATH}/")
        if ours and environ["REQUEST_METHOD"] == "POST" and method in ("PATCH", "DELETE"):
            environ["REQUEST_METHOD"] = method
        return inner(environ, start_response)

    app.wsgi_app = overridden  # type: ignore[method-assign]


@blp.route("", methods=["OPTIONS"])
@permit(Action.READ_PUBLIC)
@blp.response(204)
def describe_uploads() -> Any:
    """Tell what of tus this server speaks."""
    return None, 204, _ABLE


@blp.route("", methods=["POST"])
@permit(Action.UPLOAD_MEDIA)
@limiter.limit(lambda: settings().media_limit)
@blp.problems(401, 403, 412, 413, 422, 429)
@tus
@blp.doc(parameters=[_LENGTH])
@blp.response(201)
def create_upload() -> Response:
    """Begin a photo of `Upload-Length` bytes; its id ends the `Location`.

    The id may be named at once in `media_ids` of a report: the report may be sent first. What is
    not whole in 24 hours is destroyed.
    """
    length = _number("Upload-Length")
    with transaction() as session:
        now = resumable.create(session, principal().key, length)
    return _told(
        201, now, {"Location": f"{settings().public_url.rstrip('/')}{PATH}/{now.media_id}"}
    )


@blp.route("/<uuid:media_id>", methods=["HEAD"])
@permit(Action.UPLOAD_MEDIA)
@blp.problems(401, 403, 404, 410, 412)
@tus
@blp.response(200)
def get_upload(media_id: uuid.UUID) -> Response:
    """Tell where an upload broke off, as `Upload-Offset`; `GET /media/{id}` tells of the photo."""
    with reading() as session:
        now = resumable.progress(session, principal().key, media_id)
    return _told(200, now, {"Upload-Length": str(now.length)})


@blp.route("/<uuid:media_id>", methods=["PATCH"])
@permit(Action.UPLOAD_MEDIA)
@blp.problems(400, 401, 403, 404, 409, 410, 412, 413, 415, 422, 460, 503)
@tus
@blp.doc(parameters=[_OFFSET, _CHECKSUM])
@blp.response(204)
def continue_upload(media_id: uuid.UUID) -> Response:
    """Send the bytes from `Upload-Offset` on; what a broken connection brought is kept.

    The body is `application/offset+octet-stream`, which generated clients do not send: take a tus
    client. 460: the part is not what its checksum says, and nothing of it is kept.
    """
    if request.mimetype != _TYPE:
        raise UnsupportedMedia("media.tus_type")
    offset = _number("Upload-Offset")
    with tempfile.SpooledTemporaryFile(max_size=1024 * 1024) as file:
        content = cast(BinaryIO, file)
        size = _receive(content)
        resumable.verify(request.headers.get("Upload-Checksum"), content)
        return _told(204, resumable.take(principal().key, media_id, offset, content, size))


@blp.route("/<uuid:media_id>", methods=["DELETE"])
@permit(Action.UPLOAD_MEDIA)
@blp.problems(401, 403, 404, 410, 412)
@tus
@blp.response(204)
def stop_upload(media_id: uuid.UUID) -> None:
    """Give an upload up before it is whole."""
    with transaction() as session:
        resumable.stop(session, principal().key, media_id)


def _receive(content: BinaryIO) -> int:
    """Read the body as far as it comes; how many bytes that were."""
    try:
        while piece := request.stream.read(_PIECE):
            content.write(piece)
    except ClientDisconnected:
        pass
    size = content.tell()
    content.seek(0)
    return size


def _number(name: str) -> int:
    raw = request.headers.get(name, "")
    if not (raw.isascii() and raw.isdecimal() and len(raw) < 16):
        raise Invalid(**{name: "media.tus_header"})
    return int(raw)


def _told(status: int, now: Progress, more: dict[str, str] | None = None) -> Response:
    headers = {"Upload-Offset": str(now.received), "Cache-Control": "no-store", **(more or {})}
    if now.expires_at is not None:
        headers["Upload-Expires"] = http_date(now.expires_at)
    return current_app.response_class(status=status, headers=headers)
