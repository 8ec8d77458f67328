"""The words in which opening hours are written: days, hours, rest, and the pauses between."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from smartcity.core.text import fold
from smartcity.guide.places.clock_times import SPAN, Ambiguous, span_of
from smartcity.guide.places.hours import DAY, EVERY_DAY, HOLIDAY

_DAY = r"(?:thu\s*(?:hai|ba|tu|nam|sau|bay|[2-7])|t\.?\s?[2-7]|chu nhat|cn)\b"
_BARE = r"[2-7](?!\d|\s*(?:gio|h|g|-|den|[:.]\d\d))"  # thứ 2, 4, 6
_TET = r"(?:cac )?(?:ngay )?tet\b(?: nguyen dan)?"
_PATTERNS = {
    "all_day": r"24\s*/\s*(?:24|7)(?:\s?(?:h|gio)\b)?|24\s?(?:h|gio)\b(?!\s*(?:-|den))"
    r"|(?:ca|suot) ngay(?: (?:va )?dem)?\b",
    "span": SPAN.pattern,
    "days": rf"{_DAY}(?:\s*(?:-|den|,|/|&|\+|va\b)?\s*(?:{_DAY}|{_BARE}))*",
    "every": r"(?:hang|moi) ngay\b|tat ca cac ngay(?: trong tuan)?\b|ca tuan\b",
    "working": r"(?:cac )?ngay (?:thuong|lam viec)\b",
    "weekend": r"cuoi tuan\b",
    "holiday": r"(?:cac )?(?:ngay nghi |ngay )?le\b(?! hoi)"
    rf"(?:\s*(?:,|/|-|&|va\b)?\s*{_TET})?|{_TET}",
    "closed": r"nghi\b|dong cua\b|khong (?:mo cua|lam viec)\b|(?:ngoai )?tru\b",
    "end": r"[;|]|\.(?=\s|$)",
    "pause": r"[,&/+()]|va\b",
    "filler": r"\s+|:|(?:tu|vao|luc|buoi|cac|mo cua|gio mo cua|lam viec|hoat dong|phuc vu)\b",
}
_SCAN = {name: re.compile(pattern) for name, pattern in _PATTERNS.items()}
_NAMED = {
    "every": EVERY_DAY,
    "working": frozenset(range(5)),
    "weekend": frozenset((5, 6)),
    "holiday": frozenset((HOLIDAY,)),
}
_ONE_DAY = re.compile(
    r"\s*(?P<to>-|den\b)?[\s,/&+]*(?:va\b\s*)?(?:thu\s*|t\.?\s?(?=\d))?"
    r"(?P<day>chu nhat|[a-z]+|\d)"
)
_NUMBERS = {"hai": 0, "ba": 1, "tu": 2, "nam": 3, "sau": 4, "bay": 5, "chu nhat": 6, "cn": 6}
_LETTERS = {"all_day": ("S", (0, DAY)), "closed": ("C", None), "end": ("E", None)}
_LETTERS |= {"pause": ("P", None)}
_HYPHENS = str.maketrans("–—−‐‑~→", "-------")


class Unclear(ValueError):
    """Hours that are not understood; its text is a key of the catalogue and the words meant."""

    def __init__(self, key: str, said: str) -> None:
        super().__init__(f"{key}|{urlencode({'said': said.strip()[:60] or '…'})}")


@dataclass(frozen=True)
class Words:
    """What stands between two semicolons: a letter each (D, S, C, P), and what it says."""

    letters: str
    values: tuple[Any, ...]


def words(written: str) -> Iterator[Words]:
    """The words of each part of a text; Unclear for one that is none."""
    part: list[tuple[str, Any]] = []
    for letter, value in (*_scanned(unicodedata.normalize("NFC", written)), ("E", None)):
        if letter == "E":
            yield Words("".join(known for known, _ in part), tuple(told for _, told in part))
            part = []
        else:
            part = _with(part, letter, value)


def _with(part: list[tuple[str, Any]], letter: str, value: Any) -> list[tuple[str, Any]]:
    """T7, CN và lễ: days after days are told together, whatever pause is between."""
    before = part[:-1] if part and part[-1][0] == "P" else part
    if letter == "D" and before and before[-1][0] == "D":
        return [*before[:-1], ("D", before[-1][1] | value)]
    return [*part, (letter, value)]


def _scanned(written: str) -> Iterator[tuple[str, Any]]:
    folded, at = _folded(written), 0
    while at < len(folded):
        tried = ((name, pattern.match(folded, at)) for name, pattern in _SCAN.items())
        name, found = next(((name, match) for name, match in tried if match), ("", None))
        if found is None:
            raise Unclear("place.hours_unclear", written[at:])
        if name != "filler":
            yield _meant(name, found, written[at:])
        at = found.end()


def _folded(written: str) -> str:
    """Letters without accents, as many as there were: a place in it is one in what was written."""
    alike = written.lower().replace("tới", "đến").replace("\n", ";").replace("->", " -")
    return "".join((fold(char) or " ")[0] for char in alike.translate(_HYPHENS))


def _meant(name: str, found: re.Match[str], rest: str) -> tuple[str, Any]:
    if name == "span":
        try:
            return "S", span_of(found)
        except Ambiguous:
            raise Unclear("place.hours_ambiguous", rest[: len(found[0])]) from None
        except ValueError:
            raise Unclear("place.hours_unclear", rest[: len(found[0])]) from None
    if name == "days":
        return "D", _days(found[0])
    if name in _NAMED:
        return "D", _NAMED[name]
    return _LETTERS[name]


def _days(listed: str) -> frozenset[int]:
    days: list[int] = []
    for found in _ONE_DAY.finditer(listed):
        name = found["day"]
        day = int(name) - 2 if name.isdigit() else _NUMBERS[name]
        first = days[-1] if found["to"] else day
        days += [(first + step) % 7 for step in range((day - first) % 7 + 1)]
    return frozenset(days)
