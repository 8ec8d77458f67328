"""The one catalogue of what people read: Vietnamese first, English second.

`smartcity/texts/*.yaml`: `key: {vi: …, en: …}`, values filled in with `str.format` names.
"""

from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

import yaml
from flask import has_request_context, request

LANGUAGES = ("vi", "en")
_FOLDER = Path(__file__).resolve().parent.parent / "texts"


@cache
def catalogue() -> dict[str, dict[str, str]]:
    """Every text by key and language; a key in two files or without a language is refused."""
    found: dict[str, dict[str, str]] = {}
    for file in sorted(_FOLDER.glob("*.yaml")):
        for key, entry in yaml.safe_load(file.read_text("utf-8")).items():
            if key in found or set(entry) != set(LANGUAGES):
                raise ValueError(f"{file.name}: {key} is there twice or lacks a language")
            found[key] = entry
    return found


def language() -> str:
    """The reader's language by `Accept-Language`; Vietnamese unless he asks for English."""
    if not has_request_context():
        return LANGUAGES[0]
    wanted = (tag.partition("-")[0].lower() for tag, q in request.accept_languages if q)
    return next((tag for tag in wanted if tag in LANGUAGES), LANGUAGES[0])


def text(key: str, lang: str | None = None, /, **values: Any) -> str:
    """The text of a key with its values filled in; KeyError when the catalogue lacks it."""
    return catalogue()[key][lang or language()].format(**values)


def message(written: str, lang: str | None = None) -> str:
    """The text of a message as checks give it: `key`, or `key|name=value&…` with its values."""
    key, _, values = written.partition("|")
    return text(key, lang, **dict(parse_qsl(values)))


def filled(key: str, /, **values: object) -> str:
    """A message with its values, as `message` reads it."""
    return f"{key}|{urlencode(values)}"
