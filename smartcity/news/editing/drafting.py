"""Articles as editors write them: begun, saved as they type, brought back to an earlier text."""

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from smartcity.areas import service as areas
from smartcity.core import clock
from smartcity.core.errors import Invalid
from smartcity.core.ids import new_id
from smartcity.identity.permissions import SYSTEM, Action, Principal, Scope
from smartcity.news.editing import pictures, versions
from smartcity.news.editing.contents import EMPTY, Content, content_of, fill, public_content
from smartcity.news.editing.states import hold, step
from smartcity.news.models import Article, State, Version
from smartcity.news.rules import rules
from smartcity.push import service as push

FARTHEST = timedelta(days=366)
SLOT = 600  # seconds of the clock within which one person's savings of a draft are one version


def create(session: Session, who: Principal, asked: Mapping[str, Any]) -> Article:
    """A draft; of a unit's officer it is his agency's. Invalid names the field that is wrong."""
    own = {"agency": who.agency} if who.scope(Action.WRITE_CONTENT) is Scope.AGENCY else {}
    content = {**EMPTY, **own, **asked}
    _check(who, content, was_public=False)
    return begin(session, who, "create", content, State.DRAFT)


def change(
    session: Session, who: Principal, article_id: uuid.UUID, version: int, asked: Mapping[str, Any]
) -> Article:
    """Write the fields that are `asked`; what says the same already makes no new version.

    A published article stays public as it was, until another person brings the change out. An
    unpublished or discarded one becomes a draft.
    """
    article = hold(session, who, article_id, version)
    write(session, who, article, "edit", {**content_of(article), **asked})
    return article


def restore(
    session: Session, who: Principal, article_id: uuid.UUID, version: int, number: int, reason: str
) -> Article:
    """Let an article say again what it said in an earlier version, as its newest."""
    article = hold(session, who, article_id, version)
    earlier = versions.find(session, who, article_id, number)
    content = {**earlier.content, "publish_at": content_of(article)["publish_at"]}
    write(session, who, article, "restore", content, reason, restored=number)
    return article


def discard(
    session: Session, who: Principal, article_id: uuid.UUID, version: int, reason: str
) -> Article:
    """Give up what was never public, or is not meant to be again; writing in it brings it back."""
    article = hold(session, who, article_id, version)
    step(session, article, "discard", who, reason)
    return article


def begin(
    session: Session, who: Principal, action: str, content: Content, state: State, **facts: Any
) -> Article:
    """A new article, `action` being its first step; `facts` are columns that no content has."""
    now = clock.now()
    made = {"made_by": who.key, "made_at": now, "changed_by": who.key, "changed_at": now}
    article = Article(id=new_id(), state=state, version=0, pending=False, **made, **facts)
    fill(article, content)
    session.add(article)
    session.flush()  # its first version points to it
    pictures.attach(session, who, article.id, content, EMPTY)
    step(session, article, action, who)
    return article


def write(
    session: Session,
    who: Principal,
    article: Article,
    action: str,
    content: Content,
    reason: str | None = None,
    **told: Any,
) -> None:
    """Let an article say this, as its next version; nothing happens when it does already."""
    before = content_of(article)
    changes = [name for name, value in content.items() if before[name] != value]
    if not changes:
        return
    if who != SYSTEM:
        _check(who, content, was_public=article.public_version is not None)
        pictures.attach(session, who, article.id, content, before)
    if action == "edit" and article.state == State.DRAFT:
        _forget_saving(session, article, who)
    fill(article, content)
    public = public_content(session, article)
    article.pending = article.state == State.PUBLISHED and content != public
    step(session, article, action, who, reason, changes=changes, **told)


def _forget_saving(session: Session, article: Article, who: Principal) -> None:
    """Drop the last version if the one to come stands for it: the same person's, just now."""
    last = session.get_one(Version, (article.id, article.version))
    if (last.step, last.actor) == ("edit", who.key) and _slot(last.at) == _slot(clock.now()):
        session.delete(last)


def _slot(at: datetime) -> int:
    return int(at.timestamp()) // SLOT


def _check(who: Principal, content: Mapping[str, Any], *, was_public: bool) -> None:
    """Raise Invalid for codes that the province has not, another's agency, a time too far ahead."""
    known = {
        "categories": rules().categories,
        "topics": push.topics(),
        "areas": areas.reference().areas,
    }
    for name, codes in known.items():
        if not set(content[name]) <= set(codes):
            raise Invalid(**{name: "article.unknown_code"})
    _check_agency(who, content["agency"])
    at = content["publish_at"]
    if at and datetime.fromisoformat(at) > clock.now() + FARTHEST:
        raise Invalid(publish_at="article.too_far_ahead")
    if content["correction"] and not was_public:
        raise Invalid(correction="article.correction_of_public")


def _check_agency(who: Principal, agency: str | None) -> None:
    if who.scope(Action.WRITE_CONTENT) is Scope.AGENCY and agency != who.agency:
        raise Invalid(agency="article.own_agency")
    if agency is not None:
        areas.agency(agency)
