"""What the public reads: texts that were rendered when they were published, joined and given out.

A list narrowed by labels is the union of one index walk for each of the codes of one kind; labels
of other kinds are looked up for each step of a walk.
"""

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, exists, literal, select, tuple_, union
from sqlalchemy.orm import Session, aliased

from smartcity.changes import service as changes
from smartcity.changes.kept import TAKEN_BACK
from smartcity.core.errors import NotFound
from smartcity.core.paging import Page, newest_rows, position
from smartcity.news.models import Label, LabelKind, Published

KIND = "news"  # of what appears in `changes`
_KEYS = Published.__table__.c.sorted_at, Published.__table__.c.article_id
# The one that has the fewest articles walks, as a rule; the others are looked up.
_NARROWEST = (
    LabelKind.AREA,
    LabelKind.TOPIC,
    LabelKind.AGENCY,
    LabelKind.CATEGORY,
    LabelKind.LANGUAGE,
)
Wanted = Mapping[LabelKind, Collection[str]]
Before = tuple[datetime, uuid.UUID] | None


class TakenBack(NotFound):
    """It was public once."""

    status = 410


def listed(session: Session, asked: Mapping[str, Any]) -> Page[Row[Any]]:
    """A page of cards, those pinned first, then the newest; 400 for a foreign cursor."""
    wanted = {kind: _codes(asked[kind]) for kind in _NARROWEST if kind in asked}
    walks = _narrowed(wanted, asked["limit"] + 1, position(_KEYS, asked))
    return newest_rows(session, _among(Published.card, walks), _KEYS, asked)


def whole(session: Session, article_id: uuid.UUID) -> str:
    """The article's text; NotFound when it is not public, TakenBack when it was."""
    found = session.scalar(select(Published.whole).where(Published.article_id == article_id))
    if found is None:
        if changes.was_public(session, KIND, str(article_id)):
            raise TakenBack("news.taken_back", headers=TAKEN_BACK)
        raise NotFound("news.not_public")
    return found


def newest(session: Session, category: str | None, most: int) -> Sequence[str]:
    """The whole texts of the newest articles of one or all categories, those pinned first."""
    wanted = {LabelKind.CATEGORY: [category]} if category else {}
    return _first(session, Published.whole, _narrowed(wanted, most), most)


def latest(
    session: Session, *, topics: Collection[str], areas: Collection[str], limit: int
) -> list[str]:
    """Cards of the newest articles on any of the topics or areas, or of all when none is named."""
    chosen = {LabelKind.TOPIC: topics, LabelKind.AREA: areas}
    walks = [_walk(kind, code, {}, limit) for kind, codes in chosen.items() for code in codes]
    return list(_first(session, Published.card, walks, limit))


def for_phones(session: Session, refs: Collection[str]) -> dict[str, str]:
    """The whole texts of those of some articles that are public, by id."""
    ids = [uuid.UUID(ref) for ref in refs]
    query = select(Published.article_id, Published.whole).where(Published.article_id.in_(ids))
    return {str(article_id): text for article_id, text in session.execute(query)}


def _codes(given: Any) -> list[str]:
    return [given] if isinstance(given, str) else sorted(set(given))


def _narrowed(wanted: Wanted, most: int, before: Before = None) -> list[Select[Any]]:
    """A walk for each code of the first kind; none at all when nothing is to be narrowed."""
    if not wanted:
        return []
    first, *others = wanted
    also = {kind: wanted[kind] for kind in others}
    return [_walk(first, code, also, most, before) for code in wanted[first]]


def _walk(
    kind: LabelKind, code: str, also: Wanted, most: int, before: Before = None
) -> Select[Any]:
    """The first articles under one label that stand under others too, along the label's index."""
    keys = Label.sorted_at, Label.article_id
    query = select(Label.article_id).where(Label.kind == kind, Label.code == code)
    for other, codes in also.items():
        query = query.where(_stands_under(other, codes))
    if before:
        at, ident = before
        last = tuple_(literal(at, Label.sorted_at.type), literal(ident, Label.article_id.type))
        query = query.where(tuple_(*keys) < last)
    return query.order_by(*(key.desc() for key in keys)).limit(most)


def _stands_under(kind: LabelKind, codes: Collection[str]) -> Any:
    other = aliased(Label)
    same = other.kind == kind, other.code.in_(codes), other.article_id == Label.article_id
    return exists().where(*same)


def _among(text: Any, walks: Iterable[Select[Any]]) -> Select[Any]:
    """The texts of the articles that the walks came by; of all when there is none."""
    query = select(text, *_KEYS)
    parts = [select(walk.subquery()) for walk in walks]
    if parts:
        found = union(*parts).subquery("found")
        query = query.join(found, found.c.article_id == Published.article_id)
    return query


def _first(session: Session, text: Any, walks: Iterable[Select[Any]], most: int) -> Sequence[str]:
    order = (key.desc() for key in _KEYS)
    return session.scalars(_among(text, walks).order_by(*order).limit(most)).all()
