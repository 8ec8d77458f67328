"""Documents as officers see them, with links that open files which are not public."""

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from smartcity.core.errors import NotFound
from smartcity.identity.permissions import Action, Principal
from smartcity.media import service as media
from smartcity.news.documents.models import Document
from smartcity.news.documents.publication import file_out, with_file
from smartcity.news.documents.states import reach


def find(session: Session, who: Principal, document_id: uuid.UUID) -> Document:
    """A document; NotFound out of one's reach."""
    within = reach(who, Action.READ_CONTENT)
    document = session.scalar(select(Document).where(Document.id == document_id, within))
    if document is None:
        raise NotFound("document.not_found")
    return document


def told(session: Session, documents: Sequence[Document]) -> list[dict[str, Any]]:
    """What the schema tells of documents; their files by one statement."""
    files = media.files_of(session, [each.file_id for each in documents if each.file_id])
    links = {file.id: file_out(file, media.private_file_link(file)) for file in files.values()}
    return [with_file(each, links.get(each.file_id)) for each in documents]  # type: ignore[arg-type]
