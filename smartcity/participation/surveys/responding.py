"""A survey as somebody takes it, and the one answer of his account.

No record tells who answered: the row stands under a keyed digest, without the hour; the deed is not
audited, and no idempotency key is kept: the same answer again is known by itself.
"""

from math import floor
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from smartcity.core import clock
from smartcity.core.db import insert_if_absent
from smartcity.core.envelope import blind
from smartcity.core.errors import Conflict, NotFound
from smartcity.core.signing import mac, verifies
from smartcity.identity.permissions import Principal
from smartcity.participation.eligibility import refuse_unless_eligible
from smartcity.participation.models import SurveyResponse
from smartcity.participation.surveys.answers import checked, least_seconds
from smartcity.participation.surveys.survey import SURVEY
from smartcity.participation.windows import refuse_outside
from smartcity.registers import service as registers
from smartcity.registers.service import Entry, Record

_START = "survey.start"


def form(session: Session, who: Principal, survey_id: UUID) -> dict[str, object]:
    """The open questions, and the proof of when they were shown; Conflict outside the window."""
    survey = _running(registers.public_entry(session, SURVEY, survey_id))
    answered = session.get(SurveyResponse, (survey.id, respondent(survey.id, UUID(who.id))))
    asked = [question for question in survey.record["questions"] if not question["closed"]]
    return {"start": _shown_now(survey, who), "answered": answered is not None, "questions": asked}


def respond(session: Session, who: Principal, survey_id: UUID, asked: Record) -> SurveyResponse:
    """Keep an account's answers; the same again are no error.

    Conflict outside the window and for other answers than before, Invalid and Forbidden as
    `checked` and `refuse_unless_eligible` raise them. Hurried ones wait for an officer.
    """
    survey = _running(_held(session, survey_id))
    refuse_unless_eligible(survey.record["eligibility"], who, asked)
    questions = survey.record["questions"]
    answers = checked(questions, asked["answers"])
    seconds = _seconds_since(asked["start"], survey, who)
    hurried = seconds is None or seconds < least_seconds(questions)
    row = (survey.id, respondent(survey.id, UUID(who.id)))
    fresh = insert_if_absent(
        session,
        SurveyResponse,
        survey_id=row[0],
        respondent=row[1],
        answers=answers,
        ward=asked["ward"] if survey.record["ask_ward"] else None,
        seconds=seconds or 0,
        hurried=hurried,
        counted=not hurried,
        at=_today(),
    )
    kept = session.get_one(SurveyResponse, row)
    if not fresh and kept.answers != answers:
        raise Conflict("survey.answered")
    return kept


def respondent(survey_id: UUID, citizen_id: UUID) -> str:
    """Under what an account's answers to a survey are kept."""
    return blind("survey", f"{survey_id}:{citizen_id}")


def _held(session: Session, survey_id: UUID) -> Entry:
    """A public survey whose questions nobody changes before this transaction ends."""
    query = select(Entry).where(*registers.is_public(SURVEY), Entry.id == survey_id)
    survey = session.scalar(query.with_for_update(read=True, key_share=True))
    if survey is None:
        raise NotFound("register.not_found")
    return survey


def _running(survey: Entry) -> Entry:
    refuse_outside(survey.record["opens"], survey.record["closes"])
    return survey


def _today() -> object:
    return clock.now().astimezone(clock.LOCAL).replace(hour=0, minute=0, second=0, microsecond=0)


def _shown_now(survey: Entry, who: Principal) -> str:
    at = str(floor(clock.now().timestamp()))
    return f"{at}.{mac(_START, _start(survey, who, at))}"


def _seconds_since(start: str | None, survey: Entry, who: Principal) -> int | None:
    """How long ago the questions were shown to this account, in seconds; None without proof."""
    at, _, proof = (start or "").partition(".")
    if not verifies(_START, _start(survey, who, at), proof):
        return None
    return floor(clock.now().timestamp()) - int(at)


def _start(survey: Entry, who: Principal, at: str) -> str:
    return f"{survey.id}:{who.id}:{at}"
