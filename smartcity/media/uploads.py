"""From a phone into the store."""

import contextlib
import hashlib
import uuid
from datetime import timedelta
from typing import BinaryIO

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from smartcity.adapters.storage import storage
from smartcity.core import clock
from smartcity.core.context import settings
from smartcity.core.db import transaction
from smartcity.core.errors import NotFound, OutsideError, Unavailable
from smartcity.core.ids import new_id
from smartcity.jobs.service import enqueue
from smartcity.media.inspection import Header, inspect
from smartcity.media.models import Media, Status, storage_key


def receive(file: BinaryIO, owner: str) -> Media:
    """Store an upload that can be a picture; it counts once `keep` is committed.

    Its record is committed before its bytes are written, so that whatever a crash leaves behind is
    known to the sweep. Raises what `inspect` raises, and Unavailable while the store is away.
    """
    media = _record(file, inspect(file), owner)
    with transaction() as session:
        session.add(media)
    file.seek(0)
    try:
        storage().put(storage_key(media.id, "original"), file, f"image/{media.format}")
    except OutsideError as error:
        raise Unavailable("media.store_away", headers={"Retry-After": "30"}) from error
    return media


def keep(session: Session, media: Media) -> None:
    """Have the worker make the pictures."""
    enqueue(session, "media.derive", {"media": str(media.id), "format": media.format})


def discard(media: Media) -> None:
    """Destroy an upload that was not kept; if the store is away, the sweep does it."""
    with contextlib.suppress(OutsideError):
        storage().delete(storage_key(media.id, "original"))
        with transaction() as session:
            session.execute(delete(Media).where(Media.id == media.id))


def find(session: Session, media_id: uuid.UUID, owner: str) -> Media:
    """A principal's own photo; NotFound for another's as for none."""
    found = session.scalar(select(Media).where(Media.id == media_id, Media.owner == owner))
    if found is None:
        raise NotFound("media.not_found")
    return found


def _record(file: BinaryIO, header: Header, owner: str) -> Media:
    now = clock.now()
    return Media(
        id=new_id(),
        owner=owner,
        status=Status.PENDING,
        format=header.format,
        width=header.width,
        height=header.height,
        bytes=file.seek(0, 2),
        sha256=_sha256(file),
        original_expires_at=now + timedelta(days=settings().media_original_days),
        created_at=now,
    )


def _sha256(file: BinaryIO) -> str:
    file.seek(0)
    return hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]
