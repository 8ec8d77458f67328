"""Vietnamese text: one canonical form to store, one folded form to search."""

import json
import re
import unicodedata
from bisect import bisect_right

_MARKS = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]")
_FOLDED_LETTERS = str.maketrans({"đ": "d", "ß": "ss"})


def clean(text: str, *, lines: bool = False) -> str:
    """NFC without control, zero-width or bidirectional characters; trimmed.

    `lines` keeps line breaks. Raises ValueError on a lone surrogate, which no UTF-8 can hold.
    """
    text.encode("utf-8")  # UnicodeEncodeError is a ValueError
    kept = text
    if not text.isprintable():  # few texts have anything to strip, and looking is costly
        kept = "".join(c for c in text.replace("\r\n", "\n") if _printable(c, lines))
    return unicodedata.normalize("NFC", kept).strip()


def _printable(char: str, lines: bool) -> bool:
    if char in "\n\t":
        return lines
    if char == "\u200d":  # joins the parts of one emoji
        return lines
    return unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Zl", "Zp", "Co", "Cn")


def fold(text: str) -> str:
    """The form in which texts are compared: no case, no accents, đ as d."""
    decomposed = unicodedata.normalize("NFD", text.casefold())
    return _MARKS.sub("", decomposed).translate(_FOLDED_LETTERS)


def shortened(text: str, most: int) -> str:
    """The text, cut to end in … where it takes more than `most` bytes of JSON in UTF-8."""
    if _bytes(text) <= most:
        return text
    room = most - _bytes("…")
    fitting = bisect_right(range(len(text)), room, key=lambda length: _bytes(text[:length])) - 1
    return text[:fitting].rstrip() + "…"


def _bytes(text: str) -> int:
    return len(json.dumps(text, ensure_ascii=False).encode()) - 2
