"""One data key a person: whoever destroys it has erased every value sealed under it, everywhere.

The audit record and old backups keep values that nobody may change; without the person's key they
cannot be read any more.
"""

import os
import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from smartcity.core import clock, envelope
from smartcity.core.cache import Remembered
from smartcity.core.context import per_app
from smartcity.core.db import Base, insert
from smartcity.settings import Settings

_PURPOSE = "person"
_KEPT = timedelta(seconds=60)  # that a key lives on in a process; erasure waits for days
_MOST = 20_000  # persons


class PersonKey(Base):
    """A person's data key, itself sealed under a data key of the settings."""

    __tablename__ = "person_keys"

    person_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    sealed: Mapped[str] = mapped_column(String(200), index=True)
    created_at: Mapped[datetime]


def give_key(session: Session, person: uuid.UUID) -> None:
    """Make a person's key; he has none yet."""
    key = os.urandom(envelope.KEY_BYTES)
    sealed = envelope.seal(_PURPOSE, envelope.to_text(key))
    insert(session, PersonKey, person_id=person, sealed=sealed, created_at=clock.now())


def protect(session: Session, person: uuid.UUID, purpose: str, value: str) -> str | None:
    """A text that only this person's key opens; None when the person has none (any more)."""
    key = _key(session, person)
    return envelope.seal_bytes(key, purpose, value.encode()) if key else None


def reveal(session: Session, person: uuid.UUID, purpose: str, sealed: str) -> str | None:
    """The text; None when the person's key is destroyed, or it was sealed for another purpose."""
    key = _key(session, person)
    opened = envelope.open_bytes(key, purpose, sealed) if key else None
    return None if opened is None else opened.decode()


def reveal_each(
    session: Session, purpose: str, sealed: Mapping[uuid.UUID, str]
) -> dict[uuid.UUID, str]:
    """The texts of many persons in one round trip; without those that `reveal` gives None for."""
    query = select(PersonKey.person_id, PersonKey.sealed).where(PersonKey.person_id.in_(sealed))
    keys = ((person, envelope.unseal(_PURPOSE, key)) for person, key in session.execute(query))
    opened = (
        (person, envelope.open_bytes(envelope.from_text(key), purpose, sealed[person]))
        for person, key in keys
        if key
    )
    return {person: text.decode() for person, text in opened if text is not None}


def destroy_key(session: Session, person: uuid.UUID) -> None:
    """Make everything sealed under a person's key unreadable for good."""
    session.execute(delete(PersonKey).where(PersonKey.person_id == person))
    _keys().forget(person)


def _key(session: Session, person: uuid.UUID) -> bytes | None:
    def read(wanted: uuid.UUID) -> bytes | None:
        sealed = session.scalar(select(PersonKey.sealed).where(PersonKey.person_id == wanted))
        opened = envelope.unseal(_PURPOSE, sealed) if sealed else None
        return envelope.from_text(opened) if opened else None

    return _keys()(person, read)


@per_app
def _keys(_settings: Settings) -> Remembered[uuid.UUID, bytes | None]:
    return Remembered(_KEPT, _MOST)
