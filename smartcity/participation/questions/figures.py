"""How the agencies answer: shares and medians over a year, and what they owe now."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from smartcity.core import clock
from smartcity.participation.models import Question
from smartcity.participation.questions.listing import overdue
from smartcity.participation.questions.states import State

_PERIOD = timedelta(days=365)
_DAY = 86_400  # seconds
Answered = Sequence[tuple[datetime, datetime, datetime]]  # asked, due, answered


def figures(session: Session) -> dict[str, Any]:
    """The last 365 days by agency, by its code; what nobody asked is not counted."""
    since = clock.now() - _PERIOD
    answered = _answered(session, since)
    waiting, late = _waiting(session), _waiting(session, overdue())
    agencies = sorted({*answered, *waiting})
    items = [
        {
            "agency": agency,
            **_of(answered.get(agency, ())),
            "waiting": waiting.get(agency, 0),
            "overdue": late.get(agency, 0),
        }
        for agency in agencies
    ]
    return {"since": since, "items": items}


def _of(answered: Answered) -> dict[str, Any]:
    if not answered:
        return {"answered": 0, "in_time": None, "median_days": None}
    in_time = sum(at <= due for _, due, at in answered) / len(answered)
    days = median((at - asked).total_seconds() / _DAY for asked, _, at in answered)
    return {"answered": len(answered), "in_time": round(in_time, 3), "median_days": round(days, 1)}


def _answered(session: Session, since: datetime) -> Mapping[str, Answered]:
    columns = Question.agency, Question.asked_at, Question.due_at, Question.answered_at
    answered = Question.demo.is_(False), Question.answered_at >= since
    found: dict[str, list[tuple[datetime, datetime, datetime]]] = defaultdict(list)
    for agency, asked, due, at in session.execute(select(*columns).where(*answered)):
        found[str(agency)].append((asked, due, at))  # type: ignore[arg-type]
    return found


def _waiting(session: Session, *where: Any) -> dict[str, int]:
    query = select(Question.agency, func.count()).where(Question.state == State.FORWARDED, *where)
    return dict(session.execute(query.group_by(Question.agency)).all())  # type: ignore[arg-type]
