"""Articles that come from sources: new ones, and those whose source changed its text."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from smartcity.core import clock
from smartcity.core.texts import text
from smartcity.identity.permissions import SYSTEM
from smartcity.news.editing.approval import go_public
from smartcity.news.editing.contents import EMPTY, Content, content_of
from smartcity.news.editing.drafting import begin, write
from smartcity.news.editing.sanitising import clean_html, fits, one_line
from smartcity.news.editing.states import hold
from smartcity.news.models import Article, State, Version
from smartcity.news.sources.models import Licence

_EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)  # what claims to be older has no true date
_TITLE, _LEAD, _AUTHOR = 300, 1_000, 120  # characters


@dataclass(frozen=True)
class Gathered:
    """What a source says; `body` is HTML as it came, `picture` a link for the editors.

    `licence` is one of `Licence`. A `published_at` that lies ahead counts as now, one that is
    absent or before 2000 as the day it was seen.
    """

    language: str
    title: str
    lead: str
    body: str
    author: str | None
    agency: str | None
    categories: Sequence[str]
    source_id: uuid.UUID
    source_name: str
    source_link: str | None
    licence: str
    published_at: datetime | None
    picture: str | None


def gather(session: Session, content: Gathered, *, auto_publish: bool) -> Article:
    """A new article from a source, no more of it than its licence allows.

    Published by the program, or else waiting in review.
    """
    facts: dict[str, Any] = {
        "source_id": content.source_id,
        "licence": content.licence,
        "source_picture": content.picture,
        "published_at": _dated(content.published_at),
    }
    said = {
        **EMPTY,
        **_said(content),
        "language": content.language,
        "agency": content.agency,
        "categories": list(content.categories),
        "source_name": content.source_name,
    }
    article = begin(session, SYSTEM, "gather", said, State.IN_REVIEW, **facts)
    return go_public(session, article, "publish", SYSTEM) if auto_publish else article


def renew(
    session: Session, article_id: uuid.UUID, content: Gathered, *, auto_publish: bool
) -> Article:
    """Take over what a source changed in its text; what an editor changed stays as he wrote it.

    A public article is corrected at once if `auto_publish` and no editor's change waits in it; else
    it stays public as it was, and the change waits for an editor's `correct`. What was discarded
    stays so.
    """
    article = hold(session, SYSTEM, article_id)
    if article.state == State.DISCARDED:
        return article
    is_ours, article.source_picture = not article.pending, content.picture
    now, edited = content_of(article), _edited(session, article)
    new = {name: said for name, said in _said(content).items() if name not in edited}
    if all(now[name] == said for name, said in new.items()):
        return article
    note = {"correction": text("article.source_corrected", content.language)}
    corrects = auto_publish and is_ours and article.state == State.PUBLISHED
    write(session, SYSTEM, article, "renew", {**now, **new, **(note if corrects else {})})
    return go_public(session, article, "correct", SYSTEM) if corrects else article


def _said(content: Gathered) -> Content:
    """What a source says of its own, in our form."""
    link = content.source_link or ""
    shows_lead = content.licence != Licence.LINK
    return {
        "title": one_line(content.title)[:_TITLE] or content.source_name,
        "lead": one_line(content.lead)[:_LEAD] if shows_lead else "",
        "body": _body(content) if content.licence == Licence.FULL else "",
        "author": one_line(content.author or "")[:_AUTHOR] or None,
        "source_link": link if link.startswith(("https://", "http://")) else None,
    }


def _body(content: Gathered) -> str:
    """The text, clean; none where it is too much for an article: the link leads to it."""
    if not fits(content.body):
        return ""
    cleaned = clean_html(content.body, content.source_link)
    return cleaned if fits(cleaned) else ""


def _edited(session: Session, article: Article) -> set[str]:
    """The fields that a person wrote last, not the source."""
    edited: set[str] = set()
    before: Content = {}
    query = select(Version).where(Version.article_id == article.id)
    for version in session.scalars(query.order_by(Version.version)):
        changed = {name for name, value in version.content.items() if before.get(name) != value}
        edited = edited - changed if version.step in ("gather", "renew") else edited | changed
        before = version.content
    return edited


def _dated(at: datetime | None) -> datetime:
    now = clock.now()
    return now if at is None or at > now or at < _EARLIEST else at
