"""What somebody answers, held against the questions."""

from collections.abc import Iterable, Mapping
from typing import Any

import marshmallow as ma

from smartcity.core.errors import Invalid
from smartcity.core.fields import Text
from smartcity.participation.surveys.questions import Sort
from smartcity.registers.service import Record

_WORDS = Text(max=2_000, lines=True)
_SYLLABLES_A_SECOND = 10  # three times as fast as people read a text that they want to understand


def checked(questions: Iterable[Record], given: Mapping[str, Any]) -> dict[str, Any]:
    """The answers as they are kept, by question; those to closed questions are left out.

    Invalid names `answers.<question>` and says what to do.
    """
    asked = {question["id"]: question for question in questions}
    refused = {name: "survey.no_such_question" for name in given if name not in asked}
    kept: dict[str, Any] = {}
    for name, question in asked.items():
        try:
            answer = _answer(question, given.get(name))
        except ma.ValidationError as error:
            refused[name] = str(error.messages[0])
        else:
            kept |= {} if answer is None else {name: answer}
    if refused:
        raise Invalid(**{f"answers.{name}": why for name, why in refused.items()})
    return kept


def least_seconds(questions: Iterable[Record]) -> float:
    """The seconds in which nobody reads the open questions and what they offer."""
    texts = [text for question in questions if not question["closed"] for text in _texts(question)]
    return sum(len(text.split()) for text in texts) / _SYLLABLES_A_SECOND


def _texts(question: Record) -> list[str]:
    return [question["text"], *(option["text"] for option in question["options"])]


def _answer(question: Record, given: Any) -> Any:
    if question["closed"]:
        return None
    if given in (None, []) or (isinstance(given, str) and not given.strip()):
        if question["required"]:
            raise ma.ValidationError("survey.answer_needed")
        return None
    return _KINDS[question["kind"]](question, given)


def _single(question: Record, given: Any) -> str:
    if not isinstance(given, str) or given not in _offered(question):
        raise ma.ValidationError("survey.choose_one")
    return given


def _several(question: Record, given: Any) -> list[str]:
    offered = _offered(question)
    if not isinstance(given, list) or not all(each in offered for each in given):
        raise ma.ValidationError("survey.choose_some")
    return [option for option in offered if option in given]


def _scale(question: Record, given: Any) -> int:
    least, most = question["least"], question["most"]
    if not isinstance(given, int) or isinstance(given, bool) or not least <= given <= most:
        raise ma.ValidationError(f"survey.on_the_scale|least={least}&most={most}")
    return given


def _text(_question: Record, given: Any) -> str:
    written: str = _WORDS.deserialize(given)
    return written


def _offered(question: Record) -> list[str]:
    return [option["id"] for option in question["options"]]


_KINDS = {Sort.SINGLE: _single, Sort.SEVERAL: _several, Sort.SCALE: _scale, Sort.TEXT: _text}
