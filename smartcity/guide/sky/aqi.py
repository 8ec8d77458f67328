"""The Vietnamese air quality index of an hour (VN_AQI), of fine dust.

Technical guide issued with Decision 1459/QĐ-TCMT of 12 November 2019: Table 1 for the classes,
Table 2 for the breakpoints, §2.2.1 for the index of an hour. The index is the largest of those of
its pollutants; ours are PM2.5 and PM10, one of which the guide demands.
"""

import math
from bisect import bisect_left
from collections.abc import Mapping, Sequence

HOURS = 12  # that the index of one looks at: this one and those before
_INDEX = (0, 50, 100, 150, 200, 300, 400, 500)
BREAKPOINTS: Mapping[str, Sequence[int]] = {  # µg/m³
    "pm2_5": (0, 25, 50, 80, 150, 250, 350, 500),
    "pm10": (0, 50, 150, 250, 350, 420, 500, 600),
}
_CLASSES = ((50, "good"), (100, "moderate"), (150, "poor"), (200, "bad"), (300, "very_bad"))
COLOURS: Mapping[str, str] = {
    "good": "#00E400",
    "moderate": "#FFFF00",
    "poor": "#FF7E00",
    "bad": "#FF0000",
    "very_bad": "#8F3F97",
    "hazardous": "#7E0023",
}
Series = Sequence[float | None]  # of hours, this one first


def vn_aqi(hours: Mapping[str, Series]) -> int | None:
    """The index by what was there in this hour and those before; None where that is too little."""
    found = [_part(name, now) for name in BREAKPOINTS if (now := nowcast(hours[name])) is not None]
    return max(found, default=None)


def class_of(index: int) -> str:
    """The class of an index, by a key of `COLOURS`."""
    return next((name for most, name in _CLASSES if index <= most), "hazardous")


def nowcast(hours: Series) -> float | None:
    """The mean of up to twelve hours, the newer ones weighing more.

    None without two of the last three. The guide writes the case w = ½ as Σ (½)^i·c: for twelve
    hours this mean but for 0.02 %, for fewer too little.
    """
    last = hours[:HOURS]
    known = [(age, value) for age, value in enumerate(last) if value is not None]
    if sum(age < 3 for age, _ in known) < 2:
        return None
    least, most = min(value for _, value in known), max(value for _, value in known)
    weight = max(0.5, least / most) if most > 0 else 1.0
    weights = sum(weight**age for age, _ in known)
    return sum(weight**age * value for age, value in known) / weights


def _part(name: str, value: float) -> int:
    """The index of one pollutant: between two breakpoints in proportion, 500 above the last."""
    points = BREAKPOINTS[name]
    if value >= points[-1]:
        return _INDEX[-1]
    at = max(1, bisect_left(points, value))
    low, high = points[at - 1], points[at]
    share = (max(0.0, value) - low) / (high - low)
    return math.floor(_INDEX[at - 1] + share * (_INDEX[at] - _INDEX[at - 1]) + 0.5)
