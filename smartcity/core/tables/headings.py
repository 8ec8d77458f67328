"""Headings and words of tables as people spell them, compared without accents, case and signs."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from smartcity.core.datafile import refuse
from smartcity.core.text import fold

_SIGNS = re.compile(r"[\W_]+")


def plain(written: str) -> str:
    """The form in which headings and values are compared: letters and digits, without accents."""
    return _SIGNS.sub(" ", fold(written)).strip()


def by_spelling(file: Path, given: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Each meaning by its spellings and its own name. BadFile for a spelling of two meanings."""
    found: dict[str, str] = {}
    for meaning, words in given.items():
        for word in dict.fromkeys(map(plain, [meaning, *words])):
            if found.setdefault(word, meaning) != meaning:
                refuse(file, [f"“{word}” is both {found[word]} and {meaning}"])
    return found
