"""Segments: the text itself, hits told apart, found whatever the accents."""

import unicodedata

import pytest

from smartcity.search.highlighting import segments, snippet
from smartcity.search.words import aligned, asked_words, words


def shown(text: str, asked: str) -> str:
    return "".join(f"[{s.text}]" if s.hit else s.text for s in segments(text, asked_words(asked)))


@pytest.mark.parametrize(
    ("text", "asked", "expected"),
    [
        ("Cảnh báo lừa đảo", "lua dao", "Cảnh báo [lừa] [đảo]"),
        ("Làng lụa, lúa", "lụa", "Làng [lụa], [lúa]"),
        ("Thủ tục, thu thuế", "th", "[Thủ] tục, [thu] [thuế]"),
        ("Tín tin tình", "tin hay", "[Tín] [tin] tình"),
        ("<b>Lừa</b> & đảo", "lua", "<b>[Lừa]</b> & đảo"),
        ("😀 Đảo 😀", "đảo", "😀 [Đảo] 😀"),
        ("Straße đảo", "dao", "Straße [đảo]"),
        ("Không có", "gì", "Không có"),
        ("", "gì", ""),
    ],
)
def test_hits_are_told_apart(text: str, asked: str, expected: str) -> None:
    assert shown(text, asked) == expected
    assert "".join(s.text for s in segments(text, asked_words(asked))) == text


def cut(body: str, asked: str) -> str:
    return "".join(s.text for s in snippet(body, aligned(body), asked_words(asked)))


def test_a_snippet_shows_the_best_place() -> None:
    body = "lua. " + "Mở đầu dài. " * 40 + "Nay cảnh báo lừa đảo qua mạng. " + "Kết thúc. " * 90
    assert "cảnh báo lừa đảo qua mạng" in cut(body, "canh bao lua dao")
    assert "cảnh báo lừa" in cut(body, "lừa"), "with its accents, though lua stands first"
    assert cut(body, "lua").startswith("lua. Mở")
    assert cut(body, "không") == ""
    for asked in ("lua", "lừa đảo", "kết thúc"):
        assert len(cut(body, asked)) < 260
        assert cut(body, asked).strip("…") in body
    assert cut("ngắn lụa", "lụa") == "ngắn lụa"


def test_a_word_within_a_word_is_no_hit() -> None:
    assert cut("xlua lua", "lua") == "xlua lua"
    assert cut("x" * 300 + "lua", "lua") == ""


def test_a_text_without_spaces_is_cut_too() -> None:
    assert len(cut("lua" + "x" * 5_000, "lua")) < 260
    assert len(cut("a " + "y" * 900 + " lua" + "x" * 5_000, "lua")) < 260


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("text", ["Đảo ß ﬁ", "İstanbul đ", "각 đảo", "a\u0301\u0323 đ", "😀 đ"])
def test_aligned_letter_for_letter(text: str, form: str) -> None:
    whole = unicodedata.normalize(form, text)
    assert len(aligned(whole)) == len(whole)
    assert aligned(whole)[max(map(whole.rfind, "Đđ"))] == "d"


def test_words_of_a_number_and_a_date() -> None:
    found = [word.folded for word in words("Quyết định 12/2026/QĐ-UBND, ngày 26_3")]
    assert found == ["quyet", "dinh", "12", "2026", "qd", "ubnd", "ngay", "26", "3"]
