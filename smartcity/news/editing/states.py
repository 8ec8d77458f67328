"""The one table of an article's states, and of who may change them.

An action is named by the trade's verb; the version that it makes and the audit carry the same word.
Nothing changes a state but a row of `STEPS`. The program may take every step.
"""

import uuid
from typing import Any, NamedTuple

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from smartcity.audit.service import record
from smartcity.core import clock
from smartcity.core.db import lock_row
from smartcity.core.errors import Conflict, Forbidden, NotFound, PreconditionFailed
from smartcity.core.texts import text
from smartcity.identity.permissions import SYSTEM, Action, Principal, Scope
from smartcity.news.editing.contents import content_of
from smartcity.news.models import Article, State, Version

S = State
WRITING = ("create", "edit", "restore", "gather", "renew")  # steps that change what it says
_MADE = ("create", "gather")  # the first step of an article
_WRITABLE = frozenset({S.DRAFT, S.PUBLISHED, S.UNPUBLISHED, S.DISCARDED})
# What was approved was another text, so what is written anew has its way before it again.
_WRITTEN = {S.UNPUBLISHED: S.DRAFT, S.DISCARDED: S.DRAFT, S.SCHEDULED: S.IN_REVIEW}


class Row(NamedTuple):
    """From these states to that one; None: it stays, or see `_WRITTEN`. `needs` None: SYSTEM's."""

    sources: frozenset[State]
    target: State | None
    needs: Action | None


def _row(sources: State | frozenset[State], target: State | None, needs: Action | None) -> Row:
    return Row(frozenset({sources}) if isinstance(sources, State) else sources, target, needs)


STEPS: dict[str, Row] = {
    "create": _row(S.DRAFT, None, Action.WRITE_CONTENT),
    "gather": _row(S.IN_REVIEW, None, None),
    "edit": _row(_WRITABLE, None, Action.WRITE_CONTENT),
    "restore": _row(_WRITABLE, None, Action.WRITE_CONTENT),
    "renew": _row(frozenset(S) - {S.DISCARDED}, None, None),
    "submit": _row(S.DRAFT, S.IN_REVIEW, Action.WRITE_CONTENT),
    "withdraw": _row(S.IN_REVIEW, S.DRAFT, Action.WRITE_CONTENT),
    "discard": _row(frozenset({S.DRAFT, S.IN_REVIEW}), S.DISCARDED, Action.WRITE_CONTENT),
    "send_back": _row(S.IN_REVIEW, S.DRAFT, Action.PUBLISH_CONTENT),
    "approve": _row(S.IN_REVIEW, S.PUBLISHED, Action.PUBLISH_CONTENT),
    "schedule": _row(S.IN_REVIEW, S.SCHEDULED, Action.PUBLISH_CONTENT),
    "unschedule": _row(S.SCHEDULED, S.IN_REVIEW, Action.PUBLISH_CONTENT),
    "publish": _row(frozenset({S.IN_REVIEW, S.SCHEDULED}), S.PUBLISHED, None),
    "correct": _row(S.PUBLISHED, None, Action.PUBLISH_CONTENT),
    "pin": _row(S.PUBLISHED, None, Action.PUBLISH_CONTENT),
    "unpin": _row(S.PUBLISHED, None, Action.PUBLISH_CONTENT),
    "unpublish": _row(S.PUBLISHED, S.UNPUBLISHED, Action.PUBLISH_CONTENT),
    "republish": _row(S.UNPUBLISHED, S.PUBLISHED, Action.PUBLISH_CONTENT),
}


def step(
    session: Session,
    article: Article,
    action: str,
    who: Principal,
    reason: str | None = None,
    **told: Any,
) -> None:
    """Take a step: checked, kept as a version, audited with what is `told` beside.

    The caller holds the article's row. Forbidden without the right, Conflict in a wrong state;
    either way nothing was changed.
    """
    check(article, action, who)
    was, article.state = article.state, _next(article, action)
    article.version += 1
    article.changed_at = clock.now()
    if action in WRITING:
        article.changed_by = who.key
    _remember(session, article, action, who, reason)
    before, after = {"state": was}, {"state": article.state, "version": article.version}
    about, told = ("article", article.id), {"reason": reason, **told}
    record(session, who.key, f"article.{action}", about, before=before, after=after, **told)


def visible(who: Principal) -> Select[Article]:
    """All articles, or those of a unit's officer's own agency."""
    if who == SYSTEM or who.scope(Action.READ_CONTENT) is Scope.ALL:
        return select(Article)
    return select(Article).where(Article.agency == (who.agency or ""))


def hold(
    session: Session, who: Principal, article_id: uuid.UUID, version: int | None = None
) -> Article:
    """An article, held until the transaction ends; 412 when it is at another version."""
    article = lock_row(session, visible(who), Article.id == article_id)
    if article is None:
        raise NotFound("article.not_found")
    if version is not None and article.version != version:
        raise PreconditionFailed("precondition.failed")
    return article


def allowed(article: Article, who: Principal) -> list[str]:
    """The steps that a person's rights let him take now, in the table's order.

    Who wrote an article may not approve it all the same: see `approval.py`.
    """
    hidden = {*_MADE} | ({"correct"} if not article.pending else set())
    hidden |= {"unpin"} if article.pinned_until is None else set()
    offered = (name for name, row in STEPS.items() if article.state in row.sources)
    return [name for name in offered if name not in hidden and may(who, name)]


def may(who: Principal, action: str) -> bool:
    """Whether somebody has the right that a step needs."""
    needs = STEPS[action].needs
    return who == SYSTEM or (needs is not None and who.scope(needs) is not Scope.NONE)


def check(article: Article, action: str, who: Principal) -> None:
    """Raise Forbidden without the right to a step, Conflict where the state has no such step."""
    if not may(who, action):
        raise Forbidden("identity.forbidden")
    if article.state not in STEPS[action].sources:
        told = text(f"article.action.{action}"), text(f"article.state.{article.state}")
        raise Conflict("article.not_now", action=told[0], state=told[1])


def _next(article: Article, action: str) -> str:
    if action in WRITING:
        return _WRITTEN.get(State(article.state), article.state)
    return STEPS[action].target or article.state


def _remember(
    session: Session, article: Article, action: str, who: Principal, reason: str | None
) -> None:
    """Every step makes a version, so the version numbers the steps."""
    session.add(
        Version(
            article_id=article.id,
            version=article.version,
            step=action,
            content=content_of(article),
            actor=who.key,
            at=article.changed_at,
            reason=reason,
        )
    )
