"""Counts and means, and that small numbers cannot be read, not by subtraction either."""

from itertools import product
from typing import Any

import pytest

from smartcity.participation.surveys.figures import FEW, figures, tallied, wards_told
from tests.participation.surveys.test_answers import question


def told(asked: dict[str, Any], rows: list[tuple[str | None, Any]], few: int = FEW) -> Any:
    answers = [(ward, {} if answer is None else {"q": answer}) for ward, answer in rows]
    (found,) = figures([asked], tallied([asked], answers), few=few)
    return found


def counts(group: dict[str, Any]) -> dict[str, int]:
    return {option["id"]: option["count"] for option in group["options"]}


def test_shares_are_of_those_who_answered_the_question() -> None:
    rows: list[tuple[str | None, Any]] = [(None, "o-to")] * 6 + [(None, "xe-may")] * 2
    found = told(question(), [*rows, (None, None)])
    assert found["answered"] == 8
    assert counts(found) == {"xe-may": 2, "o-to": 6, "xe-buyt": 0}
    assert [option["share"] for option in found["options"]] == [0.25, 0.75, 0.0]


def test_several_count_each_and_a_scale_has_a_mean() -> None:
    found = told(question("several"), [(None, ["o-to", "xe-may"])] * 5)
    assert (found["answered"], counts(found)["o-to"], found["mean"]) == (5, 5, None)
    found = told(question("scale"), [(None, step) for step in (1, 2, 2, 5, 5)])
    assert (found["mean"], counts(found)["2"]) == (3.0, 2)


def test_of_words_there_is_a_number_and_nothing_else() -> None:
    found = told(question("text"), [("11359", "Nhà số 5 ồn lắm")] * 9, few=0)
    assert (found["answered"], found["options"], found["by_ward"]) == (9, [], [])
    assert "ồn" not in str(found)


def test_of_fewer_than_five_only_officers_read_figures() -> None:
    rows: list[tuple[str | None, Any]] = [("11359", "o-to")] * 4
    found = told(question(), rows)
    assert (found["suppressed"], found["answered"], found["options"]) == (True, 4, [])
    found = told(question(), rows, few=0)
    assert (found["suppressed"], counts(found)["o-to"]) == (False, 4)
    assert counts(found["by_ward"][0])["o-to"] == 4
    assert told(question("scale"), [], few=0)["mean"] is None


@pytest.mark.parametrize(
    ("answered", "expected"),
    [
        ({"a": 5, "b": 9}, ["a", "b"]),
        ({"a": 4, "b": 9, "c": 20}, ["c"]),  # b is hidden with a: 4 alone could be read
        ({"a": 3, "b": 3, "c": 20}, ["c"]),  # together they are not few
        ({None: 2, "b": 9, "c": 20}, ["c"]),
        ({None: 7, "b": 9}, ["b"]),
        ({"a": 4}, []),
    ],
)
def test_a_commune_is_told_of_where_neither_it_nor_the_rest_is_small(
    answered: dict[str | None, int], expected: list[str]
) -> None:
    assert wards_told(answered, FEW) == expected


def test_whatever_the_numbers_none_below_five_can_be_read() -> None:
    for sizes in product((0, 1, 4, 5, 6, 30), repeat=4):
        answered = dict(zip((None, "a", "b", "c"), sizes, strict=True))
        shown = wards_told(answered, FEW)
        rest = sum(sizes) - sum(answered[ward] for ward in shown)
        assert all(answered[ward] >= FEW for ward in shown)
        assert rest == 0 or rest >= FEW or not shown
