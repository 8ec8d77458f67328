"""Before the public reads a comment an officer does; afterwards its authority replies."""

import uuid
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from smartcity.core.db import lock_row
from smartcity.core.errors import NotFound, PreconditionFailed
from smartcity.core.export import list_lines
from smartcity.core.ids import new_id
from smartcity.core.paging import Page, oldest_first
from smartcity.core.text import fold
from smartcity.identity.permissions import Action, Principal, Scope
from smartcity.jobs.service import enqueue_all
from smartcity.participation.drafts.commenting import KEYS, narrowed, published_of
from smartcity.participation.drafts.draft import DRAFT
from smartcity.participation.drafts.states import step
from smartcity.participation.drafts.table import cells, headings
from smartcity.participation.models import Comment
from smartcity.push import service as push
from smartcity.registers import service as registers
from smartcity.registers.service import Entry


def queue(session: Session, asked: Mapping[str, Any]) -> Page[Comment]:
    """Comments on all drafts by state, draft and words, the oldest first."""
    return oldest_first(session, _wanted(asked), KEYS, asked)


def lines(asked: Mapping[str, Any]) -> Iterator[str]:
    """That list as CSV, 100,000 at most, nobody's name with it."""
    return list_lines(headings(), queue, asked, cells)


def for_agency(
    session: Session, who: Principal, draft_id: uuid.UUID, asked: Mapping[str, Any]
) -> Page[Comment]:
    """The published comments of a draft, for those who reply to it; NotFound for others."""
    draft = registers.found(session, DRAFT, draft_id)
    if not _answers(who, draft):
        raise NotFound("register.not_found")
    return oldest_first(session, narrowed(published_of(draft), asked), KEYS, asked)


def decide(
    session: Session,
    who: Principal,
    comment_id: uuid.UUID,
    version: int,
    deed: str,
    reason: str | None = None,
) -> Comment:
    """Publish or refuse a comment, or undo either; its author is told of the first two."""
    comment = _held(session, comment_id, version)
    step(session, comment, deed, who, reason)
    comment.reason = reason if deed == "refuse" else None
    if deed != "reconsider":
        _tell(session, comment, deed, reason or "")
    return comment


def reply(
    session: Session, who: Principal, comment_id: uuid.UUID, version: int, asked: Mapping[str, Any]
) -> Comment:
    """The authority's word: accepted or not, and why; it may be given anew. Its author is told.

    NotFound for a draft of another agency.
    """
    comment = _held(session, comment_id, version, who)
    step(session, comment, "reply", who)
    comment.accepted, comment.reply = asked["accepted"], asked["explanation"]
    _tell(session, comment, "accepted" if comment.accepted else "explained", asked["explanation"])
    return comment


def drop_reply(
    session: Session, who: Principal, comment_id: uuid.UUID, version: int, reason: str
) -> Comment:
    """Undo `reply`; nobody is told."""
    comment = _held(session, comment_id, version, who)
    step(session, comment, "drop_reply", who, reason)
    comment.accepted = comment.reply = None
    return comment


def _wanted(asked: Mapping[str, Any]) -> Select[Comment]:
    query = narrowed(select(Comment), asked)
    if asked.get("state"):
        query = query.where(Comment.state == asked["state"])
    if asked.get("draft"):
        query = query.where(Comment.draft_id == asked["draft"])
    for word in fold(asked.get("q") or "").split():
        query = query.where(Comment.folded.contains(word, autoescape=True))
    return query


def _held(
    session: Session, comment_id: uuid.UUID, version: int, answering: Principal | None = None
) -> Comment:
    """A comment, held until the transaction ends; NotFound for who answers and may not."""
    comment = lock_row(session, select(Comment), Comment.id == comment_id)
    if comment is None or not (answering is None or _answers(answering, _draft(session, comment))):
        raise NotFound("draft_comment.not_found")
    if comment.version != version:
        raise PreconditionFailed("precondition.failed")
    return comment


def _answers(who: Principal, draft: Entry) -> bool:
    everywhere = who.scope(Action.ANSWER_QUESTIONS) is Scope.ALL
    return everywhere or bool(draft.record["agency"] == who.agency)


def _draft(session: Session, comment: Comment) -> Entry:
    return registers.found(session, DRAFT, comment.draft_id)


def _tell(session: Session, comment: Comment, what: str, words: str) -> None:
    if comment.citizen_id is None:
        return
    draft = _draft(session, comment)
    told = push.message(
        citizen=comment.citizen_id,
        source=new_id(),
        at=comment.changed_at,
        text=f"push.draft_comment.{what}",
        values={"draft": draft.title, "words": words},
        link=f"/participation/drafts/{draft.id}",
        category="participation",
    )
    enqueue_all(session, [told])
