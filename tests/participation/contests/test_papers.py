"""A paper: drawn, shown without what is right, checked, graded."""

import pytest

from smartcity.core.errors import Invalid
from smartcity.participation.contests.papers import drawn, graded, most, refuse_foreign, shown

BANK = {
    f"q{n}": {
        "text": f"Câu {n}?",
        "options": list("wxyz"[: 2 + n % 3]),
        "right": n % 2,
        "points": n,
    }
    for n in range(1, 31)
}


def test_a_paper_is_drawn_by_its_seed_alone() -> None:
    paper = drawn(BANK, 10, 7)
    assert paper == drawn(BANK, 10, 7) != drawn(BANK, 10, 8)
    assert len({ident for ident, _ in paper}) == 10
    assert all(sorted(order) == list(range(len(BANK[ident]["options"]))) for ident, order in paper)


def test_every_question_and_every_order_comes_up() -> None:
    papers = [drawn(BANK, 10, seed) for seed in range(300)]
    times = [sum(ident in dict(paper) for paper in papers) for ident in BANK]
    assert min(times) > 60
    assert max(times) < 140
    assert len({tuple(dict(p)["q2"]) for p in papers if "q2" in dict(p)}) == 24


def test_what_is_shown_tells_nothing_of_what_is_right() -> None:
    assert shown(BANK, [["q2", [3, 0, 2, 1]]]) == [
        {
            "id": "q2",
            "text": "Câu 2?",
            "points": 2,
            "options": [
                {"id": "a", "text": "z"},
                {"id": "b", "text": "w"},
                {"id": "c", "text": "y"},
                {"id": "d", "text": "x"},
            ],
        }
    ]


def test_graded_by_the_order_of_the_paper() -> None:
    paper = [["q2", [3, 0, 2, 1]], ["q3", [1, 0]], ["q7", [0, 1, 2]]]
    assert graded(BANK, paper, {"q2": "b", "q3": "a"}) == 5  # 0 and 1 are right
    assert graded(BANK, paper, {"q2": "a", "q3": "b", "q7": "c"}) == 0
    assert graded(BANK, paper, {}) == 0
    assert most(BANK, paper) == 12


@pytest.mark.parametrize("answers", [{"q9": "a"}, {"q3": "c"}, {"q3": ""}, {"q3": "ab"}])
def test_what_is_not_on_the_paper_is_refused(answers: dict[str, str]) -> None:
    with pytest.raises(Invalid):
        refuse_foreign([["q3", [1, 0]]], answers)
