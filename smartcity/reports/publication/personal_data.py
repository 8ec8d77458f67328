"""Personal data in what people wrote: suggestions to a moderator, and a cover for our own texts."""

import re
from dataclasses import dataclass

from smartcity.reports.publication.places import house_numbers

COVER = "[đã che]"
# A range of letters would not do: Vietnamese capitals and small ones stand in turn.
_UPPER = "".join(letter for letter in map(chr, range(0x41, 0x1EFA)) if letter.isupper())
# In this order: what one kind has found is not searched for another.
_KINDS = {
    "email": re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),
    "bank_account": re.compile(
        r"(?:stk|số\s+tài\s+khoản|tài\s+khoản|số\s+tk|tk)\b[^\d\n]{0,30}(\d(?:[ .-]?\d){5,18})",
        re.I,
    ),
    "id_number": re.compile(
        r"(?<!\d)0\d{2}[ .]?\d{3}[ .]?\d{3}[ .]?\d{3}(?!\d)"
        r"|(?:cmnd|cccd|căn\s+cước|chứng\s+minh)[^\d\n]{0,30}(\d{9}(?:\d{3})?)(?!\d)",
        re.I,
    ),
    "phone": re.compile(r"(?<!\d)(?:\+?84\)?|0)(?:[ .-]{0,2}\(?\d\)?){8,10}(?!\d)"),
    "plate": re.compile(
        r"(?<![\w])\d{2}[ .-]?[A-ZĐ]{1,2}\d?[ .-]{0,3}\d{3}[.]?\d{1,2}(?!\d)", re.I
    ),
    "number": re.compile(r"(?<![\d.,])\d{9,19}(?![\d.,]\d|\d)"),
    "name": re.compile(
        r"(?<!\w)(?:[Ôô]ng|[Bb]à|[Aa]nh|[Cc]hị|[Cc]ô|[Cc]hú|[Bb]ác|[Ee]m|[Cc]háu)"
        rf"((?:\s+[{_UPPER}]\w*){{2,5}})"
    ),
}
_REPORTED_AS = {"number": "bank_account"}  # so many digits in a row are an account at best


@dataclass(frozen=True)
class Found:
    """A piece of text that may be personal; `start` and `end` count characters."""

    kind: str
    start: int
    end: int


def personal_data(words: str, *, homes: bool = False) -> list[Found]:
    """What looks like a number, address or name of a person, in the order of the text.

    `homes`: house numbers, too.
    """
    found: list[Found] = []
    for kind, pattern in _KINDS.items():
        for match in pattern.finditer(words):
            start, end = match.span(match.lastindex or 0)
            found += _unless_known(found, _REPORTED_AS.get(kind, kind), start, end, words)
    for start, end in house_numbers(words) if homes else ():
        found += _unless_known(found, "house_number", start, end, words)
    return sorted(found, key=lambda each: each.start)


def covered(words: str, *, homes: bool = False) -> str:
    """The words with all of that replaced by “[đã che]”."""
    for each in reversed(personal_data(words, homes=homes)):
        words = words[: each.start] + COVER + words[each.end :]
    return words


def _unless_known(found: list[Found], kind: str, start: int, end: int, words: str) -> list[Found]:
    if any(start < other.end and other.start < end for other in found):
        return []
    piece = words[start:end]
    start += len(piece) - len(piece.lstrip())
    return [Found(kind, start, start + len(piece.strip(" ,")))]
