"""What came of a survey: figures for everybody, all answers without persons for officers."""

import uuid
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from smartcity.areas import service as areas
from smartcity.core import clock
from smartcity.core.cache import Remembered
from smartcity.core.context import per_app
from smartcity.core.errors import Conflict
from smartcity.core.export import list_lines
from smartcity.core.paging import Page, newest_first
from smartcity.core.texts import text
from smartcity.participation.models import SurveyResponse
from smartcity.participation.surveys.figures import FEW, Tally, figures, tallied
from smartcity.participation.surveys.survey import SURVEY
from smartcity.registers import service as registers
from smartcity.registers.service import Entry, Record
from smartcity.settings import Settings

_Key = tuple[uuid.UUID, int, int, int]  # survey, version, how many count: unhurried, hurried
_COLUMNS = ("day", "ward", "seconds", "hurried", "counted")


def public(session: Session, survey_id: uuid.UUID) -> dict[str, Any]:
    """The figures that everybody may read; Conflict before it closed, unless they are open."""
    survey = registers.public_entry(session, SURVEY, survey_id)
    closes = datetime.fromisoformat(survey.record["closes"])
    if clock.now() < closes and not survey.record["open_results"]:
        raise Conflict("survey.results_later", closes=clock.written(closes))
    return _told(session, survey, FEW)


def whole(session: Session, survey_id: uuid.UUID) -> dict[str, Any]:
    """All figures at any time, and how many answers were hurried; NotFound."""
    survey = registers.found(session, SURVEY, survey_id)
    counts = _counts(session, survey)
    hurried, waiting = counts[True, True] + counts[True, False], counts[True, False]
    return {**_told(session, survey, 0), "hurried": hurried, "waiting": waiting}


def lines(session: Session, survey_id: uuid.UUID) -> Iterator[str]:
    """Every answer as CSV, nobody's name with it; 100,000 at most, the newest day first."""
    questions = registers.found(session, SURVEY, survey_id).record["questions"]
    headings = [text(f"survey.column.{name}") for name in _COLUMNS]
    headings += [question["text"] for question in questions]
    return list_lines(headings, _page, {"survey": survey_id}, lambda row: _cells(questions, row))


def _told(session: Session, survey: Entry, few: int) -> dict[str, Any]:
    questions = survey.record["questions"]
    counts = _counts(session, survey)
    key = (survey.id, survey.version, counts[False, True], counts[True, True])
    tallies = _tallies()(key, lambda _: tallied(questions, _counted(session, survey)))
    closes = datetime.fromisoformat(survey.record["closes"])
    told = figures(questions, tallies, few=few)
    return {"answered": key[2] + key[3], "closes": closes, "questions": told}


def _counts(session: Session, survey: Entry) -> Counter[tuple[bool, bool]]:
    """How many answers there are, by whether they were hurried and whether they count."""
    kinds = SurveyResponse.hurried, SurveyResponse.counted
    query = select(*kinds, func.count()).where(SurveyResponse.survey_id == survey.id)
    return Counter({(h, c): people for h, c, people in session.execute(query.group_by(*kinds))})


def _counted(session: Session, survey: Entry) -> Iterator[Any]:
    """The ward and the answers of each response that counts."""
    query = select(SurveyResponse.ward, SurveyResponse.answers)
    query = query.where(SurveyResponse.survey_id == survey.id, SurveyResponse.counted)
    yield from session.execute(query.execution_options(yield_per=1_000))


@per_app
def _tallies(_settings: Settings) -> Remembered[_Key, dict[str, Tally]]:
    """As many answers are the same ones: unhurried ones only come, hurried ones count in turn."""
    return Remembered(timedelta(minutes=10), 200)


def _page(session: Session, asked: Mapping[str, Any]) -> Page[SurveyResponse]:
    query = select(SurveyResponse).where(SurveyResponse.survey_id == asked["survey"])
    return newest_first(session, query, (SurveyResponse.at, SurveyResponse.respondent), asked)


def _cells(questions: list[Record], row: SurveyResponse) -> list[object]:
    ward = areas.reference().areas.get(row.ward or "")
    day = row.at.astimezone(clock.LOCAL).date()
    told = [day, ward and ward.name_vi, row.seconds, *map(_yes, (row.hurried, row.counted))]
    return [*told, *(_answer(question, row.answers) for question in questions)]


def _yes(true: bool) -> str:
    return text("survey.yes" if true else "survey.no")


def _answer(question: Record, answers: Record) -> object:
    """An answer in the words of its options."""
    given = answers.get(question["id"])
    named = {option["id"]: option["text"] for option in question["options"]}
    chosen = given if isinstance(given, list) else [given]
    return "; ".join(named[one] for one in chosen if one) if named else given
