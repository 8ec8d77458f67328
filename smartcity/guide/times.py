"""Times that the guide tells: of this century, which every calendar and database can hold."""

from datetime import UTC, date, datetime
from typing import Any

import marshmallow as ma
from marshmallow import validate

from smartcity.core.fields import Instant

_CENTURY = validate.Range(datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))
_DAYS = validate.Range(date(2000, 1, 1), date(2099, 12, 31))


def instant(**options: Any) -> Instant:
    """A field for a time."""
    return Instant(validate=_CENTURY, **options)


def day(**options: Any) -> ma.fields.Date:
    """A field for a day."""
    return ma.fields.Date(validate=_DAYS, **options)
