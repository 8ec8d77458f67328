"""Reminding officers of what is due in a day, and of what is due now."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from smartcity.core import clock
from smartcity.core.db import transaction
from smartcity.participation.models import Question
from smartcity.participation.questions.states import State, next_watch
from smartcity.participation.questions.telling import tell_agency, tell_moderators

_AT_ONCE = 100  # questions in one transaction


def remind() -> None:
    """Tell of every question whose reminder is due, each once."""
    while True:
        with transaction() as session:
            found = _due(session, clock.now())
            for question in found:
                _remind(session, question)
        if len(found) < _AT_ONCE:
            return


def _due(session: Session, now: datetime) -> Sequence[Question]:
    query = select(Question).where(Question.watch_at <= now).order_by(Question.watch_at)
    return session.scalars(query.limit(_AT_ONCE).with_for_update(skip_locked=True)).all()


def _remind(session: Session, question: Question) -> None:
    """Its version stays: nothing happened to the question."""
    now = clock.now()
    tell = tell_agency if question.state == State.FORWARDED else tell_moderators
    tell(session, question, "overdue" if question.due_at <= now else "due_soon")
    question.watch_at = next_watch(question, now)
