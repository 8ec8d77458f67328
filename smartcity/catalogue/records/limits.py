"""Time limits as laws write them, understood as far as they say something plain. Never guessed.

What is not understood has no bounds, and is given beside its own words.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from smartcity.catalogue.records.clauses import clauses


class Kind(StrEnum):
    """How much a text says."""

    WITHIN_DAY = "within_day"
    FIXED = "fixed"
    VARIES = "varies"
    UNSPECIFIED = "unspecified"  # nothing is said


class Unit(StrEnum):
    """In what a time is told."""

    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"
    WORKING_DAY = "working_day"
    MONTH = "month"


@dataclass(frozen=True)
class Length:
    """So long; 0 working days: within the day."""

    amount: float
    unit: Unit

    @property
    def about(self) -> float:
        """Hours, to tell the longer of two; five working days are a week."""
        return self.amount * _HOURS[self.unit]


@dataclass(frozen=True)
class Limit:
    """How long something takes; a bound that is None is not known."""

    kind: Kind
    least: Length | None = None
    most: Length | None = None


UNSPECIFIED, OPEN = Limit(Kind.UNSPECIFIED), Limit(Kind.VARIES)
TODAY, TOMORROW = Length(0, Unit.WORKING_DAY), Length(1, Unit.WORKING_DAY)
_HOURS = {
    **{Unit.MINUTE: 1 / 60, Unit.HOUR: 1, Unit.DAY: 24},
    **{Unit.WORKING_DAY: 24 * 7 / 5, Unit.MONTH: 24 * 30},
}
_UNITS = {
    **{"phút": (1, Unit.MINUTE), "giờ": (1, Unit.HOUR), "tiếng": (1, Unit.HOUR)},
    **{"giờ làm việc": (1 / 8, Unit.WORKING_DAY), "ngày làm việc": (1, Unit.WORKING_DAY)},
    "ngày": (1, Unit.DAY),
    **{"tuần": (7, Unit.DAY), "tháng": (1, Unit.MONTH), "năm": (12, Unit.MONTH)},
}
_NUMBER = r"[1-3]/[2-4]|\d{1,4}(?:[.,]\d)?|½|nửa"
_UNIT = "ngày làm việc|ngày|phút|giờ làm việc|giờ|tiếng|tuần|tháng|năm"
# "ngày 05 tháng 3" is a date.
_LENGTH = (
    rf"(?P<from>từ )?(?<![\d.,/])(?<!ngày )(?P<least>{_NUMBER})"
    rf"(?:(?: ?(?P<first>{_UNIT}))?(?: ?[-–] ?| đến | tới )(?P<most>{_NUMBER}))? ?"
    rf"(?P<unit>{_UNIT})\b(?! \d)"
)
_LEAD = (
    r"(?:thời hạn |thời gian |giải quyết:? |là:? |trong vòng |trong thời hạn |trong thời gian "
    r"|trong |tối đa |không quá |không vượt quá |chậm nhất |muộn nhất )*"
)
_SINCE = r"(?:kể từ|tính từ|từ khi|từ ngày|sau khi)\b[^\d]*"
_PLAIN = re.compile(rf"{_LEAD}{_LENGTH}(?: (?P<since>{_SINCE}))?")
_ANY = re.compile(_LENGTH)
_TODAY = r"(?:ngay )?trong (?:cùng )?ngày(?: làm việc)?(?: tiếp nhận| nhận)?(?: yêu cầu| hồ sơ)?\b"
_NOW = r"(?:(?:trả|cấp|giải quyết|trả kết quả) )?ngay(?: lập tức)?"
_WITHIN = re.compile(rf"(?:{_TODAY}|{_NOW})(?: (?P<since>khi\b[^\d]*|{_SINCE}))?")
# Received late: it is not done on that day, and "15 giờ" is no length.
_LATE = re.compile(r".*\bsau \d{1,2} ?(?:giờ|h|g)\b.*\bngày (?:làm việc )?(?:tiếp theo|hôm sau).*")
_IF = re.compile(
    r"\b(?:nếu|(?<!sau )(?<!từ )khi|trường hợp|đối với|riêng|thì)\b"
    rf"|(?:^|{'|'.join(f'{unit} ' for unit in _UNITS)})với\b"
)
_MORE = re.compile(
    r"\b(?:thêm|kéo dài|lâu hơn|(?:được|có thể) gia hạn|(?:chưa|không) (?:kể|tính|bao gồm))\b"
)
_NONE = re.compile(r"không|không (?:quy định|có|xác định|nêu)\b[^\d]*|chưa quy định")
_RECEIVED = re.compile(r"\b(?:nhận|nộp|hồ sơ|thụ lý|yêu cầu|đơn|đề nghị)\b")


@lru_cache(1_000)  # thousands of procedures say the same
def understood(text: str | None) -> Limit:
    """What a text says of a time, in the units that it uses."""
    said = _without_lists([each for each in clauses(text or "") if not _from_receipt(each)])
    if not said or (len(said) == 1 and _NONE.fullmatch(said[0])):
        return UNSPECIFIED
    first = _plain(said[0]) or _conditional(said[0])
    others = [_further(clause) for clause in said[1:]]
    if first is None or None in others:
        return OPEN
    return _between([first, *filter(None, others)])


def span(limits: Iterable[Limit]) -> Limit:
    """From the shortest to the longest of several ways; those of which nothing is said aside."""
    told = [each for each in limits if each.kind is not Kind.UNSPECIFIED]
    found = _between(told)
    # Of a way that is not understood, it is known only that nothing is sooner than at once.
    known = found.least == TODAY or all(each.least for each in told)
    return found if known else Limit(Kind.VARIES, None, found.most)


def _without_lists(said: Sequence[str]) -> list[str]:
    """A case may be a list with commas: "10 ngày với nhà ở, công trình"."""
    kept: list[str] = []
    for clause in said:
        goes_on = kept and _IF.search(kept[-1]) and not re.search(r"\d", clause)
        if not goes_on or _MORE.search(clause) or re.match(_TODAY, clause):
            kept.append(clause)
    return kept


def _from_receipt(clause: str) -> bool:
    return bool(re.fullmatch(_SINCE, clause) and _RECEIVED.search(clause))


def _plain(clause: str) -> Limit | None:
    """A clause that says one time or a range, and nothing besides."""
    if found := _PLAIN.fullmatch(clause):
        limit = _of(found)
    elif found := _WITHIN.fullmatch(clause):
        limit = Limit(Kind.WITHIN_DAY, TODAY, TODAY)
    else:
        return None
    if not found["since"] or _RECEIVED.search(found["since"]):
        return limit
    return Limit(Kind.VARIES, limit.least)  # it begins later than with the papers


def _conditional(clause: str) -> Limit | None:
    """A clause that says one time, for some cases only."""
    found = list(_ANY.finditer(clause))
    if _MORE.search(clause) or not _IF.search(clause) or len(found) > 1:
        return None
    if found:
        limit = _of(found[0])
        return Limit(Kind.VARIES, limit.least, limit.most)
    return Limit(Kind.VARIES, TODAY, TODAY) if re.match(_TODAY, clause) else None


def _further(clause: str) -> Limit | None:
    """What another clause adds: a time for some cases, or that it may be more.

    None for a time that is not understood.
    """
    if _LATE.fullmatch(clause):
        return Limit(Kind.VARIES, None, TOMORROW)
    if _MORE.search(clause) or not _ANY.search(clause):
        return _conditional(clause) or OPEN
    return _conditional(clause)


def _between(limits: Sequence[Limit]) -> Limit:
    if len(set(limits)) <= 1:
        return limits[0] if limits else UNSPECIFIED
    lows = [each.least for each in limits if each.least]
    highs = [each.most for each in limits if each.most]
    least = min(lows, key=lambda length: length.about, default=None)
    most = max(highs, key=lambda length: length.about, default=None)
    return Limit(Kind.VARIES, least, most if len(highs) == len(limits) else None)


def _of(found: re.Match[str]) -> Limit:
    unit = found["unit"]
    least = _length(found["least"], unit)
    if not found["most"]:
        return Limit(Kind.VARIES, least) if found["from"] else Limit(Kind.FIXED, least, least)
    most = _length(found["most"], unit)
    ordered = least.amount < most.amount and found["first"] in (None, unit)
    return Limit(Kind.VARIES, least, most) if ordered else OPEN


def _length(number: str, unit: str) -> Length:
    times, kind = _UNITS[unit]
    if number in ("½", "nửa"):
        return Length(0.5 * times, kind)
    top, _, bottom = number.replace(",", ".").partition("/")
    return Length(float(top) / float(bottom or 1) * times, kind)
