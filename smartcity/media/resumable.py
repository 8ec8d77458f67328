"""Photos that arrive in parts: an upload is created, continued wherever it broke off, and ends.

Each part is an object of its own in the store, so that any machine may take the next one; the
worker puts them together. The photo may be named in a report from its creation on.
"""

import hashlib
import secrets
import uuid
from base64 import b64decode
from binascii import Error as NotBase64
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import BinaryIO

from sqlalchemy import select
from sqlalchemy.orm import Session

from smartcity.adapters.storage import storage
from smartcity.core import clock
from smartcity.core.context import settings
from smartcity.core.db import lock_row, reading, transaction
from smartcity.core.errors import (
    Conflict,
    Invalid,
    Malformed,
    NotFound,
    OutsideError,
    Problem,
    TooLarge,
    Unavailable,
)
from smartcity.core.ids import new_id
from smartcity.jobs.service import enqueue
from smartcity.media.inspection import LARGEST
from smartcity.media.models import Media, Status, Upload, part_key

CONTINUES = timedelta(hours=24)  # from its creation
MOST_PARTS = 500  # each one is an object in the store
CHECKSUMS = ("sha1", "sha256", "md5")


class Over(NotFound):
    """The upload was there once."""

    status = 410


class ChecksumMismatch(Problem):
    """What arrived is not what was sent: 460, as tus 1.0 names it."""

    status = 460


@dataclass(frozen=True)
class Progress:
    """How far an upload is, in bytes; `expires_at` is None once it is whole."""

    media_id: uuid.UUID
    received: int
    length: int
    expires_at: datetime | None


def create(session: Session, owner: str, length: int) -> Progress:
    """Make room for a photo of so many bytes. Raises TooLarge over 15 MB, Invalid for nothing."""
    if length > LARGEST:
        raise TooLarge("media.too_large")
    if length < 1:
        raise Invalid(**{"Upload-Length": "media.nothing"})
    now = clock.now()
    media = Media(
        id=new_id(),
        owner=owner,
        status=Status.UPLOADING,
        format="",
        width=0,
        height=0,
        bytes=length,
        sha256="",
        original_expires_at=now + timedelta(days=settings().media_original_days),
        created_at=now,
    )
    session.add(media)
    session.flush()
    upload = Upload(media_id=media.id, received=0, named=[], parts=[], expires_at=now + CONTINUES)
    session.add(upload)
    return Progress(media.id, 0, length, upload.expires_at)


def progress(session: Session, owner: str, media_id: uuid.UUID) -> Progress:
    """How far an upload of one's own is. Raises NotFound, Over."""
    media = session.scalar(select(Media).where(Media.id == media_id, Media.owner == owner))
    if media is None:
        raise NotFound("media.not_found")
    return _progress(media, session.get(Upload, media_id))


def take(owner: str, media_id: uuid.UUID, offset: int, content: BinaryIO, size: int) -> Progress:
    """Keep the bytes that belong at `offset`: all, or nothing of them.

    The record names the part before it counts. Raises Conflict for another offset than the
    upload's, TooLarge past its length, Unavailable while the store is away.
    """
    with reading() as session:
        now = _expect(progress(session, owner, media_id), offset, size)
    if not size:
        return now
    name = f"{offset}-{secrets.token_hex(4)}"
    with transaction() as session:
        upload = _held(session, owner, media_id, offset)
        if len(upload.named) >= MOST_PARTS:
            raise Conflict("media.too_many_parts")
        upload.named = [*upload.named, name]
    try:
        storage().put(part_key(media_id, name), content, "application/octet-stream")
    except OutsideError as error:
        raise Unavailable("media.store_away", headers={"Retry-After": "30"}) from error
    with transaction() as session:
        return _count(session, _held(session, owner, media_id, offset), name, size)


def stop(session: Session, owner: str, media_id: uuid.UUID) -> None:
    """End an upload that its sender gives up; its parts go with the next sweep."""
    upload = _held(session, owner, media_id, None)
    media = session.get_one(Media, media_id)
    media.status, media.reason = Status.REJECTED, "media.given_up"
    upload.expires_at = clock.now()


def verify(checksum: str | None, content: BinaryIO) -> None:
    """Compare what arrived with `Upload-Checksum: <algorithm> <base64>`.

    Raises Malformed for one that we do not know, ChecksumMismatch.
    """
    if checksum is None:
        return
    algorithm, _, encoded = checksum.partition(" ")
    if algorithm not in CHECKSUMS:
        raise Malformed("media.checksum_unknown", known=", ".join(CHECKSUMS))
    try:
        expected = b64decode(encoded, validate=True)
    except NotBase64:
        raise Malformed("media.checksum_unknown", known=", ".join(CHECKSUMS)) from None
    content.seek(0)
    digest = hashlib.file_digest(content, algorithm).digest()  # type: ignore[arg-type]
    content.seek(0)
    if not secrets.compare_digest(digest, expected):
        raise ChecksumMismatch("media.checksum")


def _progress(media: Media, upload: Upload | None) -> Progress:
    if media.status == Status.REJECTED:
        raise Over("media.upload_over")
    if media.status != Status.UPLOADING or upload is None:
        return Progress(media.id, media.bytes, media.bytes, None)
    whole = upload.received == media.bytes
    if upload.expires_at <= clock.now() and not whole:
        raise Over("media.upload_over")
    return Progress(media.id, upload.received, media.bytes, None if whole else upload.expires_at)


def _expect(now: Progress, offset: int, size: int) -> Progress:
    if offset != now.received:
        raise Conflict("media.other_offset", headers={"Upload-Offset": str(now.received)})
    if offset + size > now.length:
        raise TooLarge("media.past_the_end")
    return now


def _held(session: Session, owner: str, media_id: uuid.UUID, offset: int | None) -> Upload:
    """The upload, held against its other senders, if it still stands at `offset`."""
    upload = lock_row(session, select(Upload), Upload.media_id == media_id)
    now = progress(session, owner, media_id)
    if offset is not None:
        _expect(now, offset, 0)
    if upload is None or now.expires_at is None:
        raise Over("media.upload_over")
    return upload


def _count(session: Session, upload: Upload, name: str, size: int) -> Progress:
    """Let a stored part count; the part of a sender who lost the race never does."""
    media = session.get_one(Media, upload.media_id)
    upload.parts = [*upload.parts, name]
    upload.received += size
    if upload.received == media.bytes:
        enqueue(session, "media.assemble", {"media": str(media.id)})
    return Progress(media.id, upload.received, media.bytes, upload.expires_at)
