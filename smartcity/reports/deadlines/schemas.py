"""Extensions on the wire."""

import marshmallow as ma

from smartcity.core.fields import Instant, Schema, Text

_REASON = {"description": "Why; officers read it", "example": "Chờ vật tư, trời mưa kéo dài."}
_UNTIL = {
    "description": "The date that the unit commits itself to",
    "example": "2026-12-04T17:00:00+07:00",
}


class ExtensionIn(Schema):
    """A unit's request for more time."""

    public_text = Text(max=2000, lines=True, required=True, metadata=_REASON)
    until = Instant(required=True, metadata=_UNTIL)


class ExtensionOut(ma.Schema):
    """The last request for more time."""

    reason = ma.fields.String(required=True, metadata=_REASON)
    until = Instant(required=True, metadata=_UNTIL)
    due_before = Instant(required=True, metadata={"description": "The limit at that time"})
    asked_at = Instant(required=True)
    verdict = ma.fields.String(
        required=True,
        allow_none=True,
        metadata={
            "description": "granted, denied or lapsed; null while it waits",
            "example": "granted",
        },
    )
    decided_at = Instant(required=True, allow_none=True)
