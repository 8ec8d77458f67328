"""From the parts of an upload to the original, and the end of what was never finished."""

import tempfile
import uuid
from collections.abc import Sequence
from hashlib import file_digest
from typing import BinaryIO, cast

from sqlalchemy import and_, delete, not_, or_, select
from sqlalchemy.orm import Session

from smartcity.adapters.storage import storage
from smartcity.core import clock
from smartcity.core.db import reading, transaction
from smartcity.core.errors import Problem
from smartcity.core.expiry import Over
from smartcity.identity.permissions import ERASED
from smartcity.jobs.service import enqueue
from smartcity.media.inspection import Header, inspect
from smartcity.media.models import Media, Status, Upload, part_key, storage_key

_AT_ONCE = 50  # uploads


def assemble(media_id: uuid.UUID) -> tuple[Header, str] | str:
    """Store the original of a whole upload; its header and SHA-256, or why it is no picture.

    Repeating it changes nothing. Raises Temporary, and Missing when a part is gone.
    """
    with reading() as session:
        parts = list(session.get_one(Upload, media_id).parts)
    with tempfile.SpooledTemporaryFile(max_size=1024 * 1024) as file:
        whole = cast(BinaryIO, file)
        _join(media_id, parts, whole)
        try:
            header = inspect(whole)
        except Problem as problem:
            return str(problem.errors["file"][0])
        whole.seek(0)
        digest = file_digest(whole, "sha256").hexdigest()  # type: ignore[arg-type]
        whole.seek(0)
        storage().put(storage_key(media_id, "original"), whole, f"image/{header.format}")
    return header, digest


def _join(media_id: uuid.UUID, parts: Sequence[str], whole: BinaryIO) -> None:
    for name in parts:
        for piece in storage().stream(part_key(media_id, name)):
            whole.write(piece)


def conclude(session: Session, media_id: uuid.UUID, found: tuple[Header, str] | str) -> None:
    """Let the worker make the pictures of a whole upload, or say that it is none."""
    media = session.get_one(Media, media_id)
    session.get_one(Upload, media_id).expires_at = clock.now()
    if media.status != Status.UPLOADING:
        return
    if isinstance(found, str):
        media.status, media.reason = Status.REJECTED, found
        return
    header, media.sha256 = found
    media.format, media.width, media.height = header.format, header.width, header.height
    media.status = Status.PENDING
    enqueue(session, "media.derive", {"media": str(media_id), "format": header.format})


def destroy_parts() -> None:
    """Destroy the parts of uploads that are whole, given up, or out of time."""
    while over := _over():
        for media_id, names in over:
            for name in names:
                storage().delete(part_key(media_id, name))
        with transaction() as session:
            ids = [media_id for media_id, _ in over]
            session.execute(delete(Upload).where(Upload.media_id.in_(ids)))


def uploads_over() -> Over:
    """The uploads that end; erasing their owner ends them, too. What waits for the worker stays."""
    waits = and_(Media.status == Status.UPLOADING, Upload.received == Media.bytes)
    ended = and_(Upload.expires_at <= clock.now(), not_(waits))
    return Over(Upload, (Upload.media_id == Media.id, or_(ended, Media.owner == ERASED)))


def _over() -> list[tuple[uuid.UUID, list[str]]]:
    """Some uploads that ended; a photo that never became whole is rejected first."""
    with transaction() as session:
        query = select(Upload, Media).where(*uploads_over().where).limit(_AT_ONCE)
        found = session.execute(query).all()
        for _, media in found:
            if media.status == Status.UPLOADING:
                media.status, media.reason = Status.REJECTED, "media.upload_over"
        return [(upload.media_id, list(upload.named)) for upload, _ in found]
