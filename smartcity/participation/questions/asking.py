"""What a citizen does: he asks, sees what became of it, and may take it back before the answer."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from smartcity.audit.service import record
from smartcity.core import clock
from smartcity.core.db import one_at_a_time
from smartcity.core.errors import NotFound
from smartcity.core.ids import new_id
from smartcity.core.paging import Page, newest_first
from smartcity.identity.permissions import Action, Principal
from smartcity.participation.models import Question, QuestionStep
from smartcity.participation.questions.fields import due
from smartcity.participation.questions.states import State, folded, hold, keep, next_watch, reach
from smartcity.participation.questions.states import step as take_step

_KEYS = (Question.asked_at, Question.id)


def ask(session: Session, citizen: Principal, asked: Mapping[str, Any]) -> Question:
    """Take a question in, numbered and with the day of its answer; Invalid for an unknown field."""
    now = clock.now()
    question = made(session, asked, now, uuid.UUID(citizen.id))
    question.changed_by = citizen.key
    session.add(question)
    session.flush()
    keep(session, question, "ask", citizen)
    subject = ("question", question.id)
    record(session, citizen.key, "question.ask", subject, number=question.number)
    return question


def made(
    session: Session, asked: Mapping[str, Any], at: datetime, citizen_id: uuid.UUID | None
) -> Question:
    """A question received at an instant: its number, and when its answer is due."""
    question = Question(
        id=new_id(),
        number=next_number(session, at),
        citizen_id=citizen_id,
        state=State.RECEIVED,
        version=1,
        field=asked["field"],
        text=asked["text"],
        private=asked.get("private", False),
        demo=False,
        asked_at=at,
        due_at=due(asked["field"], at),
        changed_at=at,
    )
    question.folded, question.watch_at = folded(question), next_watch(question, at)
    return question


def next_number(session: Session, at: datetime) -> str:
    """HD-2026-000123: the next of the year, without gaps."""
    year = f"HD-{at.astimezone(clock.LOCAL).year}-"
    one_at_a_time(session, f"questions:{year}")
    numbers = select(func.max(Question.number)).where(Question.number.startswith(year))
    last = session.scalar(numbers)
    return f"{year}{int(last.removeprefix(year)) + 1 if last else 1:06d}"


def withdraw(
    session: Session, citizen: Principal, question_id: uuid.UUID, version: int
) -> Question:
    """Take one's question back; Conflict once it was answered."""
    question = hold(session, citizen, question_id, version, "withdraw")
    take_step(session, question, "withdraw", citizen)
    return question


def listed(session: Session, citizen: Principal, asked: Mapping[str, Any]) -> Page[Question]:
    """One's own questions, asked last first."""
    query = select(Question).where(reach(citizen, Action.TAKE_PART))
    if asked.get("state"):
        query = query.where(Question.state == asked["state"])
    return newest_first(session, query, _KEYS, asked)


def found(session: Session, who: Principal, action: Action, question_id: uuid.UUID) -> Question:
    """A question within somebody's reach; NotFound."""
    query = select(Question).where(Question.id == question_id, reach(who, action))
    question = session.scalar(query)
    if question is None:
        raise NotFound("question.not_found")
    return question


def steps_of(session: Session, question: Question) -> list[QuestionStep]:
    """What happened to a question, first to last."""
    query = select(QuestionStep).where(QuestionStep.question_id == question.id)
    return list(session.scalars(query.order_by(QuestionStep.number)))
