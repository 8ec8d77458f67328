"""Officers keep the register of documents."""

import uuid
from typing import Any

from flask import Response
from sqlalchemy.orm import Session

from smartcity.audit import service as audit
from smartcity.core.db import reading, transaction
from smartcity.core.export import csv_file
from smartcity.core.idempotency import idempotent
from smartcity.core.paging import page_schema
from smartcity.core.web import Blueprint, conditional, expected_version, version_tag
from smartcity.identity.permissions import Action, permit, principal
from smartcity.news.documents import desk, listing, register
from smartcity.news.documents.models import Document
from smartcity.news.documents.schemas import (
    DocumentFilter,
    DocumentIn,
    DocumentOut,
    DocumentPatch,
    DocumentQuery,
    DocumentReasonIn,
)

_ONE = "/documents/<uuid:document_id>"
blp = Blueprint("document_desk", __name__, url_prefix="/api/v1/officer", description="Văn bản")


@blp.route("/documents", methods=["POST"])
@permit(Action.WRITE_CONTENT)
@blp.problems(401, 403, 409, 422)
@blp.arguments(DocumentIn)
@idempotent
@blp.response(201, DocumentOut)
def create_document(session: Session, asked: dict[str, Any]) -> Any:
    """Vào sổ văn bản: enter a document; 409 names `number` when the agency has given it before."""
    return _tagged(session, register.enter(session, principal(), asked), 201)


@blp.route("/documents")
@permit(Action.READ_CONTENT)
@blp.problems(400, 401, 403, 422)
@blp.arguments(DocumentQuery, location="query")
@blp.response(200, page_schema(DocumentOut))
def list_document_drafts(asked: dict[str, Any]) -> dict[str, Any]:
    """Documents in every state, those entered last first; units see their own."""
    with reading() as session:
        page = listing.listed(session, principal(), asked)
        return {"items": desk.told(session, page.items), "next_cursor": page.next_cursor}


@blp.route("/documents.csv")
@permit(Action.READ_CONTENT)
@blp.problems(400, 401, 403, 422)
@blp.arguments(DocumentFilter, location="query")
@blp.response(200, {"type": "string"}, content_type="text/csv")
def export_documents(asked: dict[str, Any]) -> Response:
    """The list as a CSV file for a spreadsheet, 100,000 documents at most; recorded each time."""
    with transaction() as session:
        audit.record_export(session, principal().key, "document", asked)
    return csv_file("documents", listing.lines(principal(), asked))


@blp.route(_ONE)
@permit(Action.READ_CONTENT)
@blp.problems(401, 403, 404)
@blp.response(200, DocumentOut)
def get_document_draft(document_id: uuid.UUID) -> Any:
    """A document, its version as ETag; the link of its file opens for an hour."""
    with reading() as session:
        return _tagged(session, desk.find(session, principal(), document_id))


@blp.route(_ONE, methods=["PATCH"])
@permit(Action.WRITE_CONTENT)
@conditional
@blp.problems(401, 403, 404, 409, 412, 422, 428)
@blp.arguments(DocumentPatch)
@blp.response(200, DocumentOut)
def change_document(asked: dict[str, Any], document_id: uuid.UUID) -> Any:
    """Sửa văn bản: change a draft; what is public is withdrawn first."""
    version = expected_version()
    with transaction() as session:
        changed = register.change(session, principal(), document_id, version, asked)
        return _tagged(session, changed)


@blp.route(f"{_ONE}/publication", methods=["PUT"])
@permit(Action.PUBLISH_CONTENT)
@conditional
@blp.problems(401, 403, 404, 409, 412, 422, 428)
@blp.response(200, DocumentOut)
def publish_document(document_id: uuid.UUID) -> Any:
    """Công bố: show it to everybody with its file; not by whoever wrote or last changed it."""
    version = expected_version()
    with transaction() as session:
        return _tagged(session, register.publish(session, principal(), document_id, version))


@blp.route(f"{_ONE}/withdrawal", methods=["PUT"])
@permit(Action.PUBLISH_CONTENT)
@conditional
@blp.problems(401, 403, 404, 409, 412, 422, 428)
@blp.arguments(DocumentReasonIn)
@blp.response(200, DocumentOut)
def withdraw_document(asked: dict[str, Any], document_id: uuid.UUID) -> Any:
    """Gỡ xuống: take it back from the public, with its file; a draft is given up."""
    version = expected_version()
    with transaction() as session:
        withdrawn = register.withdraw(session, principal(), document_id, version, **asked)
        return _tagged(session, withdrawn)


@blp.route(f"{_ONE}/withdrawal", methods=["DELETE"])
@permit(Action.WRITE_CONTENT)
@conditional
@blp.problems(401, 403, 404, 409, 412, 428)
@blp.response(200, DocumentOut)
def redraft_document(document_id: uuid.UUID) -> Any:
    """Đưa về bản nháp: let a withdrawn document be changed and published again."""
    version = expected_version()
    with transaction() as session:
        return _tagged(session, register.redraft(session, principal(), document_id, version))


def _tagged(session: Session, document: Document, status: int = 200) -> Any:
    (told,) = desk.told(session, [document])
    return told, status, {"ETag": version_tag(document.version)}
