"""How people say it, as the province's file has it: read once.

BadFile names what is wrong in `everyday.yaml`.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import marshmallow as ma
from marshmallow import validate

from smartcity.catalogue.finding.syllables import Syllable, plain, syllables
from smartcity.catalogue.records.schemas import Code
from smartcity.core.context import per_app
from smartcity.core.datafile import read_yaml, refuse
from smartcity.core.fields import Schema, Text
from smartcity.settings import Settings

FILE = "everyday.yaml"
Plain = tuple[str, ...]


@dataclass(frozen=True)
class Saying:
    """A run of syllables that people say; `means` in the words of the law, or `services`."""

    written: str
    syllables: Sequence[Syllable]
    means: tuple[str, ...] = ()
    services: tuple[str, ...] = ()


@dataclass(frozen=True)
class Everyday:
    """The whole file, by the syllables of what is said, without accents."""

    words: Mapping[Plain, Sequence[Saying]]
    situations: Mapping[Plain, Sequence[Saying]]
    fillers: Mapping[Plain, Sequence[Saying]]
    strewn: Mapping[str, Sequence[tuple[frozenset[str], Saying]]]  # situations by their rarest word
    known: frozenset[str]  # syllables of all sayings
    special: Sequence[Plain]  # parts of names that make a special case


class _Words(Schema):
    says = ma.fields.List(Text(max=80), required=True, validate=validate.Length(min=1))
    means = ma.fields.List(Text(max=120), required=True, validate=validate.Length(min=1))


class _Situation(Schema):
    says = ma.fields.List(Text(max=80), required=True, validate=validate.Length(min=1))
    services = ma.fields.List(Code(), required=True, validate=validate.Length(min=1, max=12))


class _File(Schema):
    words = ma.fields.List(ma.fields.Nested(_Words), required=True)
    situations = ma.fields.List(ma.fields.Nested(_Situation), required=True)
    fillers = ma.fields.List(Text(max=80), required=True)
    special = ma.fields.List(Text(max=80), required=True)


@per_app
def everyday(settings: Settings) -> Everyday:
    """The application's sayings."""
    return load(settings.province_dir / FILE)


def load(file: Path) -> Everyday:
    """The sayings of a file; BadFile for what is unknown, empty or said twice in one list."""
    found = read_yaml(file, _File)
    sayings = {kind: list(_sayings(found[kind])) for kind in ("words", "situations")}
    sayings["fillers"] = [_saying(written) for written in found["fillers"]]
    refuse(file, (fault for kind, many in sayings.items() for fault in _faults(kind, many)))
    keyed = {kind: _by_syllables(many) for kind, many in sayings.items()}
    said = [saying for many in sayings.values() for saying in many]
    return Everyday(
        **keyed,
        strewn=_by_rarest(sayings["situations"]),
        known=frozenset().union(*map(_bag, said)),
        special=[plain(each) for each in found["special"]],
    )


def _by_rarest(sayings: Sequence[Saying]) -> Mapping[str, list[tuple[frozenset[str], Saying]]]:
    """Those of several words, by the one that the fewest sayings have."""
    bags = [(_bag(each), each) for each in sayings]
    times = Counter(word for bag, _ in bags for word in bag)
    found = defaultdict[str, list[tuple[frozenset[str], Saying]]](list)
    for bag, saying in bags:
        if len(bag) > 1:
            found[min(bag, key=lambda word: (times[word], word))].append((bag, saying))
    return dict(found)


def _bag(saying: Saying) -> frozenset[str]:
    return frozenset(each.plain for each in saying.syllables)


def _sayings(entries: Iterable[Mapping[str, Any]]) -> Iterator[Saying]:
    for entry in entries:
        told = {key: tuple(value) for key, value in entry.items() if key != "says"}
        for written in entry["says"]:
            yield _saying(written, **told)


def _saying(written: str, **told: tuple[str, ...]) -> Saying:
    return Saying(written, syllables(written), **told)


def _by_syllables(sayings: Iterable[Saying]) -> Mapping[Plain, Sequence[Saying]]:
    found = defaultdict[Plain, list[Saying]](list)
    for saying in sayings:
        found[tuple(each.plain for each in saying.syllables)].append(saying)
    return dict(found)


def _faults(kind: str, sayings: Iterable[Saying]) -> Iterator[str]:
    seen: dict[tuple[Syllable, ...], str] = {}
    for saying in sayings:
        key = tuple(saying.syllables)
        if not key:
            yield f"{kind}: {saying.written!r} has no word in it"
        elif key in seen:
            yield f"{kind}: {saying.written!r} is there already, as {seen[key]!r}"
        seen[key] = saying.written
