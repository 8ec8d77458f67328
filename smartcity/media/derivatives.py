"""From an original to the pictures that people see, by a process of its own for each photo."""

import json
import signal
import subprocess
import sys
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from io import BytesIO
from pathlib import Path
from typing import Any, cast

from sqlalchemy import CursorResult, update
from sqlalchemy.orm import Session

from smartcity.adapters.storage import Missing, storage
from smartcity.core.errors import Temporary
from smartcity.media import likeness
from smartcity.media.appearance import Appearance, appearance
from smartcity.media.links import PICTURES
from smartcity.media.models import Media, Status, storage_key
from smartcity.media.redaction_faces import find_faces

_RENDERER = Path(__file__).with_name("renderer.py")
_WAIT = 90  # seconds
# How a process ends that its own decoder or limits brought down.
_FELL = {-signal.SIGSEGV, -signal.SIGABRT, -signal.SIGBUS, -signal.SIGFPE, -signal.SIGXCPU}


@dataclass(frozen=True)
class Rendered:
    """Size of the upright original in pixels, its pictures by name, and what is seen in them."""

    width: int
    height: int
    pictures: dict[str, bytes] = field(repr=False)
    faces: list[Any] | None = None
    seen: Appearance | None = None


class Broken(Exception):
    """The photo cannot be shown; the message is the key of the reason."""


def derive(media_id: uuid.UUID, kind: str) -> Rendered:
    """Make and store a photo's pictures; repeating it changes nothing. Raises Broken, Temporary."""
    try:
        original = storage().read(storage_key(media_id, "original"))
    except Missing:
        raise Broken("media.lost") from None
    rendered = render(original, kind)
    for name, content_type in PICTURES.items():
        content = BytesIO(rendered.pictures[name])
        storage().put(storage_key(media_id, name), content, content_type)
    large, small = (rendered.pictures[name] for name in ("large.jpg", "small.jpg"))
    return replace(rendered, faces=find_faces(large), seen=appearance(kind, large, small))


def render(original: bytes, kind: str, regions: Sequence[Any] = ()) -> Rendered:
    """Run the renderer, regions blurred; Broken for a photo it cannot read within its limits."""
    command = [sys.executable, "-I", str(_RENDERER), kind, json.dumps(list(regions))]
    try:
        ended = subprocess.run(  # noqa: S603  our own program; the photo goes in by a pipe
            command, input=original, capture_output=True, timeout=_WAIT, env={}, check=False
        )
    except subprocess.TimeoutExpired:
        raise Temporary("the renderer took too long") from None
    if ended.returncode in _FELL:
        raise Broken("media.broken")
    if ended.returncode:
        raise Temporary(f"the renderer ended with {ended.returncode}")
    return _read(ended.stdout)


def _read(output: bytes) -> Rendered:
    line, _, contents = output.partition(b"\n")
    answer = json.loads(line)
    if not answer:
        raise Broken("media.broken")
    pictures = {}
    for name, size in answer["pictures"].items():
        pictures[name], contents = contents[:size], contents[size:]
    return Rendered(answer["width"], answer["height"], pictures)


def mark_ready(session: Session, media_id: uuid.UUID, rendered: Rendered) -> bool:
    """Let the photo be shown; False when it was given up meanwhile."""
    size = {"width": rendered.width, "height": rendered.height, "faces": rendered.faces}
    usable = update(Media).where(Media.id == media_id, Media.status != Status.REJECTED)
    result = session.execute(usable.values(status=Status.READY, **size))
    usable_still = cast("CursorResult[None]", result).rowcount == 1
    if usable_still and rendered.seen:
        likeness.mark(session, media_id, rendered.seen)
    return usable_still


def mark_rejected(session: Session, media_id: uuid.UUID, reason: str) -> None:
    """Say why the photo is not shown."""
    pending = update(Media).where(Media.id == media_id, Media.status == Status.PENDING)
    session.execute(pending.values(status=Status.REJECTED, reason=reason))


def destroy(media_id: uuid.UUID) -> None:
    """Destroy a photo's pictures; the original has its own term."""
    for name in PICTURES:
        storage().delete(storage_key(media_id, name))
