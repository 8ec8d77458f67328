"""Numbers, days and times as people here write them; ValidationError by message."""

import re
from datetime import datetime, timedelta

import marshmallow as ma

from smartcity.core import clock
from smartcity.core.tables.cells import Cell, day, words

_MONEY = re.compile(r"[\s\xa0]|(?:đ|đồng|vnđ|vnd|₫)\.?(?:\Z|(?=/))", re.IGNORECASE)
_WHOLE = re.compile(r"-?\d+(?:[.,]0+)?|-?\d{1,3}(?:[.,]\d{3})+")
_DECIMAL = re.compile(r"-?\d+(?:[.,]\d+)?")
_RELATIVE = re.compile(r"([+-]\d{1,4})d(?: (\d{1,2}):(\d{2}))?")
_LOCAL = re.compile(r"(\d{1,2}[/.-]\d{1,2}[/.-]\d{4}|\d{4}-\d\d-\d\d)[T ]?(\d{1,2}):(\d{2})")
_TRUE = {"true", "có", "co", "x", "1", "yes", "đúng", "v"}
_FALSE = {"false", "không", "khong", "0", "no", "ko"}


def whole(cell: Cell) -> int:
    """`8.000.000 đ` and 8000000.0: signs between groups of three digits are none."""
    if isinstance(cell, (int, float)) and float(cell).is_integer():
        return int(cell)
    written = _bare(cell)
    if not _WHOLE.fullmatch(written):
        raise ma.ValidationError("field.not_integer")
    if re.fullmatch(r"-?\d+[.,]0{1,2}", written):
        written = re.split("[.,]", written)[0]
    return int(re.sub("[.,]", "", written))


def decimal(cell: Cell) -> float:
    """`20,8525` and `20.8525`."""
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return float(cell)
    written = _bare(cell)
    if not _DECIMAL.fullmatch(written):
        raise ma.ValidationError("field.not_number")
    return float(written.replace(",", "."))


def truth(cell: Cell) -> bool:
    """`Có`, `x`, `không`."""
    if isinstance(cell, bool):
        return cell
    written = words(cell).casefold()
    if written not in _TRUE | _FALSE:
        raise ma.ValidationError("field.not_boolean")
    return written in _TRUE


def date(cell: Cell) -> str:
    """`22/11/2026`, a spreadsheet's day, or ISO; as ISO."""
    try:
        return day(cell)
    except ValueError:
        raise ma.ValidationError("field.not_date") from None


def instant(cell: Cell, loaded: datetime | None = None) -> str:
    """A time here without an offset, or `+6d 08:00` from the day of loading; as RFC 3339."""
    if isinstance(cell, datetime):
        return cell.replace(tzinfo=clock.LOCAL).isoformat()
    written = words(cell)
    if loaded and (found := _RELATIVE.fullmatch(written)):
        return _moment(loaded, int(found[1]), found[2], found[3]).isoformat()
    if not (found := _LOCAL.fullmatch(written)):
        return written  # with an offset, or what the field refuses
    try:
        return datetime.fromisoformat(
            f"{day(found[1])}T{found[2]:0>2}:{found[3]}+07:00"
        ).isoformat()
    except ValueError:
        raise ma.ValidationError("field.not_time") from None


def _moment(loaded: datetime, days: int, hour: str | None, minute: str | None) -> datetime:
    at = loaded.astimezone(clock.LOCAL) + timedelta(days=days)
    return at.replace(hour=int(hour or 0), minute=int(minute or 0), second=0, microsecond=0)


def _bare(cell: Cell) -> str:
    return _MONEY.sub("", words(cell))
