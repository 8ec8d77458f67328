"""What is an answer to which question, and how fast nobody reads them."""

from typing import Any

import marshmallow as ma
import pytest

from smartcity.core.errors import Invalid
from smartcity.participation.surveys.answers import checked, least_seconds
from smartcity.participation.surveys.questions import SurveyQuestionSchema

OPTIONS = [{"id": name, "text": name} for name in ("xe-may", "o-to", "xe-buyt")]


def question(kind: str = "single", **other: Any) -> dict[str, Any]:
    """A question as it is kept, with what its kind needs."""
    needs: dict[str, dict[str, Any]] = {"scale": {"least": 1, "most": 5}, "text": {}}
    beside = needs.get(kind, {"options": OPTIONS})
    return SurveyQuestionSchema().load({"id": "q", "kind": kind, "text": "?", **beside, **other})


@pytest.mark.parametrize(
    ("asked", "given", "kept"),
    [
        (question(), "o-to", "o-to"),
        (question("several"), ["xe-buyt", "o-to", "o-to"], ["o-to", "xe-buyt"]),
        (question("scale"), 5, 5),
        (question("text"), "  Thêm\u200b ghế.\n", "Thêm ghế."),
    ],
)
def test_what_fits_is_kept(asked: dict[str, Any], given: Any, kept: Any) -> None:
    assert checked([asked], {"q": given}) == {"q": kept}


@pytest.mark.parametrize("nothing", [{}, {"q": None}, {"q": ""}, {"q": " "}, {"q": []}])
def test_an_answer_may_be_left_out_unless_it_is_needed(nothing: dict[str, Any]) -> None:
    assert checked([question("several")], nothing) == {}
    assert refused([question("several", required=True)], nothing) == "survey.answer_needed"
    assert checked([question("several", required=True, closed=True)], nothing) == {}


@pytest.mark.parametrize(
    ("kind", "given", "why"),
    [
        ("single", ["o-to"], "survey.choose_one"),
        ("single", "xe-tang", "survey.choose_one"),
        ("single", {"id": "o-to"}, "survey.choose_one"),
        ("several", "o-to", "survey.choose_some"),
        ("several", ["o-to", {}], "survey.choose_some"),
        ("scale", 0, "survey.on_the_scale|least=1&most=5"),
        ("scale", True, "survey.on_the_scale|least=1&most=5"),
        ("scale", "5", "survey.on_the_scale|least=1&most=5"),
        ("scale", 10**400, "survey.on_the_scale|least=1&most=5"),
        ("text", 7, "field.not_text"),
        ("text", "\ud800", "field.not_text"),
        ("text", "a" * 2_001, "field.wrong_length|min=1&max=2000"),
    ],
)
def test_what_does_not_fit_is_refused_by_its_question(kind: str, given: Any, why: str) -> None:
    assert refused([question(kind)], {"q": given}) == why


def test_a_question_that_is_not_there_is_named() -> None:
    with pytest.raises(Invalid) as refusal:
        checked([question()], {"khac": "o-to"})
    assert refusal.value.errors == {"answers.khac": ["survey.no_such_question"]}


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"kind": "single", "options": OPTIONS[:1]}, "options"),
        ({"kind": "single", "options": [*OPTIONS, OPTIONS[0]]}, "options"),
        ({"kind": "text", "options": OPTIONS}, "options"),
        ({"kind": "scale"}, "most"),
        ({"kind": "scale", "least": 5, "most": 5}, "most"),
        ({"kind": "essay"}, "kind"),
    ],
)
def test_a_question_has_what_its_kind_needs(wrong: dict[str, Any], field: str) -> None:
    with pytest.raises(ma.ValidationError) as refusal:
        SurveyQuestionSchema().load({"id": "q", "text": "?", **wrong})
    assert list(refusal.value.messages) == [field]


def test_the_time_to_read_grows_with_the_open_questions() -> None:
    long = question("text", text="một hai ba bốn năm " * 8)
    assert least_seconds([long]) == 4.0
    assert least_seconds([long, {**long, "closed": True}]) == 4.0
    assert least_seconds([long, question()]) == pytest.approx(4.4)  # with its three options


def refused(questions: list[dict[str, Any]], given: dict[str, Any]) -> str:
    with pytest.raises(Invalid) as refusal:
        checked(questions, given)
    return str(refusal.value.errors["answers.q"][0])
