"""Files of authorities, offered for download as they are: documents, never a citizen's.

Who may see a thing may see its files, so the caller decides before he asks.
"""

import contextlib
import hashlib
import uuid
from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from typing import Any, BinaryIO
from urllib.parse import quote

from sqlalchemy import ColumnElement, and_, delete, or_, select, update
from sqlalchemy.orm import Session

from smartcity.adapters.storage import storage
from smartcity.core import clock
from smartcity.core.context import settings
from smartcity.core.db import lock_row, reading, transaction
from smartcity.core.errors import Invalid, NotFound, OutsideError, Unavailable
from smartcity.core.ids import new_id
from smartcity.media.file_inspection import inspect_file, named
from smartcity.media.links import Expired, seconds_left, signed
from smartcity.media.models import File, storage_key

AN_HOUR = timedelta(hours=1)
UNUSED_FILES_KEPT = timedelta(hours=24)
_AT_ONCE = 200  # files
_GIVEN_UP = "nothing"  # the subject of a file that is being destroyed


def receive_file(content: BinaryIO, name: str, owner: str) -> File:
    """Store an upload under its cleaned name; it counts once it is attached to something.

    Its record is committed before its bytes are written, so that whatever a crash leaves behind is
    known to the sweep. Raises what `inspect_file` raises, and Unavailable while the store is away.
    """
    sort = inspect_file(content)
    file = File(
        id=new_id(),
        owner=owner,
        name=named(name, sort.extension),
        content_type=sort.content_type,
        bytes=content.seek(0, 2),
        sha256=_sha256(content),
        shown=False,
        created_at=clock.now(),
    )
    with transaction() as session:
        session.add(file)
    _store(file, content)
    return file


def discard_file(file: File) -> None:
    """Destroy an upload that was not kept; if the store is away, the sweep does it."""
    with contextlib.suppress(OutsideError):
        _destroy([file.id])


def attach_file(session: Session, file_id: uuid.UUID, owner: str, subject: str) -> File:
    """Tie a file to a thing (`document:<id>`); nothing happens if it is that thing's already.

    Invalid naming `file_id` unless it is the owner's (a principal's key) own and nothing else's.
    """
    file = lock_row(session, select(File), File.id == file_id)
    if file is not None and file.subject == subject:
        return file
    if file is None or file.owner != owner:
        raise Invalid(file_id="file.not_yours")
    if file.subject is not None:
        raise Invalid(file_id="file.already_used")
    file.subject = subject
    return file


def release_file(session: Session, file_id: uuid.UUID) -> None:
    """Let a file belong to nothing: nobody can open it, and the sweep destroys it."""
    session.execute(update(File).where(File.id == file_id).values(subject=None, shown=False))


def show_file(session: Session, file_id: uuid.UUID) -> None:
    """Let everybody open a file by its `file_link`."""
    session.execute(update(File).where(File.id == file_id).values(shown=True))


def hide_file(session: Session, file_id: uuid.UUID) -> None:
    """Let a file be opened by officers' links only; caches forget it within a minute."""
    session.execute(update(File).where(File.id == file_id).values(shown=False))


def files_of(session: Session, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, File]:
    """Files by their ids, in one statement; an absent one is left out."""
    if not ids:
        return {}
    return {file.id: file for file in session.scalars(select(File).where(File.id.in_(ids)))}


def file_link(file: File) -> str:
    """The absolute address where everybody can open a file while it is shown."""
    return f"{settings().public_url.rstrip('/')}/files/{file.id}/{quote(file.name)}"


def private_file_link(file: File) -> str:
    """An address good for an hour, for whoever may see the thing that a file belongs to."""
    return f"{file_link(file)}?{signed(file.id, AN_HOUR)}"


def seconds_open(
    session: Session, file_id: uuid.UUID, name: str, link: Mapping[str, Any]
) -> tuple[File, int | None]:
    """A file by its address, and for how long the `link` opens it: None, since everybody may.

    NotFound for a wrong name, for a file that is not shown without a good link, and for a forged
    link; Expired for an old one.
    """
    file = session.get(File, file_id)
    if file is None or file.name != name:
        raise NotFound("file.not_found")
    if not link:
        if not file.shown:
            raise NotFound("file.not_found")
        return file, None
    return file, _seconds_left(file_id, link)


def destroy_unused_files() -> None:
    """Destroy the files that nothing used within 24 hours, and those that were released.

    They are given up first: `attach_file` then refuses them while their bytes go.
    """
    while unused := _give_up_unused():
        _destroy(unused)


def _unused() -> ColumnElement[bool]:
    late = File.created_at < clock.now() - UNUSED_FILES_KEPT
    return or_(File.subject == _GIVEN_UP, and_(File.subject.is_(None), late))


def _give_up_unused() -> list[uuid.UUID]:
    with reading() as session:
        found = session.scalars(select(File.id).where(_unused()).limit(_AT_ONCE))
        ids = found.all()
    if not ids:
        return []
    given_up = update(File).where(File.id.in_(ids), _unused())
    with transaction() as session:
        return list(session.scalars(given_up.values(subject=_GIVEN_UP).returning(File.id)))


def _destroy(ids: Sequence[uuid.UUID]) -> None:
    for file_id in ids:
        storage().delete(storage_key(file_id, "file"))
    with transaction() as session:
        session.execute(delete(File).where(File.id.in_(ids)))


def _store(file: File, content: BinaryIO) -> None:
    content.seek(0)
    try:
        storage().put(storage_key(file.id, "file"), content, file.content_type)
    except OutsideError as error:
        raise Unavailable("file.store_away", headers={"Retry-After": "30"}) from error


def _seconds_left(file_id: uuid.UUID, link: Mapping[str, Any]) -> int:
    try:
        return seconds_left(file_id, **link)
    except Expired:
        raise Expired("file.link_expired") from None
    except NotFound:
        raise NotFound("file.not_found") from None


def _sha256(content: BinaryIO) -> str:
    content.seek(0)
    return hashlib.file_digest(content, "sha256").hexdigest()  # type: ignore[arg-type]
