"""The one table of a question's states, and of who may change them.

A step is named by the trade's verb; steps kept and the audit carry the same word. Nothing changes a
state but a row of `STEPS`; each has another that undoes it, but for what a citizen takes back.
"""

import uuid
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import Session

from smartcity.audit.service import record
from smartcity.core import clock
from smartcity.core.db import insert, lock_row
from smartcity.core.errors import Conflict, NotFound, PreconditionFailed
from smartcity.core.text import fold
from smartcity.core.texts import text
from smartcity.identity.permissions import Action, Principal, Scope
from smartcity.participation.models import Question, QuestionStep

BEFORE = timedelta(days=1)


class State(StrEnum):
    """How a question stands."""

    RECEIVED = "received"
    FORWARDED = "forwarded"
    ANSWERED = "answered"
    PUBLISHED = "published"
    UNPUBLISHED = "unpublished"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


OPEN = frozenset({State.RECEIVED, State.FORWARDED})  # an answer is awaited
S = State


class Row(NamedTuple):
    """From these states to that one (None: it stays), for who has the right."""

    sources: frozenset[State]
    target: State | None
    needs: Action


STEPS: dict[str, Row] = {
    "forward": Row(frozenset({S.RECEIVED}), S.FORWARDED, Action.MODERATE_VOICES),
    "recall": Row(frozenset({S.FORWARDED}), S.RECEIVED, Action.MODERATE_VOICES),
    "return": Row(frozenset({S.FORWARDED}), S.RECEIVED, Action.ANSWER_QUESTIONS),
    "refuse": Row(frozenset({S.RECEIVED}), S.REFUSED, Action.MODERATE_VOICES),
    "reopen": Row(frozenset({S.REFUSED}), S.RECEIVED, Action.MODERATE_VOICES),
    "answer": Row(frozenset({S.FORWARDED}), S.ANSWERED, Action.ANSWER_QUESTIONS),
    "retract": Row(frozenset({S.ANSWERED}), S.FORWARDED, Action.ANSWER_QUESTIONS),
    "correct": Row(frozenset({S.ANSWERED, S.PUBLISHED}), None, Action.ANSWER_QUESTIONS),
    "publish": Row(frozenset({S.ANSWERED, S.UNPUBLISHED}), S.PUBLISHED, Action.MODERATE_VOICES),
    "unpublish": Row(frozenset({S.PUBLISHED}), S.UNPUBLISHED, Action.MODERATE_VOICES),
    "withdraw": Row(OPEN, S.WITHDRAWN, Action.TAKE_PART),
}
_ANSWERING = {"answer", "correct"}


def hold(
    session: Session, who: Principal, question_id: uuid.UUID, version: int, action: str
) -> Question:
    """A question, held until the transaction ends, for a step that its state allows.

    NotFound out of one's reach, 412 when it is at another version, Conflict in a wrong state.
    """
    within = reach(who, STEPS[action].needs)
    question = lock_row(session, select(Question), Question.id == question_id, within)
    if question is None:
        raise NotFound("question.not_found")
    if question.version != version:
        raise PreconditionFailed("precondition.failed")
    if question.state not in STEPS[action].sources:
        raise Conflict("question.not_now", state=text(f"question.state.{question.state}"))
    return question


def step(
    session: Session, question: Question, action: str, who: Principal, reason: str | None = None
) -> None:
    """Take a step that was checked: a new version, kept and audited."""
    was, now = question.state, clock.now()
    question.state = STEPS[action].target or was
    question.version += 1
    question.changed_by, question.changed_at = who.key, now
    question.folded, question.watch_at = folded(question), next_watch(question, now)
    session.flush()
    keep(session, question, action, who, reason)
    record(
        session,
        who.key,
        f"question.{action}",
        ("question", question.id),
        before={"state": was},
        after={"state": question.state},
        agency=question.agency,
    )


def keep(
    session: Session, question: Question, action: str, who: Principal, reason: str | None = None
) -> None:
    """Keep what was done under the version that it made; `answer` as it is from now on."""
    answer = question.answer if action in _ANSWERING else None
    told = {"step": action, "actor": who.key, "reason": reason, "agency": question.agency}
    place = {"question_id": question.id, "number": question.version}
    insert(session, QuestionStep, **place, **told, answer=answer, at=question.changed_at)


def next_watch(question: Question, now: datetime) -> datetime | None:
    """The next reminder after an instant; None when there is none to come."""
    if question.state not in OPEN:
        return None
    steps = (question.due_at - BEFORE, question.due_at)
    return next((at for at in steps if at > now), None)


def folded(question: Question) -> str:
    """What filters look in: of what is public no more than the public reads."""
    asked = None if question.state == S.PUBLISHED else question.text
    texts = (question.number, asked, question.shown, question.answer)
    return fold(" ".join(filter(None, texts)))


def allowed(question: Question, who: Principal) -> list[str]:
    """The steps that somebody's rights let him take now, in the table's order."""
    offered = (name for name, row in STEPS.items() if question.state in row.sources)
    return [name for name in offered if _reaches(who, STEPS[name].needs, question)]


def reach(who: Principal, action: Action) -> ColumnElement[bool]:
    """The questions that somebody's right reaches."""
    scope = who.scope(action)
    if scope is Scope.OWN:
        return Question.citizen_id == uuid.UUID(who.id)
    return true() if scope is Scope.ALL else Question.agency == who.agency


def _reaches(who: Principal, action: Action, question: Question) -> bool:
    scope = who.scope(action)
    own = scope is Scope.OWN and str(question.citizen_id) == who.id
    ours = scope is Scope.AGENCY and question.agency == who.agency
    return scope is Scope.ALL or own or ours
