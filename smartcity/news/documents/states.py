"""The one table of a document's states, and of who may change them.

An action is named by the trade's verb; the audit carries the same word. Nothing changes a state
but a row of `STEPS`.
"""

import uuid
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import Session

from smartcity.audit.service import record
from smartcity.core import clock
from smartcity.core.db import lock_row
from smartcity.core.errors import Conflict, NotFound, PreconditionFailed
from smartcity.core.texts import text
from smartcity.identity.permissions import Action, Principal, Scope
from smartcity.news.documents.models import Document, State

S = State


class Row(NamedTuple):
    """From these states to that one, for who has the right."""

    sources: frozenset[State]
    target: State
    needs: Action


STEPS: dict[str, Row] = {
    "edit": Row(frozenset({S.DRAFT}), S.DRAFT, Action.WRITE_CONTENT),
    "publish": Row(frozenset({S.DRAFT}), S.PUBLISHED, Action.PUBLISH_CONTENT),
    "withdraw": Row(frozenset({S.DRAFT, S.PUBLISHED}), S.WITHDRAWN, Action.PUBLISH_CONTENT),
    "redraft": Row(frozenset({S.WITHDRAWN}), S.DRAFT, Action.WRITE_CONTENT),
}


def step(session: Session, document: Document, action: str, who: Principal, **told: Any) -> None:
    """Take a step that was checked: a new version, audited with what is `told` beside."""
    was, row = document.state, STEPS[action]
    document.state = row.target
    document.version += 1
    document.changed_at = clock.now()
    record(
        session,
        who.key,
        f"document.{action}",
        ("document", document.id),
        before={"state": was},
        after={"state": document.state},
        number=document.number,
        **told,
    )


def hold(
    session: Session, who: Principal, document_id: uuid.UUID, version: int, action: str
) -> Document:
    """A document, held until the transaction ends, for a step that its state allows.

    NotFound out of one's reach, 412 when it is at another version, Conflict in a wrong state.
    """
    within = reach(who, STEPS[action].needs)
    document = lock_row(session, select(Document), Document.id == document_id, within)
    if document is None:
        raise NotFound("document.not_found")
    if document.version != version:
        raise PreconditionFailed("precondition.failed")
    if document.state not in STEPS[action].sources:
        told = text(f"document.action.{action}"), text(f"document.state.{document.state}")
        raise Conflict("document.not_now", action=told[0], state=told[1])
    return document


def allowed(document: Document, who: Principal) -> list[str]:
    """The steps that a person's rights let him take now, in the table's order.

    Who wrote or last changed a document may not publish it all the same.
    """
    offered = (name for name, row in STEPS.items() if document.state in row.sources)
    return [name for name in offered if may(who, STEPS[name].needs, document.agency)]


def may(who: Principal, action: Action, agency: str) -> bool:
    """Whether somebody's right reaches the documents of an agency."""
    scope = who.scope(action)
    return scope is Scope.ALL or (scope is Scope.AGENCY and agency == who.agency)


def reach(who: Principal, action: Action) -> ColumnElement[bool]:
    """The documents that somebody's right reaches."""
    return true() if who.scope(action) is Scope.ALL else Document.agency == who.agency
