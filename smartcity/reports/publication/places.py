"""Where the public sees a report: at its place or in the middle of a cell; no house number."""

import math
import re

_DEGREE = 111_320.0  # metres of latitude; of longitude at the equator
_NUMBER = r"\d+[A-Za-zĐđ]?(?:\s?[/-]\s?\d+[A-Za-zĐđ]?)*"
_LEADING = re.compile(rf"^\s*(?:(?:số nhà|nhà số|số|sn)\.?\s*)?{_NUMBER}\s*[,.]?\s+(?=\D)", re.I)
# A street may be called a number: "đường số 7", "đường 30/4".
_HOUSE = r"(?:số nhà|nhà số|nhà|căn hộ|căn|phòng|(?<!đường )(?<!phố )(?<!tổ )số)"
_SAID = re.compile(rf"(?<!\w){_HOUSE}\s+{_NUMBER}\s*,?\s*", re.I)


def coarse(latitude: float, longitude: float, metres: float) -> tuple[float, float]:
    """The middle of the grid's cell that holds a place, in degrees: the same for all in the cell.

    Asking again and again tells no more, unlike noise, which averages out.
    """
    tall = metres / _DEGREE
    middle = (math.floor(latitude / tall) + 0.5) * tall
    wide = metres / (_DEGREE * max(0.01, math.cos(math.radians(middle))))
    across = (math.floor(longitude / wide) + 0.5) * wide
    return round(middle, 6), round(across, 6)


def without_house_number(address: str) -> str | None:
    """An address down to its street; None when nothing is left of it."""
    street = _SAID.sub("", _LEADING.sub("", address)).strip(" ,.-")
    return street or None


def house_numbers(words: str) -> list[tuple[int, int]]:
    """Where words name a house by its number."""
    return [found.span() for found in _SAID.finditer(words)]
