"""The register as officers keep it: documents entered, changed, published, withdrawn."""

import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from smartcity.areas import service as areas
from smartcity.audit.service import record
from smartcity.core import clock
from smartcity.core.db import one_at_a_time
from smartcity.core.errors import Conflict, Forbidden, Invalid
from smartcity.core.ids import new_id
from smartcity.core.text import fold
from smartcity.identity.permissions import Action, Principal
from smartcity.media import service as media
from smartcity.news.documents import publication
from smartcity.news.documents.models import Document, State
from smartcity.news.documents.states import hold, may, step
from smartcity.news.rules import rules

WRITTEN = (
    *("number", "kind", "abstract", "agency", "signer"),
    *("issued_on", "effective_on", "expires_on", "file_id", "source_link"),
)


def enter(session: Session, who: Principal, asked: Mapping[str, Any]) -> Document:
    """A draft of what an officer entered.

    Invalid, field by field, for what does not fit; Conflict for a number that the agency has given.
    """
    now = clock.now()
    document = Document(id=new_id(), state=State.DRAFT, version=1, made_by=who.key, made_at=now)
    _write(session, who, document, asked)
    session.add(document)
    told = _told(document)
    record(session, who.key, "document.create", ("document", document.id), after=told)
    return document


def change(
    session: Session, who: Principal, document_id: uuid.UUID, version: int, asked: Mapping[str, Any]
) -> Document:
    """Change a draft, as `enter` checks it; what is public is withdrawn first."""
    document = hold(session, who, document_id, version, "edit")
    before = _told(document)
    _write(session, who, document, asked)
    after = _told(document)
    changes = {name: [was, after[name]] for name, was in before.items() if was != after[name]}
    step(session, document, "edit", who, changes=changes)
    return document


def publish(session: Session, who: Principal, document_id: uuid.UUID, version: int) -> Document:
    """Show a document to everybody; Forbidden to whoever wrote or last changed it."""
    document = hold(session, who, document_id, version, "publish")
    if who.key in (document.made_by, document.changed_by):
        raise Forbidden("document.own_work")
    if document.file_id is None and document.source_link is None:
        raise Invalid(file_id="document.nothing_to_open")
    step(session, document, "publish", who)
    document.published_at = document.published_at or clock.now()
    publication.bring_out(session, document)
    return document


def withdraw(
    session: Session, who: Principal, document_id: uuid.UUID, version: int, reason: str
) -> Document:
    """Take a document back from the public, with its file."""
    document = hold(session, who, document_id, version, "withdraw")
    step(session, document, "withdraw", who, reason=reason)
    publication.take_back(session, document)
    return document


def redraft(session: Session, who: Principal, document_id: uuid.UUID, version: int) -> Document:
    """Let a withdrawn document be written on, to be published again."""
    document = hold(session, who, document_id, version, "redraft")
    step(session, document, "redraft", who)
    return document


def _write(session: Session, who: Principal, document: Document, asked: Mapping[str, Any]) -> None:
    had = document.file_id
    for name in WRITTEN:
        setattr(document, name, asked.get(name, getattr(document, name)))
    _check(who, document)
    with session.no_autoflush:  # until it is known to fit
        _refuse_taken_number(session, document)
        if document.file_id != had:
            _take_file(session, who, document, had)
    document.folded = fold(f"{document.number} {document.abstract}")
    document.changed_by, document.changed_at = who.key, clock.now()


def _check(who: Principal, document: Document) -> None:
    if document.kind not in rules().documents:
        raise Invalid(kind="document.unknown_kind")
    if not may(who, Action.WRITE_CONTENT, areas.agency(document.agency).code):
        raise Invalid(agency="document.other_agency")
    if document.expires_on and document.expires_on < (document.effective_on or document.issued_on):
        raise Invalid(expires_on="document.expires_early")


def _refuse_taken_number(session: Session, document: Document) -> None:
    one_at_a_time(session, f"documents:{document.agency}")
    same = (Document.agency == document.agency, Document.number == document.number)
    if session.scalar(select(Document.id).where(*same, Document.id != document.id)):
        errors = {"number": ["document.number_taken"]}
        raise Conflict("document.number_taken", errors=errors)


def _take_file(session: Session, who: Principal, document: Document, had: uuid.UUID | None) -> None:
    if document.file_id:
        media.attach_file(session, document.file_id, who.key, f"document:{document.id}")
    if had:
        media.release_file(session, had)


def _told(document: Document) -> dict[str, str | None]:
    """What the audit keeps of it."""
    found = {name: getattr(document, name) for name in WRITTEN}
    return {name: None if value is None else str(value) for name, value in found.items()}
