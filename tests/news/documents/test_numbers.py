"""A document's number has one form, however it was typed."""

import pytest

from smartcity.news.documents.numbers import normalised, words

NUMBERS = {
    "12/2026/QĐ-UBND": "12/2026/QĐ-UBND",
    " 12 / 2026 /qđ - ubnd ": "12/2026/QĐ-UBND",
    "12/2026/QĐ–UBND": "12/2026/QĐ-UBND",
    "12/2026/qÐ-ubnd": "12/2026/QĐ-UBND",  # the letter eth
    "08-NQ/TU": "08-NQ/TU",
    "91/2025/qh15": "91/2025/QH15",
    "5a/KH-SXD": "5A/KH-SXD",
    "Số  7": "SỐ 7",
}


@pytest.mark.parametrize(("typed", "kept"), NUMBERS.items())
def test_a_number_has_one_form(typed: str, kept: str) -> None:
    assert normalised(typed) == kept
    assert normalised(kept) == kept


def test_a_spaced_number_is_one_word() -> None:
    assert words(" 12 / 2026/qd-ubnd quy  chế ") == ["12/2026/qd-ubnd", "quy", "chế"]
