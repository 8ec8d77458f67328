"""Citizens comment on a draft, and read what became of it."""

import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from smartcity.audit import service as audit
from smartcity.core import clock
from smartcity.core.db import lock_row
from smartcity.core.errors import Invalid, NotFound
from smartcity.core.ids import new_id
from smartcity.core.paging import Page, newest_first, oldest_first
from smartcity.core.text import fold
from smartcity.identity.permissions import Principal
from smartcity.participation.drafts.draft import DRAFT
from smartcity.participation.drafts.states import State, step
from smartcity.participation.models import Comment
from smartcity.participation.windows import refuse_outside
from smartcity.registers import service as registers
from smartcity.registers.service import Entry, Record

KEYS = (Comment.made_at, Comment.id)


def comment_on(session: Session, who: Principal, draft_id: uuid.UUID, asked: Record) -> Comment:
    """A comment on a draft as a whole or on a clause; others read it once it is published.

    Conflict outside the window, Invalid for a clause that it has not. Audited.
    """
    draft = _held(session, draft_id)
    refuse_outside(draft.record["opens"], draft.record["closes"])
    clauses = {clause["id"] for clause in draft.record["clauses"]}
    if asked["clause"] is not None and asked["clause"] not in clauses:
        raise Invalid(clause="draft.no_such_clause")
    comment = _new(who, draft, asked)
    session.add(comment)
    session.flush()
    subject = ("draft_comment", comment.id)
    audit.record(session, who.key, "draft_comment.make", subject, draft=str(draft.id))
    return comment


def mine(session: Session, who: Principal, asked: Mapping[str, Any]) -> Page[Comment]:
    """One's own comments, the newest first."""
    query = select(Comment).where(Comment.citizen_id == uuid.UUID(who.id))
    return newest_first(session, query, KEYS, asked)


def take_back(session: Session, who: Principal, comment_id: uuid.UUID) -> None:
    """Take one's own comment back, its words with it; a second time changes nothing.

    NotFound for another's, Conflict once it is published or refused.
    """
    own = Comment.id == comment_id, Comment.citizen_id == uuid.UUID(who.id)
    comment = lock_row(session, select(Comment), *own)
    if comment is None:
        raise NotFound("draft_comment.not_found")
    if comment.state != State.TAKEN_BACK:
        step(session, comment, "take_back", who)
        comment.text = comment.folded = ""


def public(session: Session, draft_id: uuid.UUID, asked: Mapping[str, Any]) -> Page[Comment]:
    """The published comments of a public draft, the oldest first."""
    draft = registers.public_entry(session, DRAFT, draft_id)
    return oldest_first(session, narrowed(published_of(draft), asked), KEYS, asked)


def published_of(draft: Entry) -> Select[Comment]:
    """The published comments of a draft."""
    shown = Comment.draft_id == draft.id, Comment.state == State.PUBLISHED
    return select(Comment).where(*shown)


def narrowed(query: Select[Comment], asked: Mapping[str, Any]) -> Select[Comment]:
    """Those of a clause, and with a reply or without."""
    if asked.get("clause"):
        query = query.where(Comment.clause == asked["clause"])
    if asked.get("replied") is not None:
        query = query.where(Comment.accepted.is_not(None).is_(asked["replied"]))
    return query


def _held(session: Session, draft_id: uuid.UUID) -> Entry:
    """A public draft whose clauses nobody changes before this transaction ends."""
    query = select(Entry).where(*registers.is_public(DRAFT), Entry.id == draft_id)
    draft = session.scalar(query.with_for_update(read=True, key_share=True))
    if draft is None:
        raise NotFound("register.not_found")
    return draft


def _new(who: Principal, draft: Entry, asked: Record) -> Comment:
    now = clock.now()
    return Comment(
        id=new_id(),
        draft_id=draft.id,
        citizen_id=uuid.UUID(who.id),
        clause=asked["clause"],
        text=asked["text"],
        folded=fold(asked["text"]),
        state=State.RECEIVED,
        version=1,
        made_at=now,
        changed_by=who.key,
        changed_at=now,
    )
