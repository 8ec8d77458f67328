"""What the public sees of a photo: nothing until it is shown, and never what was blurred in it.

The pictures of each redaction have names of their own, so that no cache and no late worker can put
an earlier one in its place.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import timedelta
from io import BytesIO
from typing import Any, TypedDict, cast

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from smartcity.adapters.storage import Missing, storage
from smartcity.core.context import settings
from smartcity.core.db import reading
from smartcity.core.errors import Invalid, NotFound, Temporary
from smartcity.jobs.service import Job, enqueue_all
from smartcity.media.derivatives import render
from smartcity.media.links import LINKS, PICTURES, signed
from smartcity.media.models import Media, Status, storage_key

MOST_REGIONS = 50
AN_HOUR = timedelta(hours=1)


class Region(TypedDict):
    """A part of a picture seen upright; all four are fractions of its width or height."""

    left: float
    top: float
    width: float
    height: float


class PublicPhoto(TypedDict):
    """A photo as the public sees it; `width` and `height` of the upright original in pixels."""

    id: uuid.UUID
    width: int
    height: int
    links: dict[str, str]


class ModeratedPhoto(PublicPhoto):
    """A photo as it is chosen and blurred; `faces` None: nobody looked for them."""

    status: str
    shown: bool
    ready: bool
    regions: list[Region]
    faces: list[Region] | None


def of_thing(session: Session, subjects: Sequence[str]) -> list[ModeratedPhoto]:
    """Every photo of a thing by its subjects, with links to what the public would see of it."""
    return [
        {
            **_public(media, signed(media.id, AN_HOUR)),
            "status": media.status,
            "shown": media.shown,
            "ready": is_ready(media),
            "regions": cast("list[Region]", media.regions or []),
            "faces": cast("list[Region] | None", media.faces),
        }
        for media in session.scalars(_photos(subjects))
    ]


def shown_of(session: Session, subjects: Sequence[str]) -> dict[str, list[PublicPhoto]]:
    """What the public sees of the photos of many things, in one statement."""
    found: dict[str, list[PublicPhoto]] = defaultdict(list)
    for media in session.scalars(_photos(subjects).where(Media.shown)) if subjects else ():
        if is_ready(media):
            found[str(media.subject)].append(_public(media))
    return found


def show(session: Session, subjects: Sequence[str], ids: Iterable[uuid.UUID]) -> None:
    """Show these photos of a thing, and no other; Invalid names `photos` for another thing's."""
    wanted = set(ids)
    photos = session.scalars(_photos(subjects).with_for_update()).all()
    if wanted - {media.id for media in photos}:
        raise Invalid(photos="media.not_of_report")
    for media in photos:
        media.shown = media.id in wanted


def blur(
    session: Session, subjects: Sequence[str], media_id: uuid.UUID, regions: Sequence[Region]
) -> list[Region]:
    """Have regions of a thing's photo blurred in all that the public sees; none: nothing blurred.

    Returns the regions before. The photo is not shown until its pictures are made. NotFound for
    another thing's photo.
    """
    query = _photos(subjects).where(Media.id == media_id)
    media = session.scalar(query.with_for_update())
    if media is None:
        raise NotFound("media.not_found")
    before = cast("list[Region]", media.regions or [])
    media.regions = list(regions)
    media.redaction += 1
    enqueue_all(session, [Job("media.redact", {"media": str(media_id)}, f"redact:{media_id}")])
    return before


def is_ready(media: Media) -> bool:
    """Whether the pictures are there that the public may see."""
    return media.status == Status.READY and (not media.regions or media.redacted == media.redaction)


def make_pictures(media_id: uuid.UUID) -> int:
    """Make and store the pictures of a photo's present redaction; its number.

    Repeating it changes nothing. Raises Temporary while the photo itself is being made.
    """
    with reading() as session:
        media = session.get_one(Media, media_id)
    if media.regions and media.status != Status.REJECTED:
        rendered = render(_large(media_id), "jpeg", media.regions)
        for name, kind in PICTURES.items():
            content = BytesIO(rendered.pictures[name])
            storage().put(_key(media_id, media.redaction, name), content, kind)
    for name in PICTURES if media.redacted != media.redaction else ():
        storage().delete(_key(media_id, media.redacted, name))
    return media.redaction


def mark_redacted(session: Session, media_id: uuid.UUID, redaction: int) -> None:
    """Say whose pictures are there."""
    session.execute(update(Media).where(Media.id == media_id).values(redacted=redaction))


def picture(
    session: Session, media_id: uuid.UUID, redaction: int, name: str, *, hidden: bool
) -> bytes:
    """A picture as the public sees it; of a photo not shown only if `hidden`.

    NotFound for an earlier redaction's, too.
    """
    media = session.get(Media, media_id)
    if media is None or media.redaction != redaction or not (media.shown or hidden):
        raise NotFound("media.not_found")
    if not is_ready(media):
        raise NotFound("media.not_found")
    key = _key(media_id, redaction, name) if media.regions else storage_key(media_id, name)
    try:
        return storage().read(key)
    except Missing:
        raise NotFound("media.not_found") from None


def _photos(subjects: Sequence[str]) -> Any:
    query = select(Media).where(Media.subject.in_(subjects))
    return query.order_by(Media.attached_at, Media.position, Media.id)


def _public(media: Media, query: str = "") -> PublicPhoto:
    base = f"{settings().public_url.rstrip('/')}/media/public/{media.id}/{media.redaction}"
    return {
        "id": media.id,
        "width": media.width,
        "height": media.height,
        "links": {link: f"{base}/{name}{query and f'?{query}'}" for link, name in LINKS.items()},
    }


def _large(media_id: uuid.UUID) -> bytes:
    try:
        return storage().read(storage_key(media_id, "large.jpg"))
    except Missing:
        raise Temporary("the photo is not made yet") from None


def _key(media_id: uuid.UUID, redaction: int, name: str) -> str:
    return storage_key(media_id, f"public-{redaction}-{name}")
