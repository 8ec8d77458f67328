"""Pairs of reports for judging the matcher: the same trouble told by two people, and look-alikes.

Written apart from `smartcity/reports/duplicates`: nothing here knows how texts are compared. Kinds
of pairs and their shares are a proposal, since no real pairs were at hand.
"""

import math
import random
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from tests.reports.duplicates.surroundings import surroundings

_WORDS = yaml.safe_load(Path(__file__).with_name("troubles.yaml").read_text("utf-8"))
_TROUBLES = {trouble["kind"]: trouble for trouble in _WORDS["troubles"]}
_METRES = 111_195  # to a degree of latitude
_FROM = datetime(2026, 6, 1, tzinfo=UTC)
_SHORT = {  # as people type on phones
    "không": ["ko", "k", "hok", "khong"], "được": ["đc", "dc"], "đường": ["đg", "duong"],
    "người": ["ng", "ngta"], "rồi": ["r", "roi"], "nhiều": ["nhìu", "nh"], "biết": ["bít"],
    "với": ["vs"], "quá": ["wa", "qá"], "gì": ["j"], "nhà": ["nhaf", "nha"], "trước": ["trc"],
    "bị": ["bj", "bi"], "sáng": ["sag"], "những": ["nhữg"], "trong": ["trg"], "nước": ["nc"],
    "xe": ["xe"], "mấy": ["mấy"], "cổng": ["cog"], "số": ["so", "s"], "hỏng": ["hỏg"],
}  # fmt: skip


@dataclass(frozen=True)
class Telling:
    """A report as one person sends it."""

    category: str
    text: str
    latitude: float
    longitude: float
    at: datetime


@dataclass(frozen=True)
class Pair:
    """Two reports, whether they mean the same trouble, and what kind of pair this is."""

    first: Telling
    second: Telling
    same: bool
    kind: str


@dataclass(frozen=True)
class Trouble:
    """What is wrong somewhere: its place has a number, a landmark and, sometimes, an object's."""

    kind: str
    street: str
    number: int
    landmark: str
    object: int


def pairs(seed: int, same: int = 1_000) -> list[Pair]:
    """So many pairs of the same trouble, and 1.4 times as many of different ones."""
    dice = random.Random(seed)
    shares = [(_same, 1.0), (_other_spot, 0.4), (_other_object, 0.15), (_other_street, 0.15)]
    shares += [(_other_trouble, 0.35), (_recurring, 0.15), (_neighbours, 0.2)]
    made = [make(dice) for make, share in shares for _ in range(round(share * same))]
    dice.shuffle(made)
    return made


def _same(dice: random.Random) -> Pair:
    """Minutes to days and 5 to 150 m apart, in the words of two people."""
    trouble = _trouble(dice)
    metres = min(150.0, max(5.0, dice.lognormvariate(math.log(25), 0.8)))
    hours = dice.uniform(0.05, 6) if dice.random() < 0.5 else min(288, dice.expovariate(1 / 60))
    return _pair(dice, trouble, trouble, metres, hours, same=True, kind="same")


def _other_spot(dice: random.Random) -> Pair:
    """The same kind of trouble further down the street, often in the same words."""
    one = _trouble(dice)
    other = replace(_elsewhere(dice, one), street=one.street)
    return _pair(dice, one, other, dice.uniform(25, 150), _days(dice), copied=0.5, kind="spot")


def _other_object(dice: random.Random) -> Pair:
    """The next pole, pipe or cover; both people name its number."""
    one = _trouble(dice, dice.choice(["lamp", "manhole", "fallen_tree", "low_cable", "signal"]))
    one = replace(one, object=dice.randint(1, 60))
    other = replace(one, object=one.object + dice.choice([-3, -2, -1, 1, 2, 3, 7]) or 90)
    return _pair(dice, one, other, dice.uniform(5, 60), _days(dice), copied=0.5, kind="object")


def _other_street(dice: random.Random) -> Pair:
    one = _trouble(dice)
    other = _elsewhere(dice, one)
    return _pair(dice, one, other, dice.uniform(40, 150), _days(dice), copied=0.5, kind="street")


def _other_trouble(dice: random.Random) -> Pair:
    """Something else is wrong at the same place; every second time of the same trade."""
    one = _trouble(dice)
    trade = _TROUBLES[one.kind]["category"].partition(".")[0]
    akin = [k for k, t in _TROUBLES.items() if t["category"].startswith(trade) and k != one.kind]
    others = akin if akin and dice.random() < 0.5 else [k for k in _TROUBLES if k != one.kind]
    other = replace(one, kind=dice.choice(others))
    return _pair(dice, one, other, dice.uniform(0, 40), _days(dice), kind="trouble")


def _recurring(dice: random.Random) -> Pair:
    """Mended, and there again after two weeks or more."""
    one = _trouble(dice)
    metres, hours = dice.uniform(0, 40), dice.uniform(14 * 24, 29 * 24)
    return _pair(dice, one, one, metres, hours, kind="recurring")


def _neighbours(dice: random.Random) -> Pair:
    """Any two reports of one neighbourhood, as densely as a real city has them."""
    near = dice.choice(surroundings())
    one = _trouble(dice)
    kind = one.kind if near.same_type else _trouble(dice).kind
    other = replace(_elsewhere(dice, one), kind=kind)
    return _pair(dice, one, other, near.metres, near.hours, kind="neighbours")


