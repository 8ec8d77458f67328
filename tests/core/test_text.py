"""Vietnamese text: one form to store, one to search, one that fits."""

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smartcity.core.text import clean, fold, shortened

ALPHABET = "aăâbcdđeêghiklmnoôơpqrstuưvxy"
TONES = ["", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"]


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("Tie\u0302\u0301ng Vie\u0323\u0302t", "Tiếng Việt"),  # as an iPhone sends it
        ("  a\tb\r\n\nc  ", "abc"),
        ("a\u200bb\u200c\u2060c\ufeffd\u00ad", "abcd"),
        ("\u202eabc\u202c \u2066x\u2069", "abc x"),
        ("a\x00\x07\x1b\x7f\x9fb", "ab"),
        ("\ue000\u2028\u2029x", "x"),
        ("giá\u00a05.000\u00a0₫", "giá\u00a05.000\u00a0₫"),
        ("\u200b\u2066 ", ""),
        ("👍🏽", "👍🏽"),
    ],
)
def test_what_is_kept_of_a_line(typed: str, stored: str) -> None:
    assert clean(typed) == stored


def test_lines_and_joined_emoji_are_kept_where_asked() -> None:
    assert (
        clean(" một\r\nhai\n\n👨\u200d👩\u200d👧\t.\n", lines=True)
        == "một\nhai\n\n👨\u200d👩\u200d👧\t."
    )


def test_a_lone_surrogate_is_refused() -> None:
    with pytest.raises(ValueError, match="surrogates"):
        clean("a\ud800")


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_cleaning_twice_changes_nothing(typed: str) -> None:
    once = clean(typed)
    assert clean(once) == once
    assert unicodedata.is_normalized("NFC", once)


def test_every_vietnamese_letter_folds_to_its_base() -> None:
    for base in ALPHABET:
        plain = unicodedata.normalize("NFD", base)[0].replace("đ", "d")
        for tone in TONES if base in "aăâeêioôơuưy" else [""]:
            for letter in (base + tone, unicodedata.normalize("NFC", base + tone)):
                for case in (letter.lower(), letter.upper()):
                    assert fold(case) == plain, letter


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_folding_knows_no_case_and_no_accent(typed: str) -> None:
    assert fold(fold(typed)) == fold(typed)
    assert fold(unicodedata.normalize("NFD", typed)) == fold(unicodedata.normalize("NFC", typed))


@given(st.text(st.characters(exclude_categories=["Cs"])), st.integers(3, 60))
def test_what_is_shortened_fits_and_only_then(typed: str, most: int) -> None:
    def size(text: str) -> int:
        return len(json.dumps(text, ensure_ascii=False).encode()) - 2

    short = shortened(typed, most)
    assert size(short) <= most
    assert (short == typed) == (size(typed) <= most) or typed.endswith("…")
    assert typed.startswith(short.removesuffix("…"))
