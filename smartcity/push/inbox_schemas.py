"""The inbox on the wire."""

import marshmallow as ma

from smartcity.core.fields import Instant, Schema, Text
from smartcity.core.paging import PageQuery
from smartcity.push.inbox import words


class InboxQuery(PageQuery):
    """Which messages to list."""

    unread = ma.fields.Boolean(metadata={"description": "Only what has not been read"})
    archived = ma.fields.Boolean(metadata={"description": "Only what has been archived"})
    category = Text(max=30, metadata={"example": "reports"})
    q = Text(
        max=100,
        metadata={
            "description": "Every word occurs in title or body; case and accents do not matter",
            "example": "ngap duong",
        },
    )


class InboxOut(ma.Schema):
    """A message in the reader's language."""

    id = ma.fields.UUID(required=True)
    category = ma.fields.String(required=True, metadata={"example": "reports"})
    title = ma.fields.Function(
        lambda m: words(m, "title"),
        required=True,
        metadata={"type": "string", "example": "Phản ánh HP-2026-000123 đã được tiếp nhận"},
    )
    body = ma.fields.Function(
        lambda m: words(m, "body"),
        required=True,
        metadata={
            "type": "string",
            "example": "Trung tâm điều hành đã tiếp nhận phản ánh của bạn.",
        },
    )
    link = ma.fields.String(
        required=True,
        metadata={
            "description": "Path in the app, or a page of an official host",
            "example": "/reports/0198c0de-4a6e",
        },
    )
    created_at = Instant(required=True)
    read_at = Instant(required=True, allow_none=True)
    archived_at = Instant(required=True, allow_none=True)


class ReadingIn(Schema):
    """Up to when all was read."""

    until = Instant(
        required=True,
        metadata={"description": "`created_at` of the newest message that the reader saw"},
    )


class UnreadOut(ma.Schema):
    """What the app's badge shows."""

    unread = ma.fields.Integer(required=True, metadata={"example": 3})
