"""Vietnamese text: one canonical form to store, one folded form to search."""

import unicodedata

_FOLDED_LETTERS = str.maketrans({"đ": "d", "ß": "ss"})


def clean(text: str, *, lines: bool = False) -> str:
    """NFC without control, zero-width or bidirectional characters; trimmed.

    `lines` keeps line breaks. Raises ValueError on a lone surrogate, which no UTF-8 can hold.
    """
    text.encode("utf-8")  # UnicodeEncodeError is a ValueError
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
    bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    return bare.translate(_FOLDED_LETTERS)
