"""The values of a file made into a record as it is kept, on top of the one that stands."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import marshmallow as ma

from smartcity.core.errors import Invalid
from smartcity.core.tables.encodings import old_font
from smartcity.registers.kind import Kind, Record
from smartcity.registers.placing import placed
from smartcity.registers.schemas import RecordIn


def load(kind: Kind, values: Mapping[str, Any], before: Record | None = None) -> Record:
    """What a file does not name stays as it is. Raises Invalid by field.

    The source of what a file tells otherwise must be in the file: it stood for other facts.
    """
    schema = _schema(kind.schema)
    merged = _merged(schema, before or {}, values)
    _refuse_swapped(merged)
    try:
        record: dict[str, Any] = schema.dump(schema.load(merged))
    except ma.ValidationError as error:
        raise Invalid(**dict(flat(error.messages))) from None
    return placed(record)


def flat(messages: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """What marshmallow found, by fields such as `extras.beds`: the first message of each."""
    if isinstance(messages, dict):
        for name, inner in messages.items():
            step = "" if name == "_schema" else f".{name}"
            yield from flat(inner, f"{path}{step}")
    else:
        found = messages[0] if isinstance(messages, list) else messages
        yield path.removeprefix("."), str(found)


def old_letters(values: Mapping[str, Any]) -> str | None:
    """Why the words of a record are not Unicode; None if they are."""
    return old_font(*(str(values.get(name) or "") for name in ("title", "address", "about")))


def _refuse_swapped(values: Mapping[str, Any]) -> None:
    """Here no latitude reaches 90°: the schema would only say that it is out of range."""
    if isinstance(values.get("latitude"), float) and abs(values["latitude"]) > 90:
        placed({name: values.get(name) for name in ("latitude", "longitude")})


@cache
def _schema(schema: type[RecordIn]) -> RecordIn:
    return schema()


def _merged(schema: RecordIn, before: Record, values: Mapping[str, Any]) -> dict[str, Any]:
    merged = {**before, **values}
    for name, value in values.items():
        inner, field = before.get(name), schema.fields.get(name)
        if isinstance(value, Mapping):
            both = {**(inner if isinstance(inner, Mapping) else {}), **value}
            merged[name] = {part: told for part, told in both.items() if told is not None} or None
        if merged[name] is None and not (field and field.allow_none):
            del merged[name]
    return merged
