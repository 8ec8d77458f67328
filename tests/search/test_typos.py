"""A letter wrong in a word is forgiven, when nothing else is found."""

import pytest
from flask import Flask

from smartcity.search.typos import edits
from tests.search.index import ask, entry, fill

TITLES = (
    "Cảnh báo lừa đảo qua mạng", "Làng lụa Vạn Phúc", "Thủ tục cấp giấy khai sinh",
    "Tiêm chủng mở rộng cho trẻ", "Lịch cắt điện tuần này", "Chuyển đổi số",
)  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "title", "corrected"),
    [
        ("canh bao lua daop", "Cảnh báo lừa đảo qua mạng", {"daop": "đảo"}),
        ("camh bao", "Cảnh báo lừa đảo qua mạng", {"camh": "cảnh"}),
        ("giấy kahi sinh", "Thủ tục cấp giấy khai sinh", {"kahi": "khai"}),
        ("tim chung", "Tiêm chủng mở rộng cho trẻ", {"tim": "tiêm"}),
        ("chuyenr doi so", "Chuyển đổi số", {"chuyenr": "chuyển"}),
        ("lich cat diem", "Lịch cắt điện tuần này", {"diem": "điện"}),
        ("lang lau", "Làng lụa Vạn Phúc", {"lau": "lụa"}),
    ],
)
def test_one_letter_is_forgiven(
    app: Flask, typed: str, title: str, corrected: dict[str, str]
) -> None:
    fill(app, *(entry(str(n), text) for n, text in enumerate(TITLES)))
    fill(app, entry("lau", "Tin", "lau nhà"))  # a word that there is, beside another one
    found = ask(app, typed)
    assert ["".join(s.text for s in hit.title) for hit in found.items] == [title]
    assert found.corrected == corrected


def test_nothing_is_corrected_while_something_is_found(app: Flask) -> None:
    fill(app, entry("1", "Chợ quê"), entry("2", "Chú bộ đội", "quế"))
    found = ask(app, "chú")
    assert [hit.ref for hit in found.items] == ["2"]
    assert found.corrected == {}


@pytest.mark.parametrize("typed", ["xyzzy", "qx", "12345", "canhbaoluadao", "bcd fgh jkl"])
def test_what_is_near_nothing_finds_nothing(app: Flask, typed: str) -> None:
    fill(app, *(entry(str(n), text) for n, text in enumerate(TITLES)))
    found = ask(app, typed)
    assert (found.items, found.corrected) == ([], {})


def test_pages_of_corrected_words_go_on_with_them(app: Flask) -> None:
    fill(app, *(entry(str(n), "Cảnh báo", age=n) for n in range(3)))
    first = ask(app, "camh bao", limit=2)
    second = ask(app, "camh bao", limit=2, cursor=first.next_cursor)
    assert [hit.ref for hit in (*first.items, *second.items)] == ["0", "1", "2"]
    assert first.corrected == second.corrected == {"camh": "cảnh"}


def test_words_of_no_title_are_not_told(app: Flask) -> None:
    fill(app, entry("1", "Cảnh báo"), entry("2", "Tin"))
    assert ask(app, "camh bao", within={"kind": "document"}).corrected == {}


def test_one_letter_away() -> None:
    assert {"dao", "doap", "dzop", "dapo", "daopx"} <= edits("daop")
    assert "daop" not in edits("daop")
    assert edits("da") == edits("so1") == edits("đảo") == set()
