"""Answers as JSON, by the schemas: hundreds of segments would take marshmallow milliseconds."""

from typing import Any

import orjson

from smartcity.search.asking import Found, Hit


def rendered(found: Found) -> bytes:
    """A page as `schemas.SearchOut` describes it."""
    body = {
        "items": [_hit(hit) for hit in found.items],
        "next_cursor": found.next_cursor,
        "corrected": found.corrected,
    }
    return orjson.dumps(body)


def _hit(hit: Hit) -> dict[str, Any]:
    time = hit.published_at.isoformat(timespec="milliseconds")
    return {**{name: getattr(hit, name) for name in _SAME}, "id": hit.ref, "published_at": time}


_SAME = ("kind", "title", "snippet", "link", "language", "agency", "area")
