"""What the public sees of the register: shown, found, synchronised, and taken back."""

import uuid
from collections.abc import Collection, Iterable, Mapping
from typing import Any

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from smartcity.areas import service as areas
from smartcity.changes import service as changes
from smartcity.changes.kept import TAKEN_BACK
from smartcity.core.errors import NotFound
from smartcity.core.paging import newest_first
from smartcity.media import service as media
from smartcity.news.documents.listing import KEYS, wanted
from smartcity.news.documents.models import Document, State
from smartcity.news.documents.schemas import PublicDocumentOut
from smartcity.news.rules import rules
from smartcity.search import service as search

KIND = "document"  # of what appears in `changes` and is found
_PUBLIC = PublicDocumentOut()
_SHOWN = Document.state == State.PUBLISHED


def bring_out(session: Session, document: Document) -> None:
    """Show a document that was just published, with its file; let it be found."""
    if document.file_id:
        media.show_file(session, document.file_id)
    search.put(session, _indexed(document))
    changes.appeared(session, KIND, str(document.id))


def take_back(session: Session, document: Document) -> None:
    """Undo `bring_out`; nothing happens to what was never public."""
    if document.file_id:
        media.hide_file(session, document.file_id)
    search.remove(session, KIND, str(document.id))
    changes.vanished(session, KIND, str(document.id))


def listed(session: Session, asked: Mapping[str, Any]) -> bytes:
    """A page of published documents as JSON, those published last first."""
    page = newest_first(session, select(Document).where(_SHOWN, *wanted(asked)), KEYS, asked)
    items = _told(session, page.items)
    return orjson.dumps({"items": items, "next_cursor": page.next_cursor})


def whole(session: Session, document_id: uuid.UUID) -> bytes:
    """A published document as JSON; NotFound."""
    document = session.scalar(select(Document).where(_SHOWN, Document.id == document_id))
    if document is None:
        raise NotFound("document.not_found", headers=TAKEN_BACK)
    return orjson.dumps(_told(session, [document])[0])


def documents_for_phones(session: Session, refs: Collection[str]) -> dict[str, str]:
    """Those of some documents that are public, as JSON by id."""
    ids = [uuid.UUID(ref) for ref in refs]
    found = session.scalars(select(Document).where(_SHOWN, Document.id.in_(ids))).all()
    return {told["id"]: orjson.dumps(told).decode() for told in _told(session, found)}


def with_file(document: Document, file: dict[str, Any] | None) -> dict[str, Any]:
    """A document's columns and its file, as the schemas tell them."""
    columns = {column.key: getattr(document, column.key) for column in Document.__table__.columns}
    return {**columns, "file": file, "document": document}


def file_out(file: media.File, link: str) -> dict[str, Any]:
    """A file and where it opens."""
    told = {name: getattr(file, name) for name in ("name", "content_type", "bytes")}
    return {**told, "link": link}


def _told(session: Session, documents: Iterable[Document]) -> list[dict[str, Any]]:
    found = list(documents)
    files = media.files_of(session, [each.file_id for each in found if each.file_id])
    return [_PUBLIC.dump(_public(each, files)) for each in found]


def _public(document: Document, files: Mapping[uuid.UUID, media.File]) -> dict[str, Any]:
    file = files.get(document.file_id) if document.file_id else None
    return with_file(document, file_out(file, media.file_link(file)) if file else None)


def _indexed(document: Document) -> search.Indexed:
    sort = rules().documents[document.kind]
    agency = areas.reference().agencies[document.agency]
    assert document.published_at
    return search.Indexed(
        kind=KIND,
        ref=str(document.id),
        title=f"{sort.vi} {document.number}",
        summary=document.abstract,
        body="\n".join(filter(None, (document.abstract, agency.name_vi, document.signer))),
        link=f"/documents/{document.id}",
        published_at=document.published_at,
        agency=document.agency,
    )
