"""Guided paths: questions one after the other that end at the procedures that help.

BadFile names what is wrong in `paths.yaml`: a question that is not there, is never asked or comes
back to itself, an answer that leads nowhere or two ways.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import marshmallow as ma
from marshmallow import validate

from smartcity.catalogue.records.schemas import Code
from smartcity.catalogue.rules import rules
from smartcity.core.context import per_app
from smartcity.core.datafile import read_yaml, refuse, repeated
from smartcity.core.fields import Schema, Text
from smartcity.settings import Settings

FILE = "paths.yaml"
_ID = validate.Regexp(r"[a-z][a-z0-9_]{1,39}\Z", error="field.invalid")


@dataclass(frozen=True)
class Reply:
    """An answer that one may choose: it leads to a question, or to procedures."""

    vi: str
    en: str
    next: str | None
    services: tuple[str, ...]


@dataclass(frozen=True)
class Asked:
    """A question and the answers to choose from."""

    vi: str
    en: str
    answers: tuple[Reply, ...]


@dataclass(frozen=True)
class Guide:
    """A path: where it starts, and its questions by id."""

    id: str
    life_event: str
    vi: str
    en: str
    start: str
    questions: Mapping[str, Asked]


class _Named(Schema):
    vi = Text(max=200, required=True)
    en = Text(max=200, required=True)


class _Reply(_Named):
    next = ma.fields.String(load_default=None, validate=_ID)
    services = ma.fields.List(Code(), load_default=list, validate=validate.Length(max=12))


class _Asked(_Named):
    answers = ma.fields.List(
        ma.fields.Nested(_Reply), required=True, validate=validate.Length(min=2, max=12)
    )


class _Path(_Named):
    id = ma.fields.String(required=True, validate=_ID)
    life_event = ma.fields.String(required=True)
    start = ma.fields.String(required=True)
    questions = ma.fields.Dict(
        keys=ma.fields.String(validate=_ID), values=ma.fields.Nested(_Asked), required=True
    )


class _File(Schema):
    paths = ma.fields.List(ma.fields.Nested(_Path), required=True)


@per_app
def paths(settings: Settings) -> Mapping[str, Guide]:
    """The application's paths by id, in the file's order."""
    return load(settings.province_dir / FILE, rules().life_events)


def load(file: Path, life_events: Collection[str]) -> Mapping[str, Guide]:
    """The paths of a file, by id; BadFile with every fault."""
    found = [_path(each) for each in read_yaml(file, _File)["paths"]]
    faults = [f"{path.id}: {fault}" for path in found for fault in _faults(path, life_events)]
    refuse(file, [*repeated(path.id for path in found), *faults])
    return {path.id: path for path in found}


def open_to(path: Guide, known: Collection[str]) -> Guide | None:
    """The path with those procedures alone that are there; None when it leads to none.

    An answer that leads nowhere then is left out, and so is a question without answers.
    """
    left: dict[str, Asked] = {}

    def walk(name: str) -> bool:
        asked = path.questions[name]
        answers = [_left(each, known, walk) for each in asked.answers]
        kept = tuple(each for each in answers if each)
        if kept:
            left[name] = Asked(asked.vi, asked.en, kept)
        return bool(kept)

    if not walk(path.start):
        return None
    questions = {name: left[name] for name in path.questions if name in left}
    return Guide(path.id, path.life_event, path.vi, path.en, path.start, questions)


def _left(reply: Reply, known: Collection[str], leads: Any) -> Reply | None:
    if reply.next:
        return reply if leads(reply.next) else None
    services = tuple(code for code in reply.services if code in known)
    return Reply(reply.vi, reply.en, None, services) if services else None


def _path(raw: Mapping[str, Any]) -> Guide:
    questions = {name: _asked(asked) for name, asked in raw["questions"].items()}
    return Guide(**{**raw, "questions": questions})


def _asked(raw: Mapping[str, Any]) -> Asked:
    replies = (Reply(**{**each, "services": tuple(each["services"])}) for each in raw["answers"])
    return Asked(raw["vi"], raw["en"], tuple(replies))


def _faults(path: Guide, life_events: Collection[str]) -> Iterator[str]:
    if path.life_event not in life_events:
        yield f"life_event: {path.life_event!r} is none of catalogue.yaml"
    for name, asked in path.questions.items():
        for number, reply in enumerate(asked.answers):
            if bool(reply.next) == bool(reply.services):
                yield f"{name}.answers[{number}]: needs next or services, one of the two"
    yield from _broken_ways(path)


def _broken_ways(path: Guide) -> Iterator[str]:
    walked: set[str] = set()

    def walk(name: str, way: Sequence[str]) -> Iterator[str]:
        if name in way:
            yield f"{' > '.join([*way, name])}: comes back to itself"
        elif name not in path.questions:
            yield f"{' > '.join([*way, name])}: is no question of it"
        elif name not in walked:
            walked.add(name)
            for reply in path.questions[name].answers:
                if reply.next:
                    yield from walk(reply.next, [*way, name])

    yield from walk(path.start, [])
    yield from (f"{name}: is never asked" for name in path.questions if name not in walked)
