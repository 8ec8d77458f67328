"""Amounts of dong as people write them."""

import re

from smartcity.core.text import fold

_CURRENCY = re.compile(r"\s*(?:d|dong|vnd|₫)\Z")
_PLAIN = re.compile(r"\d{1,15}(?:[.,]0{1,2})?")
_GROUPED = re.compile(r"\d{1,3}(?:([.,\s])\d{3})(?:\1\d{3})*(?:[.,]0{1,2})?")
_SHORT = re.compile(r"(\d{1,9})(?:[.,](\d{1,2}))?\s*(k|nghin|ngan|trieu|tr)")
_TIMES = {"k": 1_000, "nghin": 1_000, "ngan": 1_000, "trieu": 1_000_000, "tr": 1_000_000}
_CENTS = re.compile(r"[.,]0{1,2}\Z")


def dong(written: str) -> int | None:
    """The amount, of "85.000", "85,000đ", "85000.0", "85 nghìn", "85k" or "1,2 triệu".

    None for what may mean two things ("85.5", "85.000k") or nothing.
    """
    bare = _CURRENCY.sub("", fold(written).strip())
    if short := _SHORT.fullmatch(bare):
        whole, decimals, word = short.groups(default="")
        amount: int = int(whole + decimals) * _TIMES[word] // 10 ** len(decimals)
        return amount
    if _PLAIN.fullmatch(bare) or _GROUPED.fullmatch(bare):
        return int(re.sub(r"\D", "", _CENTS.sub("", bare)))
    return None
