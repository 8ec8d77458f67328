"""Quiet hours as people write them, and as minutes after local midnight; equal ends are none."""

from datetime import datetime, time
from typing import Any

import marshmallow as ma

from smartcity.core.fields import Schema

Hours = tuple[int, int]


class QuietHours(Schema):
    """Two times of the local day; loaded as minutes after midnight."""

    begin = ma.fields.Time("%H:%M", required=True, data_key="from", metadata={"example": "22:30"})
    end = ma.fields.Time("%H:%M", required=True, data_key="to", metadata={"example": "05:30"})

    @ma.post_load
    def _minutes(self, loaded: dict[str, time], **_: Any) -> Hours:
        return minute(loaded["begin"]), minute(loaded["end"])


def minute(at: time | datetime) -> int:
    """Minutes since midnight."""
    return at.hour * 60 + at.minute


def written(hours: Hours) -> dict[str, time]:
    """Quiet hours as the schema dumps them."""
    begin, end = (time(*divmod(at, 60)) for at in hours)
    return {"begin": begin, "end": end}
