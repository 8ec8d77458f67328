"""What a request's fields may hold; messages are keys of the text catalogue.

A message is `key` or `key|name=value&…`, since marshmallow fills its own messages in early.
"""

import math
import typing
from datetime import UTC, datetime
from typing import Any

import marshmallow as ma
from marshmallow import validate

from smartcity.core.text import clean

ma.fields.Field.default_error_messages = {
    "required": "field.required",
    "null": "field.null",
    "validator_failed": "field.invalid",
}
_MESSAGES: dict[type[ma.fields.Field[Any]], dict[str, str]] = {
    ma.fields.String: {"invalid": "field.not_text", "invalid_utf8": "field.not_text"},
    ma.fields.Integer: {"invalid": "field.not_integer", "too_large": "field.not_integer"},
    ma.fields.Float: {
        "invalid": "field.not_number",
        "too_large": "field.not_number",
        "special": "field.not_number",
    },
    ma.fields.Boolean: {"invalid": "field.not_boolean"},
    ma.fields.UUID: {"invalid_uuid": "field.not_uuid"},
    ma.fields.List: {"invalid": "field.not_list"},
    ma.fields.Nested: {"type": "field.not_object"},
    ma.fields.AwareDateTime: {
        "invalid": "field.not_time",
        "invalid_awareness": "field.time_without_offset",
        "format": "field.not_time",
    },
    ma.fields.Dict: {"invalid": "field.not_object"},
    ma.fields.Date: {"invalid": "field.not_date", "format": "field.not_date"},
    ma.fields.Time: {"invalid": "field.not_hour", "format": "field.not_hour"},
    ma.fields.Tuple: {"invalid": "field.not_list"},
    ma.fields.Enum: {"unknown": "field.not_a_choice|choices={choices}"},
}
for _kind, _messages in _MESSAGES.items():
    _kind.default_error_messages = {**_kind.default_error_messages, **_messages}

validate.Range.message_min = "field.too_small|min={{min}}"
validate.Range.message_max = "field.too_large|max={{max}}"
validate.Range.message_all = "field.out_of_range|min={{min}}&max={{max}}"
validate.Length.message_min = "field.too_short|min={min}"
validate.Length.message_max = "field.too_long|max={max}"
validate.Length.message_all = "field.wrong_length|min={min}&max={max}"
validate.Length.message_equal = "field.wrong_length|min={equal}&max={equal}"
validate.OneOf.default_message = "field.not_a_choice|choices={choices}"
# Nothing changes a schema once made, and flask-smorest copies those of a view at each decorator.
ma.Schema.__deepcopy__ = lambda self, _memo: self  # type: ignore[attr-defined]


class Schema(ma.Schema):
    """A body or query that refuses what it does not know."""

    class Meta:
        unknown = ma.RAISE

    error_messages: typing.ClassVar[dict[str, str]] = {  # type: ignore[misc]
        "unknown": "field.unknown",
        "type": "field.not_object",
    }


class Text(ma.fields.String):
    """Words of a person: NFC, trimmed, no control or bidirectional characters, 1 to `max` long."""

    def __init__(self, *, max: int, min: int = 1, lines: bool = False, **kwargs: Any) -> None:
        validators = [validate.Length(min=min, max=max)]
        super().__init__(validate=validators, **kwargs)
        self.lines = lines
        self.longest = max

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        raw = super()._deserialize(value, attr, data, **kwargs)
        if "\x00" in raw:
            raise ma.ValidationError("field.not_text")
        if len(raw) > 4 * self.longest:  # not worth cleaning
            raise ma.ValidationError(f"field.too_long|max={self.longest}")
        try:
            return clean(raw, lines=self.lines)
        except ValueError:
            raise ma.ValidationError("field.not_text") from None


class Number(ma.fields.Float):
    """A finite number between two bounds; true does not pass for one."""

    def __init__(self, *, min: float, max: float, **kwargs: Any) -> None:
        super().__init__(validate=validate.Range(min=min, max=max), **kwargs)

    def _validated(self, value: Any) -> float:
        number = super()._validated(value)
        if isinstance(value, bool) or number is None or not math.isfinite(number):
            raise self.make_error("invalid")
        return number


class Instant(ma.fields.AwareDateTime):
    """A time with its offset (RFC 3339), read as UTC."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> datetime:
        try:
            return super()._deserialize(value, *args, **kwargs).astimezone(UTC)
        except OverflowError:  # the first or last hours of the calendar, elsewhere
            raise ma.ValidationError("field.not_time") from None

    def _serialize(self, value: datetime | None, *_args: Any, **_kwargs: Any) -> str | None:
        return value.isoformat(timespec="milliseconds") if value else None
