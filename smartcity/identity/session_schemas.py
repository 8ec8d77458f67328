"""A device signed in, on the wire."""

import uuid
from typing import Any

import marshmallow as ma

from smartcity.core.fields import Instant
from smartcity.core.paging import Page
from smartcity.identity.models import SignedIn

_DEVICE = {
    "example": "SmartHaiDuong/3.2 (Android 15)",
    "description": "What the device calls itself",
}


class SessionOut(ma.Schema):
    id = ma.fields.UUID(required=True)
    device = ma.fields.String(required=True, metadata=_DEVICE)
    current = ma.fields.Boolean(required=True, metadata={"description": "The one that asks"})
    created_at = Instant(required=True)
    last_used_at = Instant(
        required=True, metadata={"description": "Its last refresh, or a browser's last page"}
    )


def shown(page: Page[SignedIn], current: uuid.UUID) -> dict[str, Any]:
    """A page of devices, the one that asks marked."""
    items = [
        {
            "id": row.id,
            "device": row.device,
            "current": row.id == current,
            "created_at": row.created_at,
            "last_used_at": row.seen_at or row.rotated_at,
        }
        for row in page.items
    ]
    return {"items": items, "next_cursor": page.next_cursor}
