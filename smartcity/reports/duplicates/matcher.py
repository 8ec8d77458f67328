"""How alike two reports are: by place, time, category and words. How well: decision 0013."""

import math
import re
from dataclasses import dataclass
from datetime import datetime

from smartcity.areas.service import METRES_PER_DEGREE
from smartcity.reports.duplicates.policy import Policy

MOST_OF_TEXT = 400  # characters that are compared: the trouble is told first
# Log-odds: at full reach, at full age, by category, by words, by numbers such as a house's.
START, APART, OLD = 0.5, -3.0, -10.0
SAME_CATEGORY, SAME_PARENT, OTHER_PARENT = 1.8, 1.2, -1.0
WORDS, WORDS_OF_OTHER_PARENT, NO_WORDS_YET = 2.0, 4.0, 0.6
OTHER_NUMBERS, SAME_NUMBER = -1.5, 0.5
_TOKEN = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Sketch:
    """What is compared of a report; `words` without stop words, `pieces` of three letters."""

    category: str
    latitude: float
    longitude: float
    at: datetime
    words: frozenset[str]
    pieces: frozenset[str]
    numbers: frozenset[str]


def sketch(
    policy: Policy, category: str, place: tuple[float, float], at: datetime, folded: str
) -> Sketch:
    """A report's sketch; `folded` as `core.text.fold` makes it."""
    spelt = (policy.short_words.get(t, t) for t in _TOKEN.findall(folded[:MOST_OF_TEXT]))
    words = [word for word in spelt if word not in policy.stop_words]
    joined = f" {' '.join(words)} "
    return Sketch(
        category,
        *place,
        at,
        frozenset(words),
        frozenset(joined[i : i + 3] for i in range(len(joined) - 2)),
        frozenset(word for word in words if word.isdecimal()),
    )


def metres_between(one: tuple[float, float], other: tuple[float, float]) -> float:
    """On a plane, true to half a percent within a province."""
    across = math.cos(math.radians(one[0]))
    north, east = one[0] - other[0], (one[1] - other[1]) * across
    return METRES_PER_DEGREE * math.hypot(north, east)


def score(policy: Policy, asked: Sketch, other: Sketch, metres: float) -> float:
    """How likely both mean one trouble, from 0 to 1; 0 out of reach in place or time."""
    apart = metres / policy.radius_of(asked.category)
    old = abs(asked.at - other.at) / policy.recent
    if apart > 1 or old > 1:
        return 0.0
    odds = START + APART * apart + OLD * old
    odds += _by_category(asked, other) + _by_numbers(asked.numbers, other.numbers)
    return 1 / (1 + math.exp(-odds))


def _by_category(one: Sketch, other: Sketch) -> float:
    """Citizens choose between neighbouring categories as they like; between others, words tell."""
    if one.category.partition(".")[0] != other.category.partition(".")[0]:
        return OTHER_PARENT + WORDS_OF_OTHER_PARENT * _likeness(one, other)
    words = WORDS * _likeness(one, other) if one.words else NO_WORDS_YET
    return words + (SAME_CATEGORY if one.category == other.category else SAME_PARENT)


def _by_numbers(one: frozenset[str], other: frozenset[str]) -> float:
    """Whoever names other houses or poles than we do likely means another place."""
    if one & other:
        return SAME_NUMBER
    return OTHER_NUMBERS if one and other else 0.0


def _likeness(one: Sketch, other: Sketch) -> float:
    """Whole words in common, or pieces of misspelt ones."""
    return (_overlap(one.words, other.words) + _overlap(one.pieces, other.pieces)) / 2


def _overlap(one: frozenset[str], other: frozenset[str]) -> float:
    """Dice's coefficient."""
    return 2 * len(one & other) / (len(one) + len(other) or 1)
