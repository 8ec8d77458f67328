"""Articles as editors look for them: what was changed last comes first."""

import uuid
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import ColumnElement, String, cast
from sqlalchemy.orm import Session, defer

from smartcity.core import clock
from smartcity.core.errors import NotFound
from smartcity.core.export import list_lines
from smartcity.core.paging import Page, newest_first
from smartcity.core.text import fold
from smartcity.core.texts import text
from smartcity.identity.permissions import Principal
from smartcity.news.editing.states import visible
from smartcity.news.models import Article

_FACTS = ("id", "title", "language", "agency", "author", "source_name", "source_link", "pending")
_PEOPLE = ("made_by", "changed_by")
_TIMES = ("made_at", "changed_at", "publish_at", "published_at", "corrected_at", "pinned_until")
COLUMNS = ("state", "categories", *_FACTS, *_PEOPLE, *_TIMES)


def find(session: Session, who: Principal, article_id: uuid.UUID) -> Article:
    """An article; NotFound."""
    article = session.scalar(visible(who).where(Article.id == article_id))
    if article is None:
        raise NotFound("article.not_found")
    return article


def listed(session: Session, who: Principal, asked: Mapping[str, Any]) -> Page[Article]:
    """The articles that the filters name; `q` is looked for in titles, without accents."""
    query = visible(who).where(*_wanted(asked)).options(defer(Article.body))
    return newest_first(session, query, (Article.changed_at, Article.id), asked)


def lines(who: Principal, asked: Mapping[str, Any]) -> Iterator[str]:
    """The list as CSV, piece by piece, 100,000 articles at most."""
    headings = [text(f"article.column.{name}") for name in COLUMNS]
    return list_lines(headings, lambda session, page: listed(session, who, page), asked, _cells)


def _wanted(asked: Mapping[str, Any]) -> Iterator[ColumnElement[bool]]:
    if asked.get("state"):
        yield Article.state.in_(asked["state"])
    for name in ("agency", "source_id", "language", "pending"):
        if asked.get(name) is not None:
            yield getattr(Article, name) == asked[name]
    if asked.get("category"):
        code = f'"{asked["category"]}"'  # as JSON writes it
        yield cast(Article.categories, String).contains(code, autoescape=True)
    if asked.get("q"):
        yield Article.title_folded.contains(fold(asked["q"]), autoescape=True)
    if asked.get("since"):
        yield Article.changed_at >= asked["since"]
    if asked.get("until"):
        yield Article.changed_at < asked["until"]


def _cells(article: Article) -> list[object]:
    facts = [getattr(article, name) for name in (*_FACTS, *_PEOPLE)]
    times = (getattr(article, name) for name in _TIMES)
    when = [at and at.astimezone(clock.LOCAL).isoformat(timespec="seconds") for at in times]
    state = text(f"article.state.{article.state}")
    return [state, ", ".join(article.categories), *facts, *when]
