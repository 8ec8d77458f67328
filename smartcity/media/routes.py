"""Uploading photos, and showing them by links that expire."""

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Response, current_app, request
from sqlalchemy.orm import Session
from werkzeug.exceptions import RequestEntityTooLarge

from smartcity.adapters.storage import Missing, storage
from smartcity.core.context import settings
from smartcity.core.db import reading
from smartcity.core.errors import NotFound, Problem
from smartcity.core.idempotency import idempotent
from smartcity.core.ratelimit import limiter
from smartcity.core.web import Blueprint, problem_response, tagged
from smartcity.identity.permissions import Action, permit, principal
from smartcity.media import redaction, uploads
from smartcity.media.inspection import LARGEST
from smartcity.media.links import PICTURES, seconds_left
from smartcity.media.models import Media, storage_key
from smartcity.media.schemas import LinkQuery, PhotoOut, PublicLinkQuery, UploadIn
from smartcity.media.service import Photo, photo_of

blp = Blueprint("media", __name__, url_prefix="/api/v1", description="Ảnh")
# Short: what an officer hides is to be gone soon from every cache, too.
PUBLIC = "public, max-age=60"
files = Blueprint("files", __name__, url_prefix="/media", description="Ảnh theo liên kết")


@blp.before_request
def take_photos() -> None:
    """Raise the limit on bodies to a photo and what multipart puts around it."""
    request.max_content_length = LARGEST + 64 * 1024


@blp.errorhandler(RequestEntityTooLarge)
def name_the_photo(_error: RequestEntityTooLarge) -> Response:
    """A body over the limit, or of too many parts, is told as what it was sent for."""
    return problem_response(413, "media.too_large", {"file": ["media.too_large"]})


def bytes_first(view: Callable[[Media], Response]) -> Callable[[dict[str, Any]], Response]:
    """Store the upload before the view's transaction, and destroy it if the view did not use it."""

    @wraps(view)
    def wrapper(asked: dict[str, Any]) -> Response:
        media = uploads.receive(asked["file"].stream, principal().key)
        try:
            response = view(media)
        except Problem:
            uploads.discard(media)
            raise
        if "Idempotency-Replayed" in response.headers:
            uploads.discard(media)
        return response

    return wrapper


@blp.route("/media", methods=["POST"])
@permit(Action.UPLOAD_MEDIA)
@limiter.limit(lambda: settings().media_limit)
@blp.problems(400, 401, 403, 413, 422, 429, 503)
@blp.arguments(UploadIn, location="files")
@bytes_first
@idempotent
@blp.response(201, PhotoOut)
def upload_photo(session: Session, media: Media) -> Photo:
    """Upload a photo, to name it later in `media_ids` of a report.

    It is answered at once with status `pending`; a report may be sent before it is `ready`. It is
    destroyed unless it is used within 24 hours. An `Idempotency-Key` may be sent.
    """
    uploads.keep(session, media)
    return photo_of(media)


@blp.route("/media/<uuid:media_id>")
@permit(Action.UPLOAD_MEDIA)
@blp.problems(401, 403, 404)
@blp.response(200, PhotoOut)
def get_photo(media_id: uuid.UUID) -> Photo:
    """Tell how far a photo of one's own is."""
    with reading() as session:
        return photo_of(uploads.find(session, media_id, principal().key))


@files.route(f"/<uuid:media_id>/<any({', '.join(map(repr, PICTURES))}):name>")
@permit(Action.READ_PUBLIC)
@files.problems(404, 410)
@files.arguments(LinkQuery, location="query")
@files.response(200, description="The picture: image/jpeg or image/webp, by its name")
def show_picture(link: dict[str, Any], media_id: uuid.UUID, name: str) -> Response:
    """Show a picture by a link of `links`; no sign-in, until the link expires."""
    left = seconds_left(media_id, link["expires"], link["signature"])
    try:
        content = storage().read(storage_key(media_id, name))
    except Missing:
        raise NotFound("media.not_found") from None
    return _picture(content, name, f"private, max-age={left}, immutable")


@files.route(f"/public/<uuid:media_id>/<int:number>/<any({', '.join(map(repr, PICTURES))}):name>")
@permit(Action.READ_PUBLIC)
@files.problems(404, 410)
@files.arguments(PublicLinkQuery, location="query")
@files.response(200, description="The picture: image/jpeg or image/webp, by its name")
def show_public_picture(
    link: dict[str, Any], media_id: uuid.UUID, number: int, name: str
) -> Response:
    """Show a picture of a published report, its regions blurred; officers' links show it before."""
    left = seconds_left(media_id, **link) if link else None
    with reading() as session:
        content = redaction.picture(session, media_id, number, name, hidden=left is not None)
    return _picture(content, name, PUBLIC if left is None else f"private, max-age={left}")


def _picture(content: bytes, name: str, cache: str) -> Response:
    headers = {"X-Content-Type-Options": "nosniff", "Content-Disposition": "inline"}
    response = current_app.response_class(content, 200, headers, content_type=PICTURES[name])
    response.add_etag()
    return tagged(response, response.headers["ETag"], cache)
