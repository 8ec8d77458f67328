"""Addresses of pictures that open without signing in, until they expire."""

import math
import uuid
from datetime import timedelta

from smartcity.core import clock
from smartcity.core.context import settings
from smartcity.core.errors import NotFound
from smartcity.core.signing import mac, verifies

PICTURES = {
    "large.jpg": "image/jpeg",
    "large.webp": "image/webp",
    "small.jpg": "image/jpeg",
    "small.webp": "image/webp",
}
_STEP = 15 * 60  # seconds; a link stays the same for so long, and a phone's cache with it
LINKS = {
    "large": "large.jpg",
    "small": "small.jpg",
    "large_webp": "large.webp",
    "small_webp": "small.webp",
}


class Expired(NotFound):
    """The link was good once."""

    status = 410


def links(media_id: uuid.UUID, lifetime: timedelta) -> dict[str, str]:
    """An absolute address for each picture of a photo, good for `lifetime` and up to 15 minutes."""
    base = f"{settings().public_url.rstrip('/')}/media/{media_id}"
    query = signed(media_id, lifetime)
    return {link: f"{base}/{name}?{query}" for link, name in LINKS.items()}


def signed(media_id: uuid.UUID, lifetime: timedelta) -> str:
    """The query that makes an address of a photo good for `lifetime` and up to 15 minutes."""
    expires = math.ceil((clock.now() + lifetime).timestamp() / _STEP) * _STEP
    return f"expires={expires}&signature={_signature(media_id, expires)}"


def seconds_left(media_id: uuid.UUID, expires: int, signature: str) -> int:
    """How long a link is still good; NotFound for a forged one, Expired for an old one."""
    if not verifies("media", f"{media_id}:{expires}", signature):
        raise NotFound("media.not_found")
    left = expires - clock.now().timestamp()
    if left <= 0:
        raise Expired("media.link_expired")
    return math.ceil(left)


def _signature(media_id: uuid.UUID, expires: int) -> str:
    return mac("media", f"{media_id}:{expires}")
