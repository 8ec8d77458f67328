"""The demonstration's questions: answered ones, whose days count back from the day of loading."""

import uuid
from collections.abc import Mapping
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import marshmallow as ma
from marshmallow import validate
from sqlalchemy.orm import Session

from smartcity.areas import service as areas
from smartcity.core import clock
from smartcity.core.datafile import read_yaml, refuse, repeated
from smartcity.core.fields import Schema, Text
from smartcity.identity.permissions import SYSTEM
from smartcity.participation.models import Question
from smartcity.participation.questions import publication
from smartcity.participation.questions.asking import made
from smartcity.participation.questions.fields import fields
from smartcity.participation.questions.states import State, folded, keep

FILE = Path("participation") / "questions.yaml"
_KEYS = uuid.UUID("3f7c2c1e-6d0b-4f0e-9a51-2c8f6f9f5c11")  # ids follow from keys: loaded once
_ASKED, _ANSWERED = time(9), time(15, 30)
_AGO = validate.Regexp(r"-\d{1,3}d\Z", error="field.invalid")


class _Question(Schema):
    key = Text(max=80, required=True)
    asked_on = ma.fields.String(required=True, validate=_AGO)
    field = Text(max=40, required=True)
    text = Text(max=4_000, lines=True, required=True)
    agency = Text(max=40, required=True)
    answer = Text(max=10_000, lines=True, required=True)
    answered_on = ma.fields.String(required=True, validate=_AGO)


class _File(_Question):
    def __init__(self) -> None:
        super().__init__(many=True)


def load_questions(session: Session, province_dir: Path) -> None:
    """Bring in the answered questions of the file that are not there; BadFile names its faults."""
    file = province_dir / FILE
    rows = read_yaml(file, _File)
    agencies = areas.reference_in(session).agencies
    unknown = [row["agency"] for row in rows if row["agency"] not in agencies]
    unknown += [row["field"] for row in rows if row["field"] not in fields()]
    refuse(file, [*repeated(row["key"] for row in rows), *(f"{name}: unknown" for name in unknown)])
    for row in rows:
        ident = uuid.uuid5(_KEYS, row["key"])
        if session.get(Question, ident) is None:
            _bring(session, ident, row)


def _bring(session: Session, ident: uuid.UUID, row: Mapping[str, Any]) -> None:
    question = made(session, row, _day(row["asked_on"], _ASKED), None)
    question.id, question.demo, question.changed_by = ident, True, SYSTEM.key
    question.shown, question.agency, question.answer = row["text"], row["agency"], row["answer"]
    answered_at = _day(row["answered_on"], _ANSWERED)
    question.answered_at = question.published_at = answered_at
    session.add(question)
    session.flush()
    for version, (action, at) in enumerate(_steps(question.asked_at, answered_at), 1):
        question.version, question.changed_at = version, at
        keep(session, question, action, SYSTEM)
    question.state, question.watch_at = State.PUBLISHED, None
    question.folded = folded(question)
    publication.bring_out(session, question)


def _steps(asked_at: datetime, answered_at: datetime) -> tuple[tuple[str, datetime], ...]:
    before = (("ask", asked_at), ("forward", asked_at))
    return *before, ("answer", answered_at), ("publish", answered_at)


def _day(ago: str, at: time) -> datetime:
    today = clock.now().astimezone(clock.LOCAL).date()
    day = today - timedelta(days=int(ago[1:-1]))
    return datetime.combine(day, at, clock.LOCAL)
