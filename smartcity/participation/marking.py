"""What a moderator looks at twice in people's words: personal data, and words that insult."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import marshmallow as ma

from smartcity.core.context import per_app
from smartcity.core.datafile import read_yaml
from smartcity.core.errors import Invalid
from smartcity.core.fields import Schema, Text
from smartcity.reports import service as reports
from smartcity.settings import Settings

FILE = "abusive_words.yaml"
ABUSIVE = "abusive"
# Of `reports.personal_data`: numbers without doubt. A name or a plate may be a public one.
_NEVER_PUBLIC = {"phone", "id_number", "email", "bank_account"}


@dataclass(frozen=True)
class Mark:
    """A piece of a text, its letters counted from 0; `kind` as of reports, or ABUSIVE."""

    kind: str
    start: int
    end: int


class MarkOut(ma.Schema):
    """A piece of the text to look at twice: `text[start:end]`."""

    kind = ma.fields.String(required=True, metadata={"example": "phone"})
    start = ma.fields.Integer(required=True, metadata={"example": 12})
    end = ma.fields.Integer(required=True, metadata={"example": 22})


class _File(Schema):
    words = ma.fields.List(Text(max=60), required=True)


def marks(words: str) -> list[Mark]:
    """What looks personal or insulting in a text, in its order; it decides nothing."""
    personal = (Mark(each.kind, each.start, each.end) for each in reports.personal_data(words))
    return sorted((*personal, *_abusive(words)), key=lambda mark: mark.start)


def suggested(words: str) -> str:
    """The text as it might be shown: without what looks personal, insults as three dots."""
    return reports.covered(_pattern().sub("…", unicodedata.normalize("NFC", words)))


def refuse_marked(words: str, field: str) -> None:
    """Raise Invalid naming a field whose text may not be public: numbers of a person, insults."""
    found = {mark.kind for mark in marks(words)}
    if ABUSIVE in found:
        raise Invalid(**{field: "marking.abusive"})
    if found & _NEVER_PUBLIC:
        raise Invalid(**{field: "marking.personal"})


def _abusive(words: str) -> Iterator[Mark]:
    for found in _pattern().finditer(words):
        yield Mark(ABUSIVE, *found.span())


@per_app
def _pattern(settings: Settings) -> re.Pattern[str]:
    read: Any = read_yaml(settings.province_dir / FILE, _File)
    listed = sorted(read["words"], key=len, reverse=True)
    either = "|".join(r"\s+".join(map(re.escape, words.split())) for words in listed)
    return re.compile(rf"(?<!\w)(?:{either})(?!\w)", re.IGNORECASE)
