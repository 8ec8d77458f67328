"""Whatever is typed is words: no pattern, no syntax of an index, no error."""

import unicodedata

import pytest
from flask import Flask

from tests.search.index import ask, entry, fill, refs, suggested

ODD = (
    '"', "'", "''", '""', "*", "%", "_", "-", ":", "\\", "\0", "NEAR", "NOT", "AND", "OR", "^", "+",
    "(", ")", "()", "&", "|", "!", "<->", "lua:*", "'lua' & 'x'", "NEAR(lua dao, 2)", "marks:lua",
    "\ud800", "😀", "👨‍👩‍👧", "\u202e", "\u0301", "ﷺ", "İ", "각", "ß", "²", "t.lua", "=lụa",
    "lua_dao", "kind.news", "; DROP TABLE search_words; --", "a" * 10_000, "lua " * 2_500,
    "đ" * 10_000, " ", "\t\n", "" , "ﬁ", "Ǆ", "𝐥𝐮𝐚", "l\u0300\u0301\u0302ua",
)  # fmt: skip


@pytest.fixture
def filled(app: Flask) -> Flask:
    fill(app, entry("1", "Chó và mèo", "văn bản"))
    return app


def test_odd_words_find_nothing_and_break_nothing(filled: Flask) -> None:
    for words in ODD:
        assert refs(filled, words) == [], words[:40]
        assert suggested(filled, words) == [], words[:40]


def test_odd_letters_around_words_are_no_part_of_them(filled: Flask) -> None:
    for odd in ('"', "'", "*", "-", ":", "\\", "\0", "^", "(", ")", "&", "|", "!", "\ud800", "😀"):
        assert refs(filled, f"{odd}chó{odd} {odd} mèo{odd}") == ["1"], odd


def test_operators_are_words(filled: Flask) -> None:
    fill(filled, entry("2", "Near and not or", "a NEAR b"))
    for words in ("NEAR", "and not", "not", "OR", "near AND not"):
        assert refs(filled, words) == ["2"], words
    assert refs(filled, "chó OR mèo") == refs(filled, "chó NOT near") == []


def test_the_first_twelve_words_count(filled: Flask) -> None:
    fill(filled, entry("2", " ".join(f"w{n}" for n in range(12))))
    assert refs(filled, " ".join(f"w{n}" for n in range(40))) == ["2"]


def test_decomposed_and_composed_are_the_same(filled: Flask) -> None:
    fill(filled, entry("2", unicodedata.normalize("NFD", "Bưởi Đoan Hùng"), "ờ"))
    for form in ("NFC", "NFD", "NFKD"):
        found = ask(filled, unicodedata.normalize(form, "bưởi đoan"))
        assert [hit.ref for hit in found.items] == ["2"]
        assert found.items[0].title[0].text == "Bưởi", "shown composed"
