"""A second person's word for an article, and what follows: it is public now, later, or no more."""

import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from smartcity.core import clock
from smartcity.core.errors import Conflict, Forbidden, Invalid
from smartcity.identity.permissions import SYSTEM, Principal
from smartcity.jobs import service as jobs
from smartcity.news.editing import pictures
from smartcity.news.editing.contents import public_content, public_face
from smartcity.news.editing.publishing import bring_out, take_back
from smartcity.news.editing.sanitising import plain
from smartcity.news.editing.states import WRITING, check, hold, step
from smartcity.news.models import Article, State, Version
from smartcity.news.sources.models import Licence

PUBLISH = "news.publish"


def submit(session: Session, who: Principal, article_id: uuid.UUID, version: int) -> Article:
    """Ask for approval; Invalid while a category or the text is missing."""
    article = hold(session, who, article_id, version)
    check(article, "submit", who)
    _check_ready(article)
    step(session, article, "submit", who)
    return article


def withdraw(session: Session, who: Principal, article_id: uuid.UUID, version: int) -> Article:
    """Take an article back out of review, to write on."""
    article = hold(session, who, article_id, version)
    step(session, article, "withdraw", who)
    return article


def send_back(
    session: Session, who: Principal, article_id: uuid.UUID, version: int, reason: str
) -> Article:
    """Give an article back to be written on."""
    article = hold(session, who, article_id, version)
    step(session, article, "send_back", who, reason)
    return article


def approve(session: Session, who: Principal, article_id: uuid.UUID, version: int) -> Article:
    """Publish an article, or at `publish_at` if that lies ahead.

    Forbidden to whoever wrote in it since it was last public. Invalid for what is missing, and for
    a picture that is not ready.
    """
    article = hold(session, who, article_id, version)
    check(article, "approve", who)
    _be_another(session, article, who)
    _check_ready(article)
    pictures.check(session, article)
    if article.publish_at is None or article.publish_at <= clock.now():
        return go_public(session, article, "approve", who)
    step(session, article, "schedule", who, publish_at=article.publish_at.isoformat())
    told = {"article": str(article.id), "at": article.publish_at.isoformat()}
    wait = (article.publish_at - clock.now()).total_seconds()
    jobs.enqueue(session, PUBLISH, told, after=wait, priority=jobs.URGENT)
    return article


def unschedule(session: Session, who: Principal, article_id: uuid.UUID, version: int) -> Article:
    """Take back the approval of an article that waits for its time."""
    article = hold(session, who, article_id, version)
    step(session, article, "unschedule", who)
    return article


def publish_scheduled(session: Session, article_id: uuid.UUID, at: str) -> None:
    """Publish what was scheduled for `at`, if it still is."""
    article = hold(session, SYSTEM, article_id)
    planned = article.publish_at and article.publish_at.isoformat()
    if article.state == State.SCHEDULED and planned == at:
        go_public(session, article, "publish", SYSTEM)


def correct(session: Session, who: Principal, article_id: uuid.UUID, version: int) -> Article:
    """Bring out what was changed in a published article, with its `correction` note.

    Forbidden to whoever made the change. Conflict when nothing was changed, Invalid when the note
    says nothing new.
    """
    article = hold(session, who, article_id, version)
    check(article, "correct", who)
    if not article.pending:
        raise Conflict("article.nothing_to_correct")
    _be_another(session, article, who)
    if not article.correction or not _has_new_note(session, article):
        raise Invalid(correction="article.correction_missing")
    _check_ready(article)
    return go_public(session, article, "correct", who)


def unpublish(
    session: Session, who: Principal, article_id: uuid.UUID, version: int, reason: str
) -> Article:
    """Take an article from the public; it is pinned no more."""
    article = hold(session, who, article_id, version)
    check(article, "unpublish", who)
    take_back(session, article)
    article.pending, article.pinned_until = False, None
    step(session, article, "unpublish", who, reason)
    return article


def republish(session: Session, who: Principal, article_id: uuid.UUID, version: int) -> Article:
    """Publish again what was taken from the public; by another person if it was changed since."""
    article = hold(session, who, article_id, version)
    check(article, "republish", who)
    _be_another(session, article, who)
    _check_ready(article)
    return go_public(session, article, "republish", who)


def go_public(session: Session, article: Article, action: str, who: Principal) -> Article:
    """Take a step that brings an article out as it stands."""
    now = clock.now()
    if article.pending:
        pictures.hide(session, public_face(session, article))
    if _has_new_note(session, article):
        article.corrected_at = now
    article.published_at = article.published_at or now
    article.pending, article.publish_at = False, None
    step(session, article, action, who)
    article.public_version = article.version
    bring_out(session, article)
    return article


def _has_new_note(session: Session, article: Article) -> bool:
    public = public_content(session, article)
    return public is not None and public["correction"] != article.correction


def _be_another(session: Session, article: Article, who: Principal) -> None:
    """Raise Forbidden to whoever wrote in an article since it was last public."""
    since = Version.version > (article.public_version or 0)
    mine = Version.article_id == article.id, Version.actor == who.key, Version.step.in_(WRITING)
    if session.scalar(select(Version.version).where(since, *mine).limit(1)) is not None:
        raise Forbidden("article.own_work")


def _check_ready(article: Article) -> None:
    """Raise Invalid for what an article lacks; of a source's, the link may stand for the text."""
    if not article.categories:
        raise Invalid(categories="article.no_category")
    is_linked = article.licence in (Licence.SUMMARY, Licence.LINK) and article.source_link
    if not is_linked and not plain(article.body):
        raise Invalid(body="article.no_text")
