"""The number and symbol of a document (số, ký hiệu), as Decree 30/2020/NĐ-CP writes them."""

import re
import unicodedata

_DASHES = re.compile(r"\s*[-\u2010-\u2015\u2212]\s*")
_SLASHES = re.compile(r"\s*/\s*")
_ETH = str.maketrans({"Ð": "Đ"})  # the letter of another alphabet that looks the same


def normalised(written: str) -> str:
    """The one form of a number: ` 12 / 2026/qđ – ubnd` is 12/2026/QĐ-UBND."""
    upper = unicodedata.normalize("NFC", written).upper().translate(_ETH)
    return _SLASHES.sub("/", _DASHES.sub("-", " ".join(upper.split())))


def words(asked: str) -> list[str]:
    """What somebody looks for, word by word; a number that he spaced out is one word."""
    return _SLASHES.sub("/", asked).split()
