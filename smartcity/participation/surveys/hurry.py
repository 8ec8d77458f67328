"""Answers that were hurried: set aside as they come, counted when an officer says so."""

import uuid

from sqlalchemy import update
from sqlalchemy.orm import Session

from smartcity.audit import service as audit
from smartcity.identity.permissions import Principal
from smartcity.participation.models import SurveyResponse
from smartcity.participation.surveys.survey import SURVEY
from smartcity.registers import service as registers


def count_hurried(
    session: Session, officer: Principal, survey_id: uuid.UUID, reason: str, *, counted: bool
) -> int:
    """Count the hurried answers that there are, or set them aside again: how many changed.

    What comes later waits anew. Audited.
    """
    survey = registers.found(session, SURVEY, survey_id)
    theirs = SurveyResponse.survey_id == survey.id, SurveyResponse.hurried
    change = update(SurveyResponse).where(*theirs, SurveyResponse.counted.is_(not counted))
    options = {"synchronize_session": False, "preserve_rowcount": True}
    result = session.execute(change.values(counted=counted), execution_options=options)
    changed: int = result.rowcount  # type: ignore[attr-defined]
    deed = f"survey.{'count_hurried' if counted else 'set_hurried_aside'}"
    audit.record(session, officer.key, deed, ("survey", survey.id), reason=reason, answers=changed)
    return changed
