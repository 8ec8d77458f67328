"""A citizen's comments on drafts: told to him, and taken from his name.

What was published is part of how the draft came about and stays, without him; the rest goes.
"""

import uuid
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from smartcity.core.db import transaction
from smartcity.core.expiry import AT_ONCE, Over
from smartcity.identity.permissions import ERASED
from smartcity.participation.drafts.commenting import KEYS
from smartcity.participation.drafts.states import State
from smartcity.participation.models import Comment

_TOLD = ("draft_id", "clause", "text", "state", "reason", "accepted", "reply", "made_at")
_OPTIONS = {"synchronize_session": False}


def held_comments(session: Session, citizen_id: uuid.UUID) -> Iterator[dict[str, Any]]:
    """What he wrote on drafts and what became of it, first to last."""
    query = select(Comment).where(Comment.citizen_id == citizen_id).order_by(*KEYS)
    for comment in session.scalars(query.execution_options(yield_per=200)):
        yield {name: getattr(comment, name) for name in _TOLD}


def erase_author(session: Session, citizen_id: uuid.UUID) -> None:
    """Delete what the public never read, and take his name from the rest."""
    _forget(session, Comment.citizen_id == citizen_id)


def authors_over(before: datetime) -> Over:
    """The comments that were written so long ago that nobody is to know any more by whom."""
    return Over(Comment, (Comment.citizen_id.is_not(None), Comment.made_at < before))


def forget_authors(over: Over) -> None:
    """Take the authors from comments, each batch in a transaction of its own."""
    batch = select(Comment.id).where(*over.where).limit(AT_ONCE)
    while True:
        with transaction() as session:
            found = session.scalars(batch).all()
            _forget(session, Comment.id.in_(found))
        if len(found) < AT_ONCE:
            return


def _forget(session: Session, whose: Any) -> None:
    unread = delete(Comment).where(whose, Comment.state != State.PUBLISHED)
    session.execute(unread, execution_options=_OPTIONS)
    by_himself = update(Comment).where(whose, Comment.changed_by.startswith("citizen:"))
    session.execute(by_himself.values(changed_by=ERASED), execution_options=_OPTIONS)
    session.execute(
        update(Comment).where(whose).values(citizen_id=None), execution_options=_OPTIONS
    )
