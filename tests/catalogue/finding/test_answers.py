"""Everyday questions to procedures."""

from pathlib import Path

import pytest

from smartcity.catalogue.finding.answers import Understood, answer
from smartcity.catalogue.finding.procedures import Procedures
from smartcity.catalogue.records.record import read_record
from tests.catalogue.finding.made import (
    BIRTH,
    BIRTH_ABROAD,
    BIRTH_AGAIN,
    DEATH,
    LAND,
    LEASE,
    PASSPORT,
    TAX,
    first,
    procedures,
)
from tests.catalogue.records_made import record


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Procedures:
    english = {"c8": {"name_en": "Passports for citizens", "keywords": ["đi du lịch xa"]}}
    return procedures(tmp_path_factory.mktemp("sayings"), **english)


@pytest.mark.parametrize(
    ("question", "code"),
    [
        ("đăng ký khai sinh", BIRTH),
        ("DANG KY KHAI SINH", BIRTH),
        ("đăng kí khai sinh", BIRTH),
        ("cho hỏi tôi muốn làm khai sinh", BIRTH),
        ("đk khai sinh", BIRTH),
        ("đăng ký lại khai sinh", BIRTH_AGAIN),
        ("khai sinh cho con của chồng Tây", BIRTH_ABROAD),
        ("mất sổ đỏ", LAND),
        ("so do bi mat", LAND),
        ("bìa đỏ", LAND),
        ("thuế đất", TAX),
        ("thuê đất", LEASE),
        ("khai tử", DEATH),
        ("dang ky khai tu", DEATH),
        ("đi du lịch xa", PASSPORT),
        ("how to get a passport", PASSPORT),
        ("con mới sinh cần giấy gì", BIRTH),
        ("vợ tôi mới vừa đẻ", BIRTH),
        ("ông tôi mất", DEATH),
        ("hộ chieeus", PASSPORT),
        ("khai sihn", BIRTH),
        ("1.900004", LAND),
        ("1.900004.000.00.00.H24", LAND),
        ("thủ tục 1900004 là gì", LAND),
    ],
)
def test_the_procedure_comes_first(known: Procedures, question: str, code: str) -> None:
    assert first(known, question) == code


@pytest.mark.parametrize("question", ["", "???", "xyzzy qwrtp", "1.999999", "gì"])
def test_nothing_answers(known: Procedures, question: str) -> None:
    assert answer(known, question, {}).matches == []


def test_what_was_taken_for_what_is_told(known: Procedures) -> None:
    understood = answer(known, "đk sổ đỏ passprt", {}).understood
    assert understood == [
        Understood("passprt", "passport"),
        Understood("đk", "đăng ký"),
        Understood("sổ đỏ", "giấy chứng nhận quyền sử dụng đất"),
    ]


def test_the_procedures_of_a_situation_come_in_their_order(known: Procedures) -> None:
    codes = [match.code for match in answer(known, "vợ mới đẻ", {}).matches]
    assert codes[:2] == [BIRTH, PASSPORT]


def test_the_much_used_one_comes_first_of_two_alike(tmp_path: Path) -> None:
    known = procedures(tmp_path)
    for code in ("1.910001", "1.910002"):
        known.put(read_record(record(code, "Cấp giấy phép nuôi voi")), "{}")
    assert first(known, "nuôi voi") == "1.910001"
    found = answer(known, "nuôi voi", {"1.910002": 40}).matches
    assert [match.code for match in found[:2]] == ["1.910002", "1.910001"]


def test_only_the_narrowed_ones_answer(known: Procedures) -> None:
    number = known.numbers[BIRTH_AGAIN]
    codes = [match.code for match in answer(known, "đăng ký khai sinh", {}, {number}).matches]
    assert codes == [BIRTH_AGAIN]
    assert answer(known, BIRTH, {}, {number}).matches == []


def test_a_new_text_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    known = procedures(tmp_path)
    known.put(read_record(record(PASSPORT, "Cấp giấy thông hành")), "{}")
    assert first(known, "hộ chiếu") is None
    assert first(known, "giấy thông hành") == PASSPORT
    known.remove(PASSPORT)
    known.remove("1.999999")
    assert PASSPORT not in {match.code for match in answer(known, "giấy thông hành", {}).matches}
    assert known.get(PASSPORT) is None
    assert PASSPORT not in known.codes


def test_a_long_question_is_cut(known: Procedures) -> None:
    assert first(known, "khai tử " + "voi " * 500) == DEATH


def test_what_is_said_like_an_example_finds_its_procedure(tmp_path: Path) -> None:
    (tmp_path / "sayings").mkdir()
    told = (
        '"1.900008": [muốn đi Lào thăm con gái làm dâu bên đó]\n"1.900006": [có sào ruộng bỏ không]'
    )
    (tmp_path / "sayings" / "all.yaml").write_text(told, "utf-8")
    known = procedures(tmp_path)
    assert first(known, "con gái làm dâu xa, muốn sang thăm nó") == PASSPORT
    assert first(known, "ruong bo khong nhieu qua") == LEASE


def test_examples_do_not_drown_what_a_name_says(tmp_path: Path) -> None:
    (tmp_path / "sayings").mkdir()
    told = '"1.900001": [xin cấp phép cho con, xin cấp phép nuôi con, nuôi con một mình]'
    (tmp_path / "sayings" / "all.yaml").write_text(told, "utf-8")
    known = procedures(tmp_path)
    known.put(read_record(record("1.900009", "Cấp phép nuôi voi")), "{}")  # nobody gave examples
    assert first(known, "xin cấp phép nuôi voi") == "1.900009"
    assert first(known, "cấp phép nuôi con voi") == "1.900009"
