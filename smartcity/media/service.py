"""What other domains do with photos: attach them to a thing of theirs, and show them.

Who may see a thing may see its photos, so the caller decides before he asks.
"""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TypedDict

from sqlalchemy import case, select, update
from sqlalchemy.orm import Session

from smartcity.core import clock
from smartcity.core.errors import Invalid
from smartcity.core.texts import text
from smartcity.media.files import (
    attach_file,
    file_link,
    files_of,
    hide_file,
    private_file_link,
    release_file,
    show_file,
)
from smartcity.media.likeness import awaited, look_alikes, shows_screen
from smartcity.media.links import links
from smartcity.media.models import File, Media, Status
from smartcity.media.personal import content_of, disown, erase_owner, held_photos
from smartcity.media.redaction import (
    MOST_REGIONS,
    ModeratedPhoto,
    PublicPhoto,
    Region,
    blur,
    of_thing,
    show,
    shown_of,
)
from smartcity.media.redaction_faces import model as face_model
from smartcity.media.retention import (
    UNUSED_KEPT,
    destroy_originals,
    destroy_unused,
    originals_over,
    unused_over,
)
from smartcity.media.schemas import PhotoOut, PublicPhotoOut, RegionSchema
from smartcity.media.uploads import discard, keep, receive

__all__ = [
    "MOST_REGIONS",
    "UNUSED_KEPT",
    "File",
    "ModeratedPhoto",
    "Photo",
    "PhotoOut",
    "PublicPhoto",
    "PublicPhotoOut",
    "Region",
    "RegionSchema",
    "attach",
    "attach_file",
    "awaited",
    "blur",
    "content_of",
    "destroy_originals",
    "destroy_unused",
    "discard",
    "disown",
    "erase_owner",
    "face_model",
    "file_link",
    "files_of",
    "hand_over",
    "held_photos",
    "hide_file",
    "keep",
    "look_alikes",
    "of_subjects",
    "of_thing",
    "originals_over",
    "photo_of",
    "private_file_link",
    "receive",
    "release_file",
    "show",
    "show_file",
    "shown_of",
    "shows_screen",
    "unused_over",
]

AN_HOUR = timedelta(hours=1)
_SHOWN = (Status.PENDING, Status.READY)


class Photo(TypedDict):
    """A photo as it is shown; `reason` is a sentence.

    `links` is None for a rejected photo and for one whose bytes are still arriving.

    Links of a pending photo answer 404 until the worker is done.
    """

    id: uuid.UUID
    status: str
    reason: str | None
    format: str
    width: int
    height: int
    bytes: int
    created_at: datetime
    links: dict[str, str] | None


def attach(session: Session, ids: Sequence[uuid.UUID], owner: str, subject: str) -> list[Photo]:
    """Tie photos of a principal to a thing (`report:<id>`), in the order given.

    Pending photos may be attached. Raises Invalid naming `media_ids` for a photo that is absent or
    another's, used already, or rejected.
    """
    if not ids:
        return []
    query = select(Media).where(Media.id.in_(ids), Media.owner == owner)
    found = {m.id: m for m in session.scalars(query.order_by(Media.id).with_for_update())}
    photos = [found.get(media_id) for media_id in ids]
    for photo in photos:
        _refuse_unusable(photo)
    session.execute(
        update(Media)
        .where(Media.id.in_(ids))
        .values(
            subject=subject,
            attached_at=clock.now(),
            position=case(*((Media.id == media_id, n) for n, media_id in enumerate(ids))),
        ),
        execution_options={"synchronize_session": False},
    )
    return [photo_of(found[media_id]) for media_id in ids]


def hand_over(session: Session, subject: str, to: str | None) -> None:
    """Let the photos of one thing be another's, or nobody's: then the sweep destroys them."""
    theirs = update(Media).where(Media.subject == subject).values(subject=to)
    session.execute(theirs, execution_options={"synchronize_session": False})


def of_subjects(
    session: Session, subjects: Sequence[str], lifetime: timedelta = AN_HOUR
) -> dict[str, list[Photo]]:
    """The photos of many things in one statement; links last for `lifetime` at least."""
    photos: dict[str, list[Photo]] = defaultdict(list)
    if subjects:
        query = select(Media).where(Media.subject.in_(subjects))
        for media in session.scalars(query.order_by(Media.attached_at, Media.position)):
            photos[str(media.subject)].append(photo_of(media, lifetime))
    return photos


def photo_of(media: Media, lifetime: timedelta = AN_HOUR) -> Photo:
    """A photo's record as it is shown."""
    return {
        "id": media.id,
        "status": media.status,
        "reason": text(media.reason) if media.reason else None,
        "format": media.format,
        "width": media.width,
        "height": media.height,
        "bytes": media.bytes,
        "created_at": media.created_at,
        "links": links(media.id, lifetime) if media.status in _SHOWN else None,
    }


def _refuse_unusable(media: Media | None) -> None:
    if media is None:
        raise Invalid(media_ids="media.not_yours")
    if media.subject is not None:
        raise Invalid(media_ids="media.already_used")
    if media.status == Status.REJECTED:
        raise Invalid(media_ids="media.rejected")
