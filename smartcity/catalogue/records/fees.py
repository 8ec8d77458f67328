"""Fees as laws write them, understood as far as they say something plain. Never guessed.

What is not understood has no bounds, and is given beside its own words.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

from smartcity.catalogue.records.clauses import clauses


class Kind(StrEnum):
    """How much a text says."""

    FREE = "free"
    FIXED = "fixed"
    VARIES = "varies"
    UNSPECIFIED = "unspecified"  # nothing is said


@dataclass(frozen=True)
class Fee:
    """What something costs, in đồng; a bound that is None is not known."""

    kind: Kind
    least: int | None = None
    most: int | None = None


UNSPECIFIED, OPEN, FREE = Fee(Kind.UNSPECIFIED), Fee(Kind.VARIES), Fee(Kind.FREE, 0, 0)
_NOTHING = Fee(Kind.VARIES, 0, 0)  # for some
_TIMES = {"nghìn": 1_000, "ngàn": 1_000, "triệu": 1_000_000, "tỷ": 1_000_000_000}
_NUMBER = r"\d{1,3}(?:[.,]\d{3})+|\d+(?:[.,]\d{1,2})?"
_CURRENCY = r"(?:đồng(?: việt nam)?|vnđ|vnd|đ)\b"
_TIME = "nghìn|ngàn|triệu|tỷ"
_SUM = rf"(?:(?P<times>{_TIME})\b(?: ?{_CURRENCY})?|{_CURRENCY})"
_AMOUNT = (
    rf"(?P<from>từ )?(?<![\d.,/])(?:(?P<low>{_NUMBER}) ?(?P<low_times>{_TIME})? ?(?:{_CURRENCY} ?)?"
    rf"(?:[-–]|đến|tới) ?)?(?P<high>{_NUMBER}) ?{_SUM}"
    r"(?: ?(?:/|một |mỗi ) ?(?:(?:0?1 )?(?:trường hợp|hồ sơ|lần|lượt|vụ việc)\b|(?P<each>\D+)))?"
)
_LEAD = r"(?:(?:mức thu|mức phí|mức|thu|phí|lệ phí|và|là|tối đa|không quá)\b[:,]? ?)*"
_PLAIN = re.compile(_LEAD + _AMOUNT)
_ANY = re.compile(_AMOUNT)
_BOTH = re.compile(r"phí\s*(?:,|/|và|hoặc)\s*lệ phí", re.IGNORECASE)
_NO_FEE = r"(?:thu |mất |phải nộp |có |tính )?(?:phí|lệ phí|tiền)"
_FREE = re.compile(
    rf"{_LEAD}(?:không(?: {_NO_FEE}| có| thu)?|miễn(?: {_NO_FEE})?|0 ?{_CURRENCY}|0)"
)
_NONE = re.compile(r"(?:không|chưa) (?:quy định|xác định|nêu)\b[^\d]*")
_EXEMPT = re.compile(
    r"(?:được )?(?:miễn|không thu)(?: phí| lệ phí)*(?: cho| khi| nếu| với| đối với| trường hợp)\b.*"
)
_IF = re.compile(
    r"\b(?:nếu|khi|trường hợp|đối với|với|cho|quá hạn|đúng hạn|trực tuyến|trực tiếp|bưu chính)\b"
)
_MORE = re.compile(r"\b(?:thêm|cộng|tối đa|không quá|từ (?:trang|bản|tờ|người|thứ))\b")
_LESS = re.compile(r"\bgiảm\b|%|\busd\b|\$")


@lru_cache(1_000)  # thousands of procedures say the same
def understood(text: str | None) -> Fee:
    """What a text says of a fee."""
    said = _without_lists(clauses(_BOTH.sub("phí", text or "")))
    if not said or (len(said) == 1 and _NONE.fullmatch(said[0])):
        return UNSPECIFIED
    first = _plain(said[0]) or _conditional(said[0])
    others = [_further(clause) for clause in said[1:]]
    if first is None or None in others:  # but that it is free for some
        return _between([OPEN, *(other for other in others if other == _NOTHING)])
    return _between([first, *filter(None, others)])


def span(fees: Iterable[Fee]) -> Fee:
    """From the lowest to the highest of several ways; those of which nothing is said aside."""
    told = [each for each in fees if each.kind is not Kind.UNSPECIFIED]
    found = _between(told)
    # Of a way that is not understood, only that it costs no less than nothing is known.
    known = found.least == 0 or all(each.least is not None for each in told)
    return found if known else Fee(Kind.VARIES, None, found.most)


def _without_lists(said: Sequence[str]) -> list[str]:
    """A case may be a list with commas: "miễn cho trẻ em, người cao tuổi"."""
    kept: list[str] = []
    for clause in said:
        goes_on = kept and (_EXEMPT.fullmatch(kept[-1]) or _IF.search(kept[-1]))
        if not goes_on or re.search(r"\d|^theo\b", clause) or _tells(clause):
            kept.append(clause)
    return kept


def _tells(clause: str) -> bool:
    found = _EXEMPT.fullmatch(clause), _FREE.fullmatch(clause), _MORE.search(clause)
    return any((*found, _LESS.search(clause)))


def _plain(clause: str) -> Fee | None:
    """A clause that says one sum or a range, and nothing besides."""
    if _FREE.fullmatch(clause):
        return FREE
    found = _PLAIN.fullmatch(clause)
    return _of(found) if found else None


def _conditional(clause: str) -> Fee | None:
    """A clause that says one sum, or none, for some cases only."""
    found = list(_ANY.finditer(clause))
    if len(found) > 1 or _LESS.search(clause) or _MORE.search(clause) or clause[:5] == "theo ":
        return None
    if found and _IF.search(clause):
        fee = _of(found[0])
        return Fee(Kind.VARIES, fee.least, fee.most)
    return _NOTHING if not found and _EXEMPT.fullmatch(clause) else None


def _further(clause: str) -> Fee | None:
    """What another clause adds: a sum for some cases, or that it may be more.

    None for a sum that is not understood.
    """
    if _LESS.search(clause):
        return None
    if _MORE.search(clause) or not _ANY.search(clause):
        return _conditional(clause) or OPEN
    return _conditional(clause)


def _between(fees: Sequence[Fee]) -> Fee:
    if len(set(fees)) <= 1:
        return fees[0] if fees else UNSPECIFIED
    lows = [each.least for each in fees if each.least is not None]
    highs = [each.most for each in fees if each.most is not None]
    most = max(highs) if len(highs) == len(fees) else None
    return Fee(Kind.VARIES, min(lows, default=None), most)


def _of(found: re.Match[str]) -> Fee:
    most = _sum(found["high"], found["times"])
    least = _sum(found["low"], found["low_times"] or found["times"]) if found["low"] else most
    if least is None or most is None or least > most:
        return OPEN
    if found["each"] or (found["from"] and not found["low"]):
        return Fee(Kind.VARIES, least)
    if least == most:
        return FREE if most == 0 else Fee(Kind.FIXED, least, most)
    return Fee(Kind.VARIES, least, most)


def _sum(number: str, times: str | None) -> int | None:
    """In đồng; None for what reads two ways: "1.500 triệu", or a part of a đồng."""
    grouped = re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+", number)
    if grouped and len(set(re.findall("[.,]", number))) == 1 and not times:
        return int(re.sub("[.,]", "", number))
    amount = Decimal(number.replace(",", ".")) * _TIMES.get(times or "", 1) if not grouped else None
    return int(amount) if amount is not None and amount == int(amount) else None
