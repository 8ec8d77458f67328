"""How long photos are kept. Each step may be cut short and is taken up by the next sweep."""

import uuid
from datetime import timedelta

from sqlalchemy import Select, delete, exists, or_, select, update

from smartcity.adapters.storage import storage
from smartcity.core import clock
from smartcity.core.db import reading, transaction
from smartcity.core.expiry import Over
from smartcity.identity.permissions import ERASED
from smartcity.media import derivatives
from smartcity.media.models import Media, Status, Upload, storage_key

UNUSED_KEPT = timedelta(hours=24)
_AT_ONCE = 200  # photos


def destroy_unused() -> None:
    """Destroy the uploads that were not attached to anything within 24 hours.

    They are rejected first: `attach` then refuses them while their files go.
    """
    while unused := _give_up_unused():
        for media_id in unused:
            derivatives.destroy(media_id)
            storage().delete(storage_key(media_id, "original"))
        with transaction() as session:
            session.execute(delete(Media).where(Media.id.in_(unused)))


def destroy_originals() -> None:
    """Destroy the originals whose time is over; their pictures stay."""
    over = select(Media.id).where(*originals_over().where).limit(_AT_ONCE)
    while expired := _read(over):
        for media_id in expired:
            storage().delete(storage_key(media_id, "original"))
        with transaction() as session:
            rows = update(Media).where(Media.id.in_(expired))
            session.execute(rows.values(original_expires_at=None))


def unused_over() -> Over:
    """The uploads that nothing uses in time, or whose owner was erased."""
    late = or_(Media.created_at < clock.now() - UNUSED_KEPT, Media.owner == ERASED)
    parts = exists().where(Upload.media_id == Media.id)  # `assembly` destroys them first
    return Over(Media, (Media.subject.is_(None), late, ~parts))


def originals_over() -> Over:
    """The photos whose originals are to go."""
    return Over(Media, (Media.original_expires_at <= clock.now(),))


def _give_up_unused() -> list[uuid.UUID]:
    old = unused_over().where
    found = _read(select(Media.id).where(*old).limit(_AT_ONCE))
    if not found:
        return []
    given_up = update(Media).where(Media.id.in_(found), *old)
    values = {"status": Status.REJECTED, "reason": "media.unused"}
    with transaction() as session:
        return list(session.scalars(given_up.values(values).returning(Media.id)))


def _read(query: Select[uuid.UUID]) -> list[uuid.UUID]:
    with reading() as session:
        return list(session.scalars(query))
