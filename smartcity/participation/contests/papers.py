"""A paper: questions drawn from the bank for one attempt, shown, checked and graded."""

import random
import string
from collections.abc import Mapping, Sequence
from typing import Any

from smartcity.core.errors import Invalid

Bank = Mapping[str, Mapping[str, Any]]  # questions by id
# Question ids, each with the bank's numbers of its options in the order that they are shown.
Paper = Sequence[tuple[str, Sequence[int]] | Sequence[Any]]
Answers = Mapping[str, str]  # by question id: the letter of an option, the first shown is `a`
_LETTERS = string.ascii_lowercase


def drawn(bank: Bank, number: int, seed: int) -> list[Any]:
    """So many questions of a bank, in an order of their own, as their options; `seed` decides."""
    lot = random.Random(seed)  # noqa: S311 - the seed is nobody's to know before
    return [[ident, _order(lot, bank[ident])] for ident in lot.sample(list(bank), number)]


def shown(bank: Bank, paper: Paper) -> list[dict[str, Any]]:
    """A paper as the citizen reads it: nothing tells which options are right."""
    return [
        {
            "id": ident,
            "text": bank[ident]["text"],
            "points": bank[ident]["points"],
            "options": [
                {"id": _LETTERS[place], "text": bank[ident]["options"][number]}
                for place, number in enumerate(order)
            ],
        }
        for ident, order in paper
    ]


def refuse_foreign(paper: Paper, answers: Answers) -> None:
    """Raise Invalid for an answer to no question of the paper, or that is none of its options."""
    options = {ident: _LETTERS[: len(order)] for ident, order in paper}
    for ident, letter in answers.items():
        if ident not in options:
            raise Invalid(answers="contest.not_on_paper")
        if len(letter) != 1 or letter not in options[ident]:
            raise Invalid(answers="contest.no_such_option")


def graded(bank: Bank, paper: Paper, answers: Answers) -> int:
    """The points of a paper: all of a question's for its right option, none for another."""
    return sum(
        bank[ident]["points"]
        for ident, order in paper
        if ident in answers and order[_LETTERS.index(answers[ident])] == bank[ident]["right"]
    )


def most(bank: Bank, paper: Paper) -> int:
    """The points that a paper without a mistake has."""
    return sum(bank[ident]["points"] for ident, _ in paper)


def _order(lot: random.Random, question: Mapping[str, Any]) -> list[int]:
    count = len(question["options"])
    return lot.sample(range(count), count)
