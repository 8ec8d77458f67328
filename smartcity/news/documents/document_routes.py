"""The register of documents as everybody reads it."""

import uuid
from typing import Any

from flask import Response

from smartcity.changes.kept import shared
from smartcity.core.db import reading
from smartcity.core.paging import page_schema
from smartcity.core.web import Blueprint
from smartcity.identity.permissions import Action, permit
from smartcity.news.documents import publication
from smartcity.news.documents.schemas import PublicDocumentOut, PublicQuery

blp = Blueprint("documents", __name__, url_prefix="/api/v1", description="Văn bản")


@blp.route("/documents")
@permit(Action.READ_PUBLIC)
@blp.problems(400, 422)
@blp.arguments(PublicQuery, location="query")
@blp.response(200, page_schema(PublicDocumentOut))
def list_documents(asked: dict[str, Any]) -> Response:
    """Official documents, those published last first; `q` looks in numbers and abstracts."""
    with reading() as session:
        return shared(publication.listed(session, asked))


@blp.route("/documents/<uuid:document_id>")
@permit(Action.READ_PUBLIC)
@blp.problems(404)
@blp.response(200, PublicDocumentOut)
def get_document(document_id: uuid.UUID) -> Response:
    """An official document, and where its file opens."""
    with reading() as session:
        return shared(publication.whole(session, document_id))
