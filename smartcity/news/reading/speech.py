"""An article as a voice reads it: sentences, a line each, nothing that only the eye can read."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from smartcity.core.texts import text
from smartcity.news.reading.pronunciation import Pronunciation

_LINK = re.compile(r"(?:https?://|www\.)\S*[^\s.,;:!?)\]}\"'”]", re.IGNORECASE)
_BULLET = re.compile(r"^[•\-–*]\s+")
_SENTENCE_ENDS = re.compile(r"(?<=[.!?…])\s+(?=[\"“(]?[A-ZĐÀ-ỸÁÂĂÊÔƠƯ])")
_ENDS = (".", "!", "?", "…", ":", ";")


def speech_of(article: Mapping[str, Any], table: Pronunciation) -> str:
    """The spoken form of a published article (`NewsOut`): title, lead, correction, body.

    Vietnamese is read out by the `table`; other languages keep their words.
    """
    language = article["language"]
    return "".join(f"{line}\n" for part in _parts(article) for line in _said(part, language, table))


def _parts(article: Mapping[str, Any]) -> Iterator[str]:
    yield article["title"]
    yield article["lead"]
    if article["correction"]:
        yield text("speech.correction", article["language"], note=article["correction"])
    yield from article["body_text"].split("\n")


def _said(paragraph: str, language: str, table: Pronunciation) -> list[str]:
    words = _LINK.sub(text("speech.link", language), _BULLET.sub("", paragraph.strip()))
    spoken = _without_pictures(table.said(words) if language == "vi" else words)
    if not spoken:
        return []
    ended = spoken if spoken.rstrip("\"”)'").endswith(_ENDS) else f"{spoken}."
    return _SENTENCE_ENDS.split(ended)


def _without_pictures(words: str) -> str:
    """Without emoji and ornaments, whose names a voice would read."""
    return " ".join("".join(char for char in words if not _is_picture(char)).split())


def _is_picture(char: str) -> bool:
    """A symbol above the letters' planes, or what joins and colours emoji; ° and © are said."""
    return char >= "\u2000" and unicodedata.category(char) in ("So", "Sk", "Cf", "Mn", "Me")
