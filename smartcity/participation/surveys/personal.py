"""A citizen's answers to surveys: told to him, and taken from him. The figures go on."""

import secrets
import uuid
from collections.abc import Iterator
from typing import Any

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from smartcity.participation.models import SurveyResponse
from smartcity.participation.surveys.questions import Sort
from smartcity.participation.surveys.responding import respondent
from smartcity.participation.surveys.survey import SURVEY
from smartcity.registers.service import Entry


def held_responses(session: Session, citizen_id: uuid.UUID) -> Iterator[dict[str, Any]]:
    """What he answered, survey by survey."""
    for survey, response in _his(session, citizen_id):
        told = {name: getattr(response, name) for name in ("answers", "ward", "at")}
        yield {"survey": survey.title, **told}


def erase_responses(session: Session, citizen_id: uuid.UUID) -> None:
    """What he chose stays in the figures; his words go, and nothing leads to the rest any more."""
    for survey, response in _his(session, citizen_id):
        words = {q["id"] for q in survey.record["questions"] if q["kind"] == Sort.TEXT}
        response.answers = {k: v for k, v in response.answers.items() if k not in words}
        response.respondent = secrets.token_urlsafe(32)


def _his(session: Session, citizen_id: uuid.UUID) -> list[tuple[Entry, SurveyResponse]]:
    surveys = session.scalars(select(Entry).where(Entry.kind == SURVEY.name)).all()
    known = {(survey.id, respondent(survey.id, citizen_id)): survey for survey in surveys}
    row = tuple_(SurveyResponse.survey_id, SurveyResponse.respondent)
    found = session.scalars(select(SurveyResponse).where(row.in_(list(known)))).all()
    return [(known[each.survey_id, each.respondent], each) for each in found]
