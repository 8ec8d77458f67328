"""CSV that opens as text in any spreadsheet."""

import csv
import io

import pytest

from smartcity.core.spreadsheet import csv_text, safe_cell

FORMULAS = [
    "=1+1",
    "+84",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "\0=1",
    "＝1",
    "＠x",
    "＋1",
    "－1",
]


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_gets_an_apostrophe(text: str) -> None:
    assert safe_cell(text) == f"'{text}"


def test_other_values_stay_as_they_are() -> None:
    values = ["Ổ gà", "a=b", "", " x", 5, None, 'say "x", y', "two\r\nlines", "'quoted"]
    told = ["Ổ gà", "a=b", "", " x", "5", "", 'say "x", y', "two\r\nlines", "'quoted"]
    written = csv_text([values])
    assert next(csv.reader(io.StringIO(written, newline=""))) == told
    assert written.endswith('"\r\n')