def _pair(
    dice: random.Random,
    one: Trouble,
    other: Trouble,
    metres: float,
    hours: float,
    *,
    kind: str,
    same: bool = False,
    copied: float = 0.0,
) -> Pair:
    at = _FROM + timedelta(minutes=dice.randrange(100_000))
    here = (20.94 + dice.uniform(-0.03, 0.03), 106.33 + dice.uniform(-0.03, 0.03))
    way, harm = _choice_of(dice, one)
    first = Telling(_category(dice, one), _told(dice, one, way, harm), *here, at)
    if dice.random() >= copied:
        way, harm = _choice_of(dice, other)
    there, later = _moved(here, metres, dice.uniform(0, math.tau)), at + timedelta(hours=hours)
    second = Telling(_category(dice, other), _told(dice, other, way, harm), *there, later)
    return Pair(first, second, same, kind)


def _days(dice: random.Random) -> float:
    """Hours between two troubles that have nothing to do with each other."""
    return min(29 * 24, dice.expovariate(1 / 120))


def _moved(place: tuple[float, float], metres: float, angle: float) -> tuple[float, float]:
    north, east = metres * math.cos(angle) / _METRES, metres * math.sin(angle) / _METRES
    return place[0] + north, place[1] + east / math.cos(math.radians(place[0]))


def _trouble(dice: random.Random, kind: str | None = None) -> Trouble:
    chosen = kind or dice.choice(list(_TROUBLES))
    street, landmark = dice.choice(_WORDS["streets"]), dice.choice(_WORDS["landmarks"])
    return Trouble(chosen, street, dice.randint(1, 400), landmark, 0)


def _elsewhere(dice: random.Random, one: Trouble) -> Trouble:
    other = _trouble(dice, one.kind)
    return other if other.street != one.street else _elsewhere(dice, one)


def _category(dice: random.Random, trouble: Trouble) -> str:
    """Mostly the right one; some stop at the first choice, some choose another."""
    told = _TROUBLES[trouble.kind]
    luck = dice.random()
    if luck < 0.2:
        return str(told["category"].partition(".")[0])
    return str(dice.choice(told["also"]) if luck < 0.32 else told["category"])


def _choice_of(dice: random.Random, trouble: Trouble) -> tuple[str, str]:
    told = _TROUBLES[trouble.kind]
    return dice.choice(told["ways"]), dice.choice(told["harms"])


def _told(dice: random.Random, trouble: Trouble, way: str, harm: str) -> str:
    """One person's words: his order, his spelling, as much as he cares to say."""
    where = _where(dice, trouble)
    core = [way, where] if dice.random() < 0.6 else [where, way]
    parts = [dice.choice(_WORDS["openings"]), *core]
    parts += [f", {harm}"] * (dice.random() < 0.55) + [f". {dice.choice(_WORDS['closings'])}"]
    text = (
        " ".join(part for part in parts if part.strip(" .,")).replace(" ,", ",").replace(" .", ".")
    )
    return _typed(dice, text[:1].upper() + text[1:])


def _where(dice: random.Random, trouble: Trouble) -> str:
    near = trouble.number + (dice.choice([-4, -2, 1, 2, 3, 6]) if dice.random() < 0.25 else 0)
    number, street, landmark = max(1, near), trouble.street, trouble.landmark
    ways = [
        f"trước số nhà {number} {street}", f"ở {number} {street}", f"đường {street}",
        f"đoạn gần {landmark}", f"đối diện {landmark} đường {street}", f"chỗ {landmark}",
        f"phố {street} gần {landmark}", f"ngay trước cửa nhà số {number}", f"ngõ {number} {street}",
        "khu vực này", "chỗ này", "",
    ]  # fmt: skip
    named = f"cột số {trouble.object} " if trouble.object else ""
    return named + dice.choice(ways)


def _typed(dice: random.Random, text: str) -> str:
    habits: list[tuple[float, Callable[[random.Random, str], str]]] = [
        (0.45, lambda _dice, text: text),
        (0.25, lambda _dice, text: _bare(text)),
        (0.15, lambda dice, text: _by_word(dice, text, 0.3, _bare)),
        (0.15, lambda dice, text: _by_word(dice, text, 0.8, lambda w: _shortened(dice, w)).lower()),
    ]
    weights, typing = zip(*habits, strict=True)
    typed = dice.choices(typing, weights)[0](dice, text)
    return _by_word(dice, typed, 0.03, lambda word: _slip(dice, word))


def _by_word(dice: random.Random, text: str, share: float, change: Callable[[str], str]) -> str:
    return re.sub(r"\w+", lambda m: change(m[0]) if dice.random() < share else m[0], text)


def _shortened(dice: random.Random, word: str) -> str:
    return dice.choice(_SHORT.get(word.lower(), [word]))


def _slip(dice: random.Random, word: str) -> str:
    """A finger's slip: a letter lost, doubled, or in the wrong place."""
    if len(word) < 3 or word.isdigit():
        return word
    at = dice.randrange(len(word) - 1)
    slips = [word[:at] + word[at + 1 :], word[: at + 1] + word[at:]]
    return dice.choice([*slips, word[:at] + word[at + 1] + word[at] + word[at + 2 :]])


def _bare(text: str) -> str:
    apart = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(c for c in apart if not unicodedata.combining(c))


def kinds(found: list[Pair]) -> Iterator[tuple[str, int]]:
    """How many pairs there are of each kind."""
    names: Any = [pair.kind for pair in found]
    yield from sorted((name, names.count(name)) for name in set(names))
