"""The officers' queue: what is due first stands first."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import ColumnElement, and_, not_, select
from sqlalchemy.orm import Session

from smartcity.areas import service as areas
from smartcity.core import clock
from smartcity.core.export import list_lines
from smartcity.core.paging import Page, oldest_first
from smartcity.core.text import fold
from smartcity.core.texts import text
from smartcity.identity.permissions import Action, Principal
from smartcity.participation.models import Question
from smartcity.participation.questions.fields import fields
from smartcity.participation.questions.states import OPEN, State, reach

COLUMNS = (
    *("number", "state", "field", "agency", "asked_at", "due_at", "answered_at", "published_at"),
    *("private", "text", "shown", "answer", "reason"),
)
_WAITING = (*OPEN, State.ANSWERED)
_KEYS = (Question.due_at, Question.id)


def listed(session: Session, who: Principal, asked: Mapping[str, Any]) -> Page[Question]:
    """The questions within an officer's reach that the filters name."""
    query = select(Question).where(reach(who, Action.READ_QUESTIONS), *_wanted(asked))
    return oldest_first(session, query, _KEYS, asked)


def lines(who: Principal, asked: Mapping[str, Any]) -> Iterator[str]:
    """The list as CSV, piece by piece, 100,000 questions at most."""
    headings = [text(f"question.column.{name}") for name in COLUMNS]
    return list_lines(headings, lambda session, page: listed(session, who, page), asked, _cells)


def overdue() -> ColumnElement[bool]:
    """That an answer is awaited past its day."""
    return and_(Question.state.in_(OPEN), Question.due_at < clock.now())


def _wanted(asked: Mapping[str, Any]) -> Iterator[ColumnElement[bool]]:
    yield Question.state.in_(asked.get("state") or _WAITING)
    for name in ("agency", "field"):
        if asked.get(name):
            yield getattr(Question, name) == asked[name]
    if "overdue" in asked:
        yield overdue() if asked["overdue"] else not_(overdue())
    for word in fold(asked.get("q") or "").split():
        yield Question.folded.contains(word, autoescape=True)


def _cells(question: Question) -> list[object]:
    shown = {name: getattr(question, name) for name in COLUMNS}
    agency = areas.reference().agencies.get(question.agency or "")
    field = fields().get(question.field)
    times = {name: _written(shown[name]) for name in COLUMNS if name.endswith("_at")}
    named = {
        "state": text(f"question.state.{question.state}"),
        "field": field.vi if field else question.field,
        "agency": agency.name_vi if agency else "",
        "private": text(f"question.private.{question.private}".lower()),
    }
    return list((shown | times | named).values())


def _written(at: Any) -> str:
    return at.astimezone(clock.LOCAL).isoformat(timespec="seconds") if at else ""
