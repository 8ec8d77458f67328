"""Inbox messages on the wire."""

from typing import Any

import marshmallow as ma

from smartcity.core.fields import Instant
from smartcity.core.paging import PageQuery
from smartcity.core.texts import text


class InboxQuery(PageQuery):
    """Which messages to list."""

    unread = ma.fields.Boolean(metadata={"description": "Only what has not been read"})


class InboxOut(ma.Schema):
    """A message in the reader's language."""

    id = ma.fields.UUID(required=True)
    title = ma.fields.Function(
        lambda m: _words(m, "title"),
        required=True,
        metadata={"type": "string", "example": "Phản ánh HP-2026-000123 đã được tiếp nhận"},
    )
    body = ma.fields.Function(
        lambda m: _words(m, "body"),
        required=True,
        metadata={
            "type": "string",
            "example": "Trung tâm điều hành đã tiếp nhận phản ánh của bạn.",
        },
    )
    link = ma.fields.String(
        required=True,
        metadata={"description": "Path in the app", "example": "/reports/0198c0de-4a6e"},
    )
    created_at = Instant(required=True)
    read_at = Instant(required=True, allow_none=True)


def _words(message: Any, part: str) -> str:
    return text(f"{message.text}.{part}", **message.values).strip()
