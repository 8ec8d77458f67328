"""How people say it, as the province's files have it: read once.

`everyday.yaml` tells what words and situations mean; the files in `sayings/`, procedure by
procedure, how people ask for it. BadFile names what is wrong in them.
"""

from collections import defaultdict
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

FILE, _FILES = "everyday.yaml", "sayings/*.yaml"
_LATER = 0.5  # of an example, for each further procedure of a situation
_EXAMPLES = 4  # procedures of a situation for which it is one
Plain = tuple[str, ...]


@dataclass(frozen=True)
class Saying:
    """A run of syllables that people say; `means` in the words of the law, or `services`."""

    written: str
    syllables: Sequence[Syllable]
    means: tuple[str, ...] = ()
    services: tuple[str, ...] = ()


@dataclass(frozen=True)
class Example:
    """What somebody says who needs a procedure; the weight is 1 where no other is likelier."""

    syllables: Sequence[Syllable]
    weight: float


@dataclass(frozen=True)
class Everyday:
    """All of it, by the syllables of what is said, without accents."""

    words: Mapping[Plain, Sequence[Saying]]
    situations: Mapping[Plain, Sequence[Saying]]
    fillers: Mapping[Plain, Sequence[Saying]]
    examples: Mapping[str, Sequence[Example]]  # how people ask for a procedure, by its code
    known: frozenset[str]  # syllables of all sayings
    special: Sequence[Plain]  # parts of names that make a special case


class _Words(Schema):
    says = ma.fields.List(Text(max=80), required=True, validate=validate.Length(min=1))
    means = ma.fields.List(Text(max=120), required=True, validate=validate.Length(min=1))


class _Situation(Schema):
    says = ma.fields.List(Text(max=80), required=True, validate=validate.Length(min=1))
    services = ma.fields.List(Code(), required=True, validate=validate.Length(min=1, max=12))


class _Examples(Schema):
    """Sayings by code: every key of the file is one."""

    @ma.pre_load
    def _by_code(self, data: Any, **_kwargs: Any) -> dict[str, Any]:
        return {"by_code": data}

    @ma.post_load
    def _alone(self, data: dict[str, Any], **_kwargs: Any) -> Any:
        return data["by_code"]

    by_code = ma.fields.Dict(
        keys=Code(), values=ma.fields.List(Text(max=120), validate=validate.Length(min=1))
    )


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
    """The sayings of a file, and the examples beside it.

    BadFile for what is unknown, empty or said twice in one list.
    """
    found = read_yaml(file, _File)
    sayings = {kind: list(_sayings(found[kind])) for kind in ("words", "situations")}
    sayings["fillers"] = [_saying(written) for written in found["fillers"]]
    refuse(file, (fault for kind, many in sayings.items() for fault in _faults(kind, many)))
    told = {file: read_yaml(file, _Examples) for file in sorted(file.parent.glob(_FILES))}
    examples = _examples(sayings["situations"], told.values())
    said = [saying.syllables for many in sayings.values() for saying in many]
    said += [each.syllables for many in examples.values() for each in many]
    return Everyday(
        **{kind: _by_syllables(many) for kind, many in sayings.items()},
        examples=examples,
        known=frozenset(each.plain for syllables in said for each in syllables),
        special=[plain(each) for each in found["special"]],
    )


def _examples(
    situations: Iterable[Saying], told: Iterable[Mapping[str, Sequence[str]]]
) -> Mapping[str, Sequence[Example]]:
    """Those of the files, and situations as examples for their first few procedures."""
    found = defaultdict[str, list[Example]](list)
    for situation in situations:
        for place, code in enumerate(situation.services[:_EXAMPLES]):
            found[code].append(Example(situation.syllables, _LATER**place))
    for file in told:
        for code, many in file.items():
            found[code] += [Example(syllables(written), 1.0) for written in many]
    return dict(found)


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
