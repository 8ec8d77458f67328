"""A citizen's questions: told to him, and taken from his name. The public answer stays."""

import uuid
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from smartcity.core import clock
from smartcity.core.db import transaction
from smartcity.core.expiry import AT_ONCE, Over
from smartcity.identity.permissions import ERASED, SYSTEM
from smartcity.participation.models import Question, QuestionStep
from smartcity.participation.questions.asking import steps_of
from smartcity.participation.questions.states import OPEN, State, folded, keep

_TOLD = (
    *("number", "state", "field", "agency", "text", "private", "shown", "answer", "reason"),
    *("asked_at", "due_at", "answered_at", "published_at"),
)
_STEP = ("step", "at", "agency")


def held_questions(session: Session, citizen_id: uuid.UUID) -> Iterator[dict[str, Any]]:
    """What he asked, with every step, first to last."""
    query = select(Question).where(Question.citizen_id == citizen_id).order_by(Question.asked_at)
    for question in session.scalars(query.execution_options(yield_per=200)):
        steps = [{name: getattr(s, name) for name in _STEP} for s in steps_of(session, question)]
        yield {**{name: getattr(question, name) for name in _TOLD}, "timeline": steps}


def erase_questions(session: Session, citizen_id: uuid.UUID) -> None:
    """Take his name and his own words from his questions; what waits needs no answer any more."""
    for question in session.scalars(select(Question).where(Question.citizen_id == citizen_id)):
        _forget(session, question)


def questions_over(before: datetime) -> Over:
    """The questions that ended so long ago that nobody is to know any more who asked."""
    ended = Question.state.not_in(OPEN), Question.changed_at < before
    return Over(Question, (Question.citizen_id.is_not(None), *ended))


def forget_askers(over: Over) -> None:
    """Take who asked from questions, each batch in a transaction of its own."""
    batch = select(Question).where(*over.where).limit(AT_ONCE)
    while True:
        with transaction() as session:
            found = session.scalars(batch).all()
            for question in found:
                _forget(session, question)
        if len(found) < AT_ONCE:
            return


def _forget(session: Session, question: Question) -> None:
    """Of the words only those stay that were fit for the public; a private answer goes, too."""
    if question.state in OPEN:
        question.state, question.watch_at = State.WITHDRAWN, None
        question.version, question.changed_at = question.version + 1, clock.now()
        keep(session, question, "withdraw", SYSTEM)
    question.citizen_id = None
    question.text = question.shown or ""
    if question.private:
        question.text, question.shown, question.answer = "", None, None
    if question.changed_by.startswith("citizen:"):
        question.changed_by = ERASED
    question.folded = folded(question)
    steps = update(QuestionStep).where(QuestionStep.question_id == question.id)
    if question.private:
        session.execute(steps.values(answer=None))
    by_citizen = QuestionStep.actor.startswith("citizen:")
    session.execute(steps.where(by_citizen).values(actor=ERASED))
