"""How often articles were opened: a number for an article and a day, and nobody's name beside it.

Phones gather what was opened and tell it once in a while; who they are is neither asked nor kept.
"""

import uuid
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from smartcity.core import clock
from smartcity.core.cache import Refreshed
from smartcity.core.context import per_app
from smartcity.core.db import is_sqlite, reading
from smartcity.core.errors import NotFound
from smartcity.identity.permissions import Action, Principal, Scope
from smartcity.news.models import Article, Published, Reads
from smartcity.settings import Settings

DAYS_TOLD = 90  # to officers, day by day
_POPULAR_DAYS, _POPULAR = 7, 10
_RANKED_EVERY = 600  # seconds


def count(session: Session, told: Iterable[Mapping[str, Any]]) -> None:
    """Add what a phone tells (`id`, `times`) to today's numbers; only public articles count."""
    times: Counter[uuid.UUID] = Counter()
    for item in told:
        times[item["id"]] += item["times"]
    public = _public(session, times)
    today = _today()
    # Sorted: phones that tell the same articles at once wait for each other in one order.
    rows = [{"article_id": a, "day": today, "reads": times[a]} for a in sorted(public)]
    if rows:
        insert = (sqlite if is_sqlite(session) else postgresql).insert(Reads).values(rows)
        added = {"reads": Reads.reads + insert.excluded.reads}
        session.execute(
            insert.on_conflict_do_update(index_elements=["article_id", "day"], set_=added)
        )


def of_article(session: Session, who: Principal, article_id: uuid.UUID) -> dict[str, Any]:
    """An article's numbers: all of it, and the last 90 days on which it was opened, newest first.

    NotFound for an article out of one's reach.
    """
    within = select(Article.id).where(Article.id == article_id)
    if who.scope(Action.READ_CONTENT) is Scope.AGENCY:
        within = within.where(Article.agency == who.agency)
    if session.scalar(within) is None:
        raise NotFound("reads.not_found")
    mine = Reads.article_id == article_id
    total = session.scalar(select(func.coalesce(func.sum(Reads.reads), 0)).where(mine))
    days = select(Reads.day, Reads.reads).where(mine).order_by(Reads.day.desc()).limit(DAYS_TOLD)
    return {"total": total, "days": session.execute(days).all()}


@per_app
def ranking(_settings: Settings) -> Refreshed[Sequence[uuid.UUID]]:
    """The ten articles that were opened most in 7 days; looked up every ten minutes."""
    return Refreshed(lambda _before: _rank(), _RANKED_EVERY)


def cards(session: Session, ranked: Sequence[uuid.UUID]) -> list[str]:
    """The cards of articles in this order, those alone that are public now."""
    query = select(Published.article_id, Published.card).where(Published.article_id.in_(ranked))
    found = dict(session.execute(query).all())
    return [found[article_id] for article_id in ranked if article_id in found]


def _rank() -> Sequence[uuid.UUID]:
    since = _today() - timedelta(days=_POPULAR_DAYS - 1)
    opened = func.sum(Reads.reads)
    query = (
        select(Reads.article_id)
        .join(Published, Published.article_id == Reads.article_id)
        .where(Reads.day >= since)
        .group_by(Reads.article_id)
        .order_by(opened.desc(), Reads.article_id.desc())
        .limit(_POPULAR)
    )
    with reading() as session:
        return session.scalars(query).all()


def _public(session: Session, ids: Collection[uuid.UUID]) -> Sequence[uuid.UUID]:
    return session.scalars(select(Published.article_id).where(Published.article_id.in_(ids))).all()


def _today() -> date:
    return clock.now().astimezone(clock.LOCAL).date()
