"""Before an agency has a question, and before the public has its answer."""

import uuid

from sqlalchemy.orm import Session

from smartcity.areas import service as areas
from smartcity.core import clock
from smartcity.core.errors import Conflict, Invalid
from smartcity.identity.permissions import Principal
from smartcity.participation.marking import refuse_marked
from smartcity.participation.models import Question
from smartcity.participation.questions import publication
from smartcity.participation.questions.states import hold, step
from smartcity.participation.questions.telling import tell_agency, tell_asker


def forward(
    session: Session,
    who: Principal,
    question_id: uuid.UUID,
    version: int,
    agency: str,
    shown: str,
) -> Question:
    """Hand a question to the agency that answers it, in the words that the public may read.

    Invalid for an agency that gets no work, and for words that may not be public.
    """
    question = hold(session, who, question_id, version, "forward")
    refuse_marked(shown, "shown")
    question.agency, question.shown = areas.agency(agency).code, shown
    question.reason = None
    step(session, question, "forward", who)
    tell_asker(session, question, "forward")
    tell_agency(session, question, "forwarded")
    return question


def recall(
    session: Session, who: Principal, question_id: uuid.UUID, version: int, reason: str
) -> Question:
    """Take a question back from the agency, to go to another."""
    question = hold(session, who, question_id, version, "recall")
    step(session, question, "recall", who, reason)
    question.agency = None
    return question


def refuse(
    session: Session, who: Principal, question_id: uuid.UUID, version: int, reason: str
) -> Question:
    """Answer nothing, and tell the citizen why."""
    question = hold(session, who, question_id, version, "refuse")
    question.reason = reason
    step(session, question, "refuse", who, reason)
    tell_asker(session, question, "refuse")
    return question


def reopen(
    session: Session, who: Principal, question_id: uuid.UUID, version: int, reason: str
) -> Question:
    """Undo a refusal."""
    question = hold(session, who, question_id, version, "reopen")
    question.reason = None
    step(session, question, "reopen", who, reason)
    tell_asker(session, question, "reopen")
    return question


def publish(
    session: Session,
    who: Principal,
    question_id: uuid.UUID,
    version: int,
    shown: str | None = None,
) -> Question:
    """Let everybody read question and answer, in other words where `shown` is given.

    Conflict where the citizen asked for an answer to himself; Invalid for words that may not be
    public.
    """
    question = hold(session, who, question_id, version, "publish")
    if question.private:
        raise Conflict("question.private")
    question.shown = shown or question.shown
    if question.shown is None:
        raise Invalid(shown="field.required")
    refuse_marked(question.shown, "shown")
    question.published_at = question.published_at or clock.now()
    step(session, question, "publish", who)
    tell_asker(session, question, "publish")
    publication.bring_out(session, question)
    return question


def unpublish(
    session: Session, who: Principal, question_id: uuid.UUID, version: int, reason: str
) -> Question:
    """Take question and answer from the public; the citizen keeps his answer."""
    question = hold(session, who, question_id, version, "unpublish")
    step(session, question, "unpublish", who, reason)
    publication.take_back(session, question)
    return question
