"""What the agency does that has a question."""

import uuid

from sqlalchemy.orm import Session

from smartcity.core import clock
from smartcity.identity.permissions import Principal
from smartcity.participation.models import Question
from smartcity.participation.questions import publication
from smartcity.participation.questions.states import State, hold, step
from smartcity.participation.questions.telling import tell_asker, tell_moderators


def answer(
    session: Session, who: Principal, question_id: uuid.UUID, version: int, answer: str
) -> Question:
    """Answer a question: the citizen reads it at once, the public when it is published."""
    question = hold(session, who, question_id, version, "answer")
    question.answer, question.answered_at = answer, clock.now()
    step(session, question, "answer", who)
    tell_asker(session, question, "answer")
    return question


def retract(
    session: Session, who: Principal, question_id: uuid.UUID, version: int, reason: str
) -> Question:
    """Take an answer back that is not public yet, to give another; the time runs on."""
    question = hold(session, who, question_id, version, "retract")
    question.answer = question.answered_at = None
    step(session, question, "retract", who, reason)
    tell_asker(session, question, "retract")
    return question


def correct(
    session: Session, who: Principal, question_id: uuid.UUID, version: int, answer: str, note: str
) -> Question:
    """Put another answer in the place of the first; a public one tells that it was, and why."""
    question = hold(session, who, question_id, version, "correct")
    question.answer = answer
    step(session, question, "correct", who, note)
    tell_asker(session, question, "correct")
    if question.state == State.PUBLISHED:
        publication.bring_out(session, question)
    return question


def return_to_moderators(
    session: Session, who: Principal, question_id: uuid.UUID, version: int, reason: str
) -> Question:
    """Give a question back that is another's to answer."""
    question = hold(session, who, question_id, version, "return")
    step(session, question, "return", who, reason)
    tell_moderators(session, question, "returned", reason=reason)
    question.agency = None
    return question
