"""Lists as CSV files (RFC 4180) that a spreadsheet opens as text and never as formulas."""

import csv
import io
from collections.abc import Iterable, Sequence

BOM = "\ufeff"  # without it Excel takes UTF-8 for the machine's own encoding
# OWASP, CSV Injection, and ASVS 5.0 §1.2.10; spreadsheets in East Asia take the wide forms too.
_BEGIN_A_FORMULA = tuple("=+-@\t\r\n\0＝＋－＠")


def csv_text(rows: Iterable[Sequence[object]]) -> str:
    """Rows as lines of CSV; None is an empty cell."""
    lines = io.StringIO()
    csv.writer(lines, quoting=csv.QUOTE_ALL).writerows([map(safe_cell, row) for row in rows])
    return lines.getvalue()


def safe_cell(value: object) -> str:
    """A value as text; an apostrophe stands before what a spreadsheet would calculate."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_BEGIN_A_FORMULA) else text
