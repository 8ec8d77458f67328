"""Articles that stand before all others until a time (ghim)."""

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from smartcity.core import clock
from smartcity.core.errors import Conflict, Invalid
from smartcity.identity.permissions import SYSTEM, Principal
from smartcity.jobs import service as jobs
from smartcity.news.editing.contents import public_face
from smartcity.news.editing.drafting import FARTHEST
from smartcity.news.editing.publishing import bring_out
from smartcity.news.editing.states import check, hold, step
from smartcity.news.models import Article, State

UNPIN = "news.unpin"


def pin(
    session: Session, who: Principal, article_id: uuid.UUID, version: int, until: datetime
) -> Article:
    """Pin a published article until a time, at most a year ahead; again: until another."""
    article = hold(session, who, article_id, version)
    check(article, "pin", who)
    wait = until - clock.now()
    if not wait.total_seconds() > 0 or wait > FARTHEST:
        raise Invalid(until="article.bad_time")
    told = {"article": str(article.id), "until": until.isoformat()}
    jobs.enqueue(session, UNPIN, told, after=wait.total_seconds())
    return _move(session, article, "pin", who, until)


def unpin(session: Session, who: Principal, article_id: uuid.UUID, version: int) -> Article:
    """Pin an article no more; Conflict when it is not pinned."""
    article = hold(session, who, article_id, version)
    check(article, "unpin", who)
    if article.pinned_until is None:
        raise Conflict("article.not_pinned")
    return _move(session, article, "unpin", who, None)


def end_pin(session: Session, article_id: uuid.UUID, until: str) -> None:
    """Pin an article no more whose pin ends then, if it still does."""
    article = hold(session, SYSTEM, article_id)
    ends = article.pinned_until and article.pinned_until.isoformat()
    if article.state == State.PUBLISHED and ends == until:
        _move(session, article, "unpin", SYSTEM, None)


def _move(
    session: Session, article: Article, action: str, who: Principal, until: datetime | None
) -> Article:
    article.pinned_until = until
    step(session, article, action, who, until=until and until.isoformat())
    bring_out(session, public_face(session, article))
    return article
