"""How Vietnamese that is written short is said in full, by the province's `speech.yaml`.

BadFile names what is wrong in it. A number keeps its points: voices read 1.234.567 as it is meant.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import marshmallow as ma
from marshmallow import validate

from smartcity.core.context import per_app
from smartcity.core.datafile import read_yaml
from smartcity.core.fields import Schema, Text
from smartcity.settings import Settings

FILE = "speech.yaml"
_DAY_WORD = r"(?P<said>ngày\s+)?"
_LINKED_DAYS = re.compile(
    rf"{_DAY_WORD}\b(\d{{1,2}})\s*[-–]\s*(\d{{1,2}})/(\d{{1,2}})(?:/(\d{{4}}))?(?![\d/])", re.I
)
_DATE = re.compile(rf"{_DAY_WORD}(?<![\d/])(\d{{1,2}})([/.-])(\d{{1,2}})\3(\d{{4}})(?![\d/])", re.I)
# Without a year it is a date only where a word says so: 3/4 is a fraction.
_DAY = re.compile(
    r"\b((?:ngày|sáng|trưa|chiều|tối|đêm|hôm|đến|từ)\s+)(\d{1,2})/(\d{1,2})(?![\d/])", re.I
)
_MONTH = re.compile(r"\b((?:tháng|quý)\s+(?:\d{1,2}|[IV]{1,3}))/(\d{4})\b", re.I)
_TIME = re.compile(r"(?<![\d.,:/])([01]?\d|2[0-4])(?:[hg:]([0-5]\d)(?!\d)|[hg](?!\w))(?![:/])")
_RANGE = re.compile(r"(?<![\w.,/+-])([1-9][\d.,]*)\s*[-–]\s*([1-9][\d.,]*)(?![\d/-])")
_SYMBOL = re.compile(r"(?<![\w/])(?:(\d+[a-z]?)/)?(?:(\d{4})/)?([^\W\d_]+\d*(?:-[^\W\d_]+\d*)*)\b")


def _table() -> ma.fields.Dict:
    return ma.fields.Dict(
        Text(max=20), Text(max=80), required=True, validate=validate.Length(min=1)
    )


class _File(Schema):
    abbreviations = _table()
    symbols = _table()
    units = _table()


class Pronunciation:
    """The words of one table, put into full."""

    def __init__(
        self,
        abbreviations: Mapping[str, str],
        symbols: Mapping[str, str],
        units: Mapping[str, str],
    ) -> None:
        self._abbreviations, self._symbols, self._units = abbreviations, symbols, units
        unit = _any(units)
        self._unit = re.compile(rf"(?<=\d)\s*({unit})(?:/({unit}))?(?![\w²³])")
        self._short = re.compile(rf"(?<![\w&])(?:{'|'.join(map(_short, _longest(abbreviations)))})")

    def said(self, text: str) -> str:
        """A sentence as it is said; what no rule knows stays as it is."""
        steps: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
            (_LINKED_DAYS, _linked_days),
            (_DATE, _date),
            (_DAY, lambda found: f"{found[1]}{int(found[2])} tháng {int(found[3])}"),
            (_MONTH, lambda found: f"{found[1]} năm {found[2]}"),
            (_TIME, _time),
            (_SYMBOL, self._symbol),
            (_RANGE, _range),
            (self._unit, self._with_unit),
            (self._short, lambda found: f"{self._abbreviations[found[0].strip()]} "),
        )
        for pattern, say in steps:
            text = pattern.sub(say, text)
        return _tidy(text.replace(" & ", " và "))

    def _with_unit(self, found: re.Match[str]) -> str:
        each = f" mỗi {self._units[found[2]]}" if found[2] else ""
        return f" {self._units[found[1]]}{each}"

    def _symbol(self, found: re.Match[str]) -> str:
        """12/2026/QĐ-UBND; a word alone is no symbol."""
        number, year, letters = found.groups()
        parts = [re.fullmatch(r"(\D+)(\d*)", part) for part in letters.split("-")]
        known = [part and self._symbols.get(part[1]) for part in parts]
        if None in known or (len(parts) == 1 and not number):
            return found[0]
        said = [
            f"{word} {part[2]}".strip() for word, part in zip(known, parts, strict=True) if part
        ]
        if found.string[: found.start()].rstrip().casefold().endswith(said[0].casefold()):
            del said[0]  # Quyết định 12/2026/QĐ-UBND: it was named
        numbered = f"{number} năm {year}" if year else number
        return " ".join(filter(None, [numbered, *said]))


@per_app
def pronunciation(settings: Settings) -> Pronunciation:
    """The application's table."""
    return load(settings.province_dir)


def load(province: Path) -> Pronunciation:
    """The table of a province's folder."""
    return Pronunciation(**read_yaml(province / FILE, _File))


def _longest(words: Iterable[str]) -> list[str]:
    return sorted(words, key=len, reverse=True)


def _any(words: Iterable[str]) -> str:
    return "|".join(map(re.escape, _longest(words)))


def _short(word: str) -> str:
    """An abbreviation; of one letter it might be somebody's initial, but for a number behind it."""
    if len(word) == 2 and word.endswith("."):
        return rf"{re.escape(word)}\s*(?=\d)"
    return re.escape(word) + (r"\s*(?=\w)" if word.endswith(".") else r"(?!\w)")


def _linked_days(found: re.Match[str]) -> str:
    _said, first, last, month, year = found.groups()
    whole = f"ngày {int(first)} đến ngày {int(last)} tháng {int(month)}"
    return f"{whole} năm {year}" if year else whole


def _date(found: re.Match[str]) -> str:
    _said, day, _mark, month, year = found.groups()
    if not (1 <= int(day) <= 31 and 1 <= int(month) <= 12):
        return found[0]
    return f"{found['said'] or 'ngày '}{int(day)} tháng {int(month)} năm {year}"


def _time(found: re.Match[str]) -> str:
    hour, minute = found.groups()
    exact = minute is None or minute == "00"
    return f"{int(hour)} giờ" if exact else f"{int(hour)} giờ {int(minute)} phút"


def _range(found: re.Match[str]) -> str:
    """1900-1022 is a number to call: it does not rise."""
    first, last = (float(re.sub(r"\D", "", number)) for number in found.groups())
    return f"{found[1]} đến {found[2]}" if last > first else found[0]


def _tidy(text: str) -> str:
    return re.sub(r"\s+([,.;:!?…)])", r"\1", " ".join(text.split()))
