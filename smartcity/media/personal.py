"""A citizen's photos: told and given to him, and taken from his name."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from smartcity.adapters.storage import Missing, storage
from smartcity.core import clock
from smartcity.identity.permissions import ERASED
from smartcity.media.models import Media, Status, storage_key

_TOLD = ("id", "subject", "status", "format", "width", "height", "bytes", "sha256")
_TIMES = ("created_at", "attached_at", "original_expires_at")


def held_photos(session: Session, owner: str) -> Iterator[dict[str, Any]]:
    """What is known of each photo that a principal uploaded, first to last."""
    query = select(Media).where(Media.owner == owner).order_by(Media.id)
    for media in session.scalars(query.execution_options(yield_per=200)):
        yield {name: getattr(media, name) for name in (*_TOLD, *_TIMES)}


def content_of(photo: dict[str, Any]) -> tuple[str, bytes] | None:
    """A file name and the best that is left of a photo: original, else picture, else None."""
    kept = (("original", photo["format"]), ("large.jpg", "jpg"))
    for name, ending in kept:
        try:
            return f"{photo['id']}.{ending}", storage().read(storage_key(photo["id"], name))
        except Missing:
            continue
    return None


def erase_owner(session: Session, owner: str) -> None:
    """Take a person's name from his photos; the sweep destroys originals and what nothing uses.

    The pictures that a case shows stay with the case.
    """
    his = update(Media).where(Media.owner == owner)
    session.execute(his.where(Media.subject.is_(None)).values(status=Status.REJECTED))
    _disown(session, Media.owner == owner)


def disown(session: Session, subjects: Sequence[str]) -> None:
    """Take the names from the photos of things whose senders are no longer to be known."""
    _disown(session, Media.subject.in_(subjects))


def _disown(session: Session, condition: Any) -> None:
    session.execute(
        update(Media)
        .where(condition, Media.original_expires_at.is_not(None))
        .values(original_expires_at=clock.now())
    )
    session.execute(update(Media).where(condition).values(owner=ERASED))
