"""Questions as who asked and officers read them."""

from typing import Any

from sqlalchemy.orm import Session

from smartcity.identity.permissions import Principal
from smartcity.participation.marking import marks, suggested
from smartcity.participation.models import Question, QuestionStep
from smartcity.participation.questions.asking import steps_of
from smartcity.participation.questions.states import allowed

_FOR_THE_ASKER = {"refuse", "retract", "correct", "unpublish"}  # whose reasons are meant for him


def told(question: Question, who: Principal) -> dict[str, Any]:
    """A question as an officer reads it: who asked stands nowhere."""
    columns = {column.key: getattr(question, column.key) for column in Question.__table__.columns}
    acted = {"changed_by": _officer(question.changed_by), "allowed": allowed(question, who)}
    return {**columns, **acted}


def whole(session: Session, question: Question, who: Principal) -> dict[str, Any]:
    """The same with its steps, and what a moderator looks at twice."""
    steps = [
        {**_columns(step), "actor": _officer(step.actor)} for step in steps_of(session, question)
    ]
    looked = {"marks": marks(question.text), "suggested": suggested(question.text)}
    return {**told(question, who), **looked, "steps": steps}


def own(session: Session, question: Question) -> dict[str, Any]:
    """A question as who asked reads it, with its timeline."""
    columns = {column.key: getattr(question, column.key) for column in Question.__table__.columns}
    return {**columns, "timeline": [_own_step(step) for step in steps_of(session, question)]}


def _own_step(step: QuestionStep) -> dict[str, Any]:
    meant = step.reason if step.step in _FOR_THE_ASKER else None
    return {**_columns(step), "reason": meant}


def _columns(step: QuestionStep) -> dict[str, Any]:
    names = ("number", "step", "actor", "at", "agency", "reason", "answer")
    return {name: getattr(step, name) for name in names}


def _officer(actor: str) -> str:
    return "citizen" if actor.startswith("citizen:") else actor
