"""The register of contests (cuộc thi tìm hiểu)."""

from typing import Any

import marshmallow as ma
from sqlalchemy import select
from sqlalchemy.orm import Session

from smartcity.core.errors import Conflict
from smartcity.identity.permissions import Action
from smartcity.participation.contests.draws import commitment
from smartcity.participation.contests.models import Entrant
from smartcity.participation.contests.schemas import ContestIn
from smartcity.registers.service import Entry, Kind, Record

# What everybody who entered relied on.
_FIXED = (
    "opens",
    "closes",
    "minutes",
    "attempts",
    "draw",
    "eligibility",
    "prizes",
    "questions",
)
_COMMITMENT = {
    "description": "SHA-256 of the seed that decides between equals, told with the results",
    "example": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
}


def has_entrants(session: Session, entry: Entry) -> bool:
    """Whether anybody has drawn a paper."""
    query = select(Entrant.id).where(Entrant.contest_id == entry.id).limit(1)
    return session.scalar(query) is not None


def _refuse_once_entered(session: Session, entry: Entry, record: Record | None) -> None:
    """Bank, times and points stay as they were for the first; `regrading` corrects slips."""
    if record is None or not entry.version:
        return
    changes = any(entry.record.get(name) != record.get(name) for name in _FIXED)
    if changes and has_entrants(session, entry):
        raise Conflict("contest.entered")


def _beside(session: Session, entry: Entry) -> dict[str, Any]:
    return {"commitment": commitment(session, entry.id)}


CONTEST = Kind(
    name="contest",
    path="contests",
    one="contest",
    many="contests",
    title="Cuộc thi tìm hiểu",
    schema=ContestIn,
    in_card=("title", "title_en", "opens", "closes", "minutes", "attempts", "draw"),
    read=Action.READ_PARTICIPATION,
    manage=Action.MANAGE_PARTICIPATION,
    window=("opens", "closes"),
    private=("questions",),
    more_fields={"commitment": ma.fields.String(required=True, metadata=_COMMITMENT)},
    beside=_beside,
    check=_refuse_once_entered,
)
