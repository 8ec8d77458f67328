"""What those who registered want to be called: sealed under the key of each."""

import uuid
from collections.abc import Sequence

from sqlalchemy.orm import Session

from smartcity.core import vault
from smartcity.participation.models import Registration

_PURPOSE = "registration"


def sealed(session: Session, citizen_id: uuid.UUID, called: str | None) -> str | None:
    """A name as it is kept; none is none."""
    return vault.protect(session, citizen_id, _PURPOSE, called) if called else None


def of(session: Session, registration: Registration) -> str | None:
    """What one of them wants to be called."""
    kept = registration.called_sealed
    return vault.reveal(session, registration.citizen_id, _PURPOSE, kept) if kept else None


def of_all(session: Session, registrations: Sequence[Registration]) -> dict[uuid.UUID, str]:
    """The same of many of one activity, by citizen; without those who gave none."""
    kept = {one.citizen_id: one.called_sealed for one in registrations if one.called_sealed}
    return vault.reveal_each(session, _PURPOSE, kept)
