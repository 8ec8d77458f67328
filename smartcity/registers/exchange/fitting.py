"""Values of a file as the fields of a schema want them: numbers, days, lists, communes by name."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from functools import cache
from typing import Any

import marshmallow as ma

from smartcity.areas import service as areas
from smartcity.core.fields import Instant
from smartcity.core.tables.cells import is_blank, lines
from smartcity.core.tables.headings import plain
from smartcity.core.text import fold
from smartcity.registers.exchange import amounts
from smartcity.registers.schemas import is_ward_field

Values = Mapping[str, Any]
_BETWEEN = re.compile(r"[;,|\n]")


@dataclass(frozen=True)
class Fitting:
    """How values are read: words that mean a value, by field, and when the file is loaded.

    `loaded` is None where times must not be relative to it.
    """

    meant: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    loaded: datetime | None = None

    def fit(
        self, values: Values, schema: ma.Schema, *, path: str = "", before: Values | None = None
    ) -> dict[str, Any]:
        """The values by field, None for an empty one; `before` is what stands where they go.

        Raises ValidationError by field.
        """
        beside = {**(before or {}), **values}
        found: dict[str, Any] = {}
        faults: dict[str, Any] = {}
        for name, value in values.items():
            try:
                found[name] = self._fit(value, _fields(schema).get(name), path + name, beside)
            except ma.ValidationError as error:
                faults[name] = error.messages
        if faults:
            raise ma.ValidationError(faults)
        return found

    def _fit(self, value: Any, wanted: Any, path: str, beside: Values) -> Any:
        if value is None or is_blank(value):
            return None
        if isinstance(value, Mapping):
            schema = _schema_of(wanted, beside, self.meant)
            return self.fit(value, schema, path=f"{path}.") if schema else value
        if isinstance(wanted, ma.fields.List):
            return [self._fit(one, wanted.inner, path, beside) for one in _split(value)]
        return value if isinstance(value, list) else self._scalar(value, wanted, path)

    def _scalar(self, value: Any, wanted: Any, path: str) -> Any:
        if isinstance(wanted, Instant):
            return amounts.instant(value, self.loaded)
        for kind, read in _READERS:
            if isinstance(wanted, kind):
                return read(value)
        return self._words(value, path, ward=is_ward_field(wanted))

    def _words(self, value: Any, path: str, *, ward: bool) -> str:
        try:
            written = lines(value)
        except ValueError:
            raise ma.ValidationError("table.not_words") from None
        if ward:
            return _ward(written)
        return self.meant.get(path, {}).get(plain(written), written)


_READERS: tuple[tuple[type[ma.fields.Field[Any]], Any], ...] = (
    (ma.fields.Boolean, amounts.truth),
    (ma.fields.Integer, amounts.whole),
    (ma.fields.Float, amounts.decimal),
    (ma.fields.Date, amounts.date),
    (ma.fields.Time, lambda value: f"{value:%H:%M}" if isinstance(value, time) else str(value)),
)


@cache
def _known(schema: type[ma.Schema]) -> dict[str, ma.fields.Field[Any]]:
    made = schema()
    return {each.data_key or name: each for name, each in made.fields.items()}


def _fields(schema: ma.Schema) -> dict[str, ma.fields.Field[Any]]:
    return _known(type(schema))


def _schema_of(wanted: Any, beside: Values, meant: Mapping[str, Mapping[str, str]]) -> Any:
    """The schema of an object; `extras` of a place follow from the category beside them."""
    if isinstance(wanted, ma.fields.Nested):
        return wanted.schema
    depends = getattr(wanted, "schema_of", None)
    if depends is None:
        return None
    category = str(beside.get("category") or "")
    return depends(meant.get("category", {}).get(plain(category), category))


def _split(value: Any) -> list[Any]:
    if isinstance(value, list):
        return value
    if not isinstance(value, str):
        return [value]
    return [part.strip() for part in _BETWEEN.split(value) if part.strip()]


def _ward(written: str) -> str:
    """The code of a commune that is written by its name or by its code."""
    if written.isdecimal():
        return written.zfill(5)
    known = areas.reference()
    name = _bare(written)
    found = [ward.code for ward in known.wards if _bare(ward.name_vi) == name]
    found = (
        found
        if len(found) < 2
        else [ward.code for ward in known.wards if fold(ward.name_vi) == fold(written)]
    )
    if len(found) != 1:
        raise ma.ValidationError("area.unknown")
    return found[0]


@cache
def _bare(name: str) -> str:
    return re.sub(r"\A(?:phuong|xa|dac khu|thi tran|p|x) ", "", plain(name))
