"""Who is told of a question: the citizen by his inbox and phones, officers by their notices."""

import uuid
from collections.abc import Sequence

from sqlalchemy.orm import Session

from smartcity.areas import service as areas
from smartcity.core import clock
from smartcity.identity import service as identity
from smartcity.identity.permissions import Role
from smartcity.jobs.service import enqueue_all
from smartcity.notices import service as notices
from smartcity.participation.models import Question
from smartcity.push import service as push

CATEGORY = "participation"
_MODERATORS = (Role.IOC_OPERATOR, Role.CONTENT_EDITOR)
_AGENCY = (Role.UNIT_OFFICER, Role.UNIT_LEADER)


def tell_asker(session: Session, question: Question, action: str) -> None:
    """Tell the citizen of the step just taken; nobody, where he is gone."""
    if question.citizen_id is None:
        return
    message = push.message(
        citizen=question.citizen_id,
        source=uuid.uuid5(question.id, str(question.version)),
        at=question.changed_at,
        text=f"push.question.{action}",
        values=_values(question),
        link=f"/me/questions/{question.id}",
        category=CATEGORY,
    )
    enqueue_all(session, [message])


def tell_agency(session: Session, question: Question, text: str) -> None:
    """Tell the agency that has a question; the moderators, where nobody works there."""
    working = identity.active_officers(session, _AGENCY)
    officers = [ident for ident, _, agency in working if agency == question.agency]
    if officers:
        _tell(session, question, officers, text)
    else:
        tell_moderators(session, question, text)


def tell_moderators(session: Session, question: Question, text: str, **values: str) -> None:
    """Tell everybody who moderates."""
    officers = [ident for ident, _, _ in identity.active_officers(session, _MODERATORS)]
    _tell(session, question, officers, text, **values)


def _tell(
    session: Session, question: Question, officers: Sequence[uuid.UUID], text: str, **values: str
) -> None:
    told = notices.Told(
        officers=officers,
        text=f"notice.question.{text}",
        values={**_values(question), **values},
        link=f"/questions/{question.id}",
        subject=f"question:{question.id}",
    )
    notices.tell(session, [told])


def _values(question: Question) -> dict[str, str]:
    agency = areas.reference().agencies.get(question.agency or "")
    return {
        "number": question.number,
        "due": clock.written(question.due_at),
        "agency": agency.name_vi if agency else "",
        "reason": question.reason or "",
    }
