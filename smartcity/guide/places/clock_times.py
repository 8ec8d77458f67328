"""From one time of day to another, as people here write it: 7h30–11h, 6h sáng đến 9h tối."""

import re

from smartcity.guide.places.hours import DAY, Span

PART = r"(?:sang|trua|chieu|toi|dem|am|pm)\b"
_NO_HOUR = r"(?!\d|\s?(?:[hg](?![a-z])|gio|:))"  # 7h 11h: the second is no minute
_MINUTES = rf"(?:\s?(?P<{{0}}m>\d\d)(?:\s?phut\b|['’])?{_NO_HOUR}|\s(?P<{{0}}half>ruoi)\b)?"
_TIME = (
    rf"(?P<{{0}}h>\d\d?)(?:\s?(?P<{{0}}mark>gio|h|g)(?![a-z]){_MINUTES}"
    r"|[:.](?P<{0}mm>\d\d)(?:\s?h\b)?)?(?!\d)"
)
_UNTIL = r"\s*(?:-|den)\s*"
SPAN = re.compile(
    rf"(?:(?P<before>{PART})\s*:?\s*(?:tu\s+)?)?"
    + _TIME.format("a")
    + rf"(?:\s*(?P<a>{PART}))?{_UNTIL}"
    + _TIME.format("b")
    + rf"(?:\s*(?P<b>{PART})(?!\s*:?\s*(?:tu\s+)?\d))?(?P<next>\s*(?:hom|ngay) sau\b)?"
)
_TELLING = ("amark", "amm", "a", "bmark", "bmm", "b", "before")
_NOON = 12 * 60
# From which hour to which one a part of the day means hours after noon.
_AFTERNOON = {"trua": (1, 2), "chieu": (1, 11), "toi": (1, 11), "dem": (6, 11), "pm": (1, 11)}
_MIDNIGHT = ("toi", "dem", "am", "sang")  # in which 12 is no noon


class Ambiguous(ValueError):
    """It could be before noon or after."""


def span_of(found: re.Match[str]) -> Span:
    """The minutes of a match of SPAN. ValueError for no time of day, Ambiguous for two readings."""
    if not any(found[name] for name in _TELLING):
        raise ValueError  # 8-17: of what?
    start, end = _minute(found, "a") % DAY, _minute(found, "b")
    later = end <= start or found["next"] is not None
    if _told_by_one_side(found) or (later and not found["next"] and _twice_in_a_day(found)):
        raise Ambiguous
    if (end > start and later) or (end == start and not found["next"]):
        raise ValueError
    return start, end + DAY if later else end


def _minute(found: re.Match[str], side: str) -> int:
    hour = int(found[f"{side}h"])
    minute = int(found[f"{side}m"] or found[f"{side}mm"] or (30 if found[f"{side}half"] else 0))
    total = hour * 60 + minute
    if minute > 59 or total > DAY:
        raise ValueError
    part = found[side] or found["before"]
    first, last = _AFTERNOON.get(part or "", (0, -1))
    if first <= hour <= last:
        return total + _NOON
    return total - _NOON if hour == 12 and part in _MIDNIGHT else total


def _told_by_one_side(found: re.Match[str]) -> bool:
    """6h-9h tối: is the first the morning's? 7h-5h chiều can be read in one way only."""
    if found["before"] or bool(found["a"]) == bool(found["b"]):
        return False
    told, other = ("a", "b") if found["a"] else ("b", "a")
    shifted = _minute(found, told) != int(found[f"{told}h"]) * 60 + _minute(found, told) % 60
    earlier = int(found["ah"]) > int(found["bh"])
    return shifted and _on_a_dial(found, other) and not (told == "b" and earlier)


def _twice_in_a_day(found: re.Match[str]) -> bool:
    """10h-2h: until the afternoon, or into the night?"""
    return not found["b"] and not found["before"] and all(_on_a_dial(found, s) for s in "ab")


def _on_a_dial(found: re.Match[str], side: str) -> bool:
    hour = found[f"{side}h"]
    return not hour.startswith("0") and 1 <= int(hour) <= 12
