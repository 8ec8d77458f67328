"""Officers upload files; everybody downloads those that are shown."""

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import quote

import marshmallow as ma
from flask import Response, current_app, request
from flask_smorest.fields import Upload
from marshmallow import validate
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import RequestEntityTooLarge

from smartcity.adapters.storage import Missing, storage
from smartcity.core.context import settings
from smartcity.core.db import reading
from smartcity.core.errors import NotFound, Problem
from smartcity.core.fields import Instant, Schema
from smartcity.core.idempotency import idempotent
from smartcity.core.ratelimit import limiter
from smartcity.core.web import Blueprint, problem_response
from smartcity.identity.permissions import Action, permit, principal
from smartcity.media.file_inspection import LARGEST_FILE, SORTS
from smartcity.media.files import (
    discard_file,
    private_file_link,
    receive_file,
    seconds_open,
)
from smartcity.media.models import File, storage_key
from smartcity.media.schemas import PublicLinkQuery

blp = Blueprint("officer_files", __name__, url_prefix="/api/v1/officer", description="Tệp")
downloads = Blueprint("downloads", __name__, url_prefix="/files", description="Tải tệp")
# Short: what an officer hides is to be gone soon from every cache, too.
PUBLIC = "public, max-age=60"


def _a_file(value: object) -> None:
    if not isinstance(value, FileStorage):
        raise ma.ValidationError("file.not_a_file")


class FileIn(Schema):
    """One multipart body."""

    file = Upload(
        required=True,
        validate=_a_file,
        metadata={"description": f"{', '.join(SORTS)}; at most 20 MB"},
    )


class FileOut(ma.Schema):
    """A file, and the link by which officers open it for an hour."""

    id = ma.fields.UUID(required=True)
    name = ma.fields.String(required=True, metadata={"example": "quyet-dinh-12.pdf"})
    content_type = ma.fields.String(
        required=True, validate=validate.OneOf([sort.content_type for sort in SORTS.values()])
    )
    bytes = ma.fields.Integer(required=True, metadata={"example": 183204})
    sha256 = ma.fields.String(
        required=True,
        metadata={"example": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"},
    )
    created_at = Instant(required=True)
    link = ma.fields.Function(
        private_file_link,
        required=True,
        metadata={
            "type": "string",
            "format": "uri",
            "example": "https://app.example.gov.vn/files/0198c0de-4a6e-7c1a-9b7e-2f1d3c4b5a69"
            "/quyet-dinh-12.pdf?expires=1795000000&signature=1f0c",
        },
    )


@blp.before_request
def take_files() -> None:
    """Raise the limit on bodies to a file and what multipart puts around it."""
    request.max_content_length = LARGEST_FILE + 64 * 1024


@blp.errorhandler(RequestEntityTooLarge)
def name_the_file(_error: RequestEntityTooLarge) -> Response:
    """A body over the limit, or of too many parts, is told as what it was sent for."""
    return problem_response(413, "file.too_large", {"file": ["file.too_large"]})


def bytes_first(view: Callable[[File], Response]) -> Callable[[dict[str, Any]], Response]:
    """Store the upload before the view's transaction, and destroy it if the view did not use it."""

    @wraps(view)
    def wrapper(asked: dict[str, Any]) -> Response:
        file = receive_file(asked["file"].stream, asked["file"].filename or "", principal().key)
        try:
            response = view(file)
        except Problem:
            discard_file(file)
            raise
        if "Idempotency-Replayed" in response.headers:
            discard_file(file)
        return response

    return wrapper


@blp.route("/files", methods=["POST"])
@permit(Action.WRITE_CONTENT)
@limiter.limit(lambda: settings().media_limit)
@blp.problems(400, 401, 403, 413, 422, 429, 503)
@blp.arguments(FileIn, location="files")
@bytes_first
@idempotent
@blp.response(201, FileOut)
def upload_file(_session: Session, file: File) -> File:
    """Upload a document to name it later by its id; destroyed unless it is used within 24 hours.

    What it is, its content tells, not its name. Macros, scripts, embedded files and passwords are
    refused. An `Idempotency-Key` may be sent.
    """
    return file


@downloads.route("/<uuid:file_id>/<name>")
@permit(Action.READ_PUBLIC)
@downloads.problems(404, 410)
@downloads.arguments(PublicLinkQuery, location="query")
@downloads.response(200, description="The file, of its own media type; ranges of it too")
def download_file(link: dict[str, Any], file_id: uuid.UUID, name: str) -> Response:
    """Download a file that is shown; officers' links open it before."""
    with reading() as session:
        file, left = seconds_open(session, file_id, name, link)
    return _download(file, PUBLIC if left is None else f"private, max-age={left}")


def _download(file: File, cache: str) -> Response:
    try:
        pieces = storage().stream(storage_key(file.id, "file"))
    except Missing:
        raise NotFound("file.not_found") from None
    response = current_app.response_class(pieces, content_type=file.content_type)
    response.content_length = file.bytes
    named = f"attachment; filename*=UTF-8''{quote(file.name, safe='')}"  # RFC 6266 §4.3
    response.headers["Content-Disposition"] = named
    response.headers["Content-Security-Policy"] = "sandbox"
    response.headers["Cache-Control"] = cache
    response.set_etag(file.sha256)
    response.make_conditional(request, accept_ranges=True, complete_length=file.bytes)
    return response
