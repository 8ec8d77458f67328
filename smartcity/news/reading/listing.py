"""What the public reads: texts that were rendered when they were published, given out as such."""

import uuid
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from smartcity.changes import service as changes
from smartcity.changes.kept import TAKEN_BACK
from smartcity.core.errors import NotFound
from smartcity.core.paging import Page, page_of, position
from smartcity.news.models import LabelKind, Published
from smartcity.news.reading.walks import KEYS, rows

KIND = "news"  # of what appears in `changes`
# The one that has the fewest articles walks, as a rule; the others are looked up.
_NARROWEST = (
    LabelKind.AREA,
    LabelKind.TOPIC,
    LabelKind.AGENCY,
    LabelKind.CATEGORY,
    LabelKind.LANGUAGE,
)


class TakenBack(NotFound):
    """It was public once."""

    status = 410


def listed(session: Session, asked: Mapping[str, Any]) -> Page[Row[Any]]:
    """A page of cards, those pinned first, then the newest; 400 for a foreign cursor."""
    wanted = {kind: _codes(asked[kind]) for kind in _NARROWEST if kind in asked}
    before = position(KEYS, asked)
    found = rows(session, "card", wanted, asked["limit"] + 1, before)
    return page_of(found, KEYS, asked)


def whole(session: Session, article_id: uuid.UUID) -> str:
    """The article's text; NotFound when it is not public, TakenBack when it was."""
    found = session.scalar(select(Published.whole).where(Published.article_id == article_id))
    if found is None:
        if changes.was_public(session, KIND, str(article_id)):
            raise TakenBack("news.taken_back", headers=TAKEN_BACK)
        raise NotFound("news.not_public")
    return found


def newest(session: Session, category: str | None, most: int) -> list[str]:
    """The whole texts of the newest articles of one or all categories, those pinned first."""
    wanted = {LabelKind.CATEGORY: [category]} if category else {}
    return [row.whole for row in rows(session, "whole", wanted, most)]


def latest(
    session: Session, *, topics: Collection[str], areas: Collection[str], limit: int
) -> list[str]:
    """Cards of the newest articles on any of the topics or areas, or of all when none is named."""
    chosen = {LabelKind.TOPIC: topics, LabelKind.AREA: areas}
    wanted = {kind: _codes(codes) for kind, codes in chosen.items() if codes}
    return [row.card for row in rows(session, "card", wanted, limit, every=False)]


def for_phones(session: Session, refs: Collection[str]) -> dict[str, str]:
    """The whole texts of those of some articles that are public, by id."""
    ids = [uuid.UUID(ref) for ref in refs]
    query = select(Published.article_id, Published.whole).where(Published.article_id.in_(ids))
    return {str(article_id): text for article_id, text in session.execute(query)}


def _codes(given: Any) -> list[str]:
    return [given] if isinstance(given, str) else sorted(set(given))
