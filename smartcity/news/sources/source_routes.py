"""Officers keep the sources of news, and see how each is doing."""

import uuid
from typing import Any

from flask import Response
from sqlalchemy.orm import Session

from smartcity.audit import service as audit
from smartcity.core.db import reading, transaction
from smartcity.core.export import csv_file
from smartcity.core.idempotency import idempotent
from smartcity.core.paging import Page, page_schema
from smartcity.core.web import Blueprint, conditional, expected_version, version_tag
from smartcity.identity.permissions import Action, permit, principal
from smartcity.news.sources import keeping, listing
from smartcity.news.sources.checking import looked
from smartcity.news.sources.models import Source
from smartcity.news.sources.schemas import (
    NewSourceOut,
    SourceChangeIn,
    SourceFilter,
    SourceIn,
    SourceOut,
    SourceQuery,
    SourceReasonIn,
)

_ONE = "/sources/<uuid:source_id>"
blp = Blueprint("sources", __name__, url_prefix="/api/v1/officer", description="Sources of news")


@blp.route("/sources")
@permit(Action.READ_CONTENT)
@blp.problems(400, 401, 403, 422)
@blp.arguments(SourceQuery, location="query")
@blp.response(200, page_schema(SourceOut))
def list_sources(asked: dict[str, Any]) -> Page[Source]:
    """Sources, newest first, with the health of each."""
    with reading() as session:
        return listing.listed(session, principal(), asked)


@blp.route("/sources.csv")
@permit(Action.READ_CONTENT)
@blp.problems(400, 401, 403, 422)
@blp.arguments(SourceFilter, location="query")
@blp.response(200, {"type": "string"}, content_type="text/csv")
def export_sources(asked: dict[str, Any]) -> Response:
    """The list as a CSV file for a spreadsheet, 100,000 sources at most; recorded each time."""
    with transaction() as session:
        audit.record_export(session, principal().key, "source", asked)
    return csv_file("sources", listing.lines(principal(), asked))


@blp.route("/sources", methods=["POST"])
@permit(Action.MANAGE_SOURCES)
@blp.problems(401, 403, 409, 422)
@blp.arguments(SourceIn)
@looked
@idempotent
@blp.response(201, NewSourceOut)
def create_source(session: Session, asked: dict[str, Any]) -> Any:
    """Thêm nguồn tin: read a feed once, tell what is in it, and poll it from now on."""
    source = keeping.create(session, principal().key, asked)
    return {"source": source, "found": asked["found"]}, 201, _tag(source)


@blp.route(_ONE)
@permit(Action.READ_CONTENT)
@blp.problems(401, 403, 404)
@blp.response(200, SourceOut)
def get_source(source_id: uuid.UUID) -> Any:
    """A source, its version as ETag, and its health."""
    with reading() as session:
        source = listing.find(session, principal(), source_id)
    return source, 200, _tag(source)


@blp.route(_ONE, methods=["PATCH"])
@permit(Action.MANAGE_SOURCES)
@conditional
@blp.problems(401, 403, 404, 409, 412, 422, 428)
@blp.arguments(SourceChangeIn)
@looked
@blp.response(200, SourceOut)
def change_source(asked: dict[str, Any], source_id: uuid.UUID) -> Any:
    """Sửa nguồn tin: change how a source is treated; its next poll heeds it."""
    version = expected_version()
    with transaction() as session:
        source = keeping.change(session, principal().key, source_id, version, asked)
    return source, 200, _tag(source)


@blp.route(f"{_ONE}/pause", methods=["PUT"])
@permit(Action.MANAGE_SOURCES)
@conditional
@blp.problems(401, 403, 404, 409, 412, 422, 428)
@blp.arguments(SourceReasonIn)
@blp.response(200, SourceOut)
def pause_source(asked: dict[str, Any], source_id: uuid.UUID) -> Any:
    """Tạm dừng: ask a source no more until it is resumed."""
    version, reason = expected_version(), asked["reason"]
    with transaction() as session:
        source = keeping.pause(session, principal().key, source_id, version, reason)
    return source, 200, _tag(source)


@blp.route(f"{_ONE}/pause", methods=["DELETE"])
@permit(Action.MANAGE_SOURCES)
@conditional
@blp.problems(401, 403, 404, 409, 412, 428)
@blp.response(200, SourceOut)
def resume_source(source_id: uuid.UUID) -> Any:
    """Chạy lại: ask a paused source again, at once."""
    version = expected_version()
    with transaction() as session:
        source = keeping.resume(session, principal().key, source_id, version)
    return source, 200, _tag(source)


@blp.route(f"{_ONE}/poll", methods=["POST"])
@permit(Action.MANAGE_SOURCES)
@blp.problems(401, 403, 404, 409)
@blp.response(202, SourceOut)
def poll_source(source_id: uuid.UUID) -> Any:
    """Lấy tin ngay: ask a source now; a worker does it within seconds."""
    with transaction() as session:
        source = keeping.poll_now(session, principal().key, source_id)
    return source, 202, _tag(source)


@blp.route(f"{_ONE}/retirement", methods=["PUT"])
@permit(Action.MANAGE_SOURCES)
@conditional
@blp.problems(401, 403, 404, 409, 412, 422, 428)
@blp.arguments(SourceReasonIn)
@blp.response(200, SourceOut)
def retire_source(asked: dict[str, Any], source_id: uuid.UUID) -> Any:
    """Ngừng nguồn tin: ask it no more and list it no more; its articles stay."""
    version, reason = expected_version(), asked["reason"]
    with transaction() as session:
        source = keeping.retire(session, principal().key, source_id, version, reason)
    return source, 200, _tag(source)


@blp.route(f"{_ONE}/retirement", methods=["DELETE"])
@permit(Action.MANAGE_SOURCES)
@conditional
@blp.problems(401, 403, 404, 409, 412, 428)
@blp.response(200, SourceOut)
def restore_source(source_id: uuid.UUID) -> Any:
    """Khôi phục: take a retirement back, and ask the source at once."""
    version = expected_version()
    with transaction() as session:
        source = keeping.restore(session, principal().key, source_id, version)
    return source, 200, _tag(source)


def _tag(source: Source) -> dict[str, str]:
    return {"ETag": version_tag(source.version)}
