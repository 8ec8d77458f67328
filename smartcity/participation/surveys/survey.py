"""The register of surveys (khảo sát)."""

from collections.abc import Iterable
from typing import Any

import marshmallow as ma
from marshmallow import validate
from sqlalchemy import select
from sqlalchemy.orm import Session

from smartcity.core.errors import Invalid
from smartcity.core.fields import Instant
from smartcity.identity.permissions import Action
from smartcity.participation.eligibility import eligibility_field
from smartcity.participation.models import SurveyResponse
from smartcity.participation.surveys.questions import (
    MOST_QUESTIONS,
    SurveyQuestionSchema,
    refuse_repeated,
)
from smartcity.registers import service as registers
from smartcity.registers.service import Entry, Kind, Record

_OPENS = {"example": "2026-11-22T08:00:00+07:00"}
_CLOSES = {"description": "Answers are taken until then", "example": "2026-12-22T17:00:00+07:00"}
_ASK_WARD = {"description": "Whether people are asked for their commune, for figures by commune"}
_OPEN_RESULTS = {"description": "The public reads the figures while it runs, too"}


class SurveyIn(registers.RecordIn):
    """A survey. Once somebody answered, a question stays as it is; it can only be closed."""

    opens = Instant(required=True, metadata=_OPENS)
    closes = Instant(required=True, metadata=_CLOSES)
    eligibility = eligibility_field()
    ask_ward = ma.fields.Boolean(load_default=False, metadata=_ASK_WARD)
    open_results = ma.fields.Boolean(load_default=False, metadata=_OPEN_RESULTS)
    questions = ma.fields.List(
        ma.fields.Nested(SurveyQuestionSchema),
        required=True,
        validate=validate.Length(1, MOST_QUESTIONS),
    )

    @ma.validates_schema
    def _different(self, survey: dict[str, Any], **_: Any) -> None:
        refuse_repeated(survey["questions"], "questions")


def _check(session: Session, entry: Entry, record: Record | None) -> None:
    """Invalid names `questions` where answers would come to stand under other words."""
    if record is None or not entry.published_at:
        return
    changed = _worded(entry.record["questions"]) != _worded(record["questions"])
    if changed and is_answered(session, entry):
        raise Invalid(questions="survey.already_answered")


def is_answered(session: Session, entry: Entry) -> bool:
    """Whether anybody has answered."""
    one = select(SurveyResponse.survey_id).where(SurveyResponse.survey_id == entry.id).limit(1)
    return session.scalar(one) is not None


def _worded(questions: Iterable[Record]) -> list[dict[str, Any]]:
    return [{**question, "closed": None} for question in questions]


SURVEY = Kind(
    name="survey",
    path="surveys",
    one="survey",
    many="surveys",
    title="Khảo sát",
    schema=SurveyIn,
    in_card=("title", "title_en", "about", "about_en", "opens", "closes", "open_results"),
    read=Action.READ_PARTICIPATION,
    manage=Action.MANAGE_PARTICIPATION,
    window=("opens", "closes"),
    check=_check,
)
