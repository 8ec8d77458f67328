"""What waits about a person who is gone."""

from collections.abc import Iterable

from sqlalchemy import String, cast, delete, or_
from sqlalchemy.orm import Session

from smartcity.jobs.lease import promote
from smartcity.jobs.models import JobRow


def forget_about(session: Session, words: Iterable[str]) -> None:
    """Drop the jobs whose payload names one of these words, whatever their state.

    A worker that has one in hand loses its lease, and what it did for it does not count.
    """
    payload = cast(JobRow.payload, String)
    named = or_(*(payload.contains(word, autoescape=True) for word in words))
    keys = session.scalars(delete(JobRow).where(named).returning(JobRow.ordering_key)).all()
    for key in {key for key in keys if key is not None}:
        promote(session, key)
