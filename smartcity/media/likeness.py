"""Photos that look alike: found by a perceptual fingerprint, whatever was recompressed or scaled.

A fingerprint is a difference hash of 64 bits (Neal Krawetz, "Kind of Like That", 2013). Two that
differ in at most three bits share one of four bands of 16 bits, by which an index finds them; of
those that differ in up to `NEAR` bits it finds most. Cropped or turned pictures are not found.
"""

import uuid
from collections.abc import Sequence

from sqlalchemy import BigInteger, ForeignKey, delete, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from smartcity.core.db import Base
from smartcity.media.appearance import Appearance
from smartcity.media.models import Media, Status

NEAR = 4  # bits
_BANDS, _WIDTH = 4, 16
_MOST = 500  # photos that share a band and are compared


class PhotoMarks(Base):
    """What a photo looks like. A picture with too little in it has no fingerprint."""

    __tablename__ = "photo_marks"

    media_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("media.id", ondelete="CASCADE"), primary_key=True
    )
    fingerprint: Mapped[int | None] = mapped_column(BigInteger)  # signed, as databases keep it
    of_screen: Mapped[bool]  # a photo of a screen, or a screenshot, as far as one can tell


class PhotoBand(Base):
    """A quarter of a fingerprint with its place in it, to look photos up by."""

    __tablename__ = "photo_bands"

    band: Mapped[int] = mapped_column(primary_key=True)
    media_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("media.id", ondelete="CASCADE"), primary_key=True, index=True
    )


def mark(session: Session, media_id: uuid.UUID, seen: Appearance) -> None:
    """Keep what a photo looks like; repeating it changes nothing."""
    for table in (PhotoMarks, PhotoBand):
        session.execute(delete(table).where(table.media_id == media_id))
    fingerprint = _signed(seen.fingerprint)
    row = {"media_id": media_id, "fingerprint": fingerprint, "of_screen": seen.of_screen}
    session.execute(insert(PhotoMarks), [row])
    if fingerprint is not None:
        bands = [{"media_id": media_id, "band": band} for band in _bands(fingerprint)]
        session.execute(insert(PhotoBand), bands)


def look_alikes(session: Session, subject: str) -> Sequence[str]:
    """The other things whose photos are (nearly) those of `subject`, newest photo first."""
    query = select(PhotoMarks.fingerprint).join(Media, Media.id == PhotoMarks.media_id)
    own = query.where(Media.subject == subject, PhotoMarks.fingerprint.is_not(None))
    found: dict[str, None] = {}
    for fingerprint in session.scalars(own):
        found |= dict.fromkeys(_like(session, int(fingerprint or 0), subject))
    return list(found)


def shows_screen(session: Session, subject: str) -> bool:
    """Whether a photo of a thing looks like one of a screen."""
    query = select(PhotoMarks.media_id).join(Media, Media.id == PhotoMarks.media_id)
    seen = query.where(Media.subject == subject, PhotoMarks.of_screen)
    return session.scalars(seen.limit(1)).first() is not None


def awaited(session: Session, subject: str) -> bool:
    """Whether photos of a thing are still on their way to being looked at."""
    coming = Media.subject == subject, Media.status.in_((Status.UPLOADING, Status.PENDING))
    return session.scalars(select(Media.id).where(*coming).limit(1)).first() is not None


def _like(session: Session, fingerprint: int, subject: str) -> list[str]:
    shared = select(PhotoBand.media_id).where(PhotoBand.band.in_(_bands(fingerprint)))
    query = (
        select(Media.subject, PhotoMarks.fingerprint)
        .join(PhotoMarks, PhotoMarks.media_id == Media.id)
        .where(Media.id.in_(shared), Media.subject.is_not(None), Media.subject != subject)
        .order_by(Media.id.desc())
        .limit(_MOST)
    )
    rows = session.execute(query)
    return [str(other) for other, its in rows if distance(fingerprint, its or 0) <= NEAR]


def distance(one: int, other: int) -> int:
    """In how many of their 64 bits two fingerprints differ."""
    return ((one ^ other) & (1 << 64) - 1).bit_count()


def _bands(fingerprint: int) -> list[int]:
    parts = (fingerprint >> _WIDTH * n & (1 << _WIDTH) - 1 for n in range(_BANDS))
    return [n << _WIDTH | part for n, part in enumerate(parts)]


def _signed(fingerprint: int | None) -> int | None:
    if fingerprint is None or fingerprint < 1 << 63:
        return fingerprint
    return fingerprint - (1 << 64)
