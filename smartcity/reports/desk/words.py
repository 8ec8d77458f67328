"""Reports by words of their description, whatever their case and accents."""

import re

from sqlalchemy import BindParameter, ColumnElement, and_, bindparam, false, func, literal_column
from sqlalchemy.orm import Session

from smartcity.core.db import is_sqlite
from smartcity.core.text import fold
from smartcity.reports.models import WORDS, Report

_WORD = re.compile(r"[^\W_]+")
_START, _END = r"(?<![^\W_])", r"(?![^\W_])"
_BEGINNING = 3  # letters from which on the last word may go on


def telling(session: Session, words: str) -> ColumnElement[bool]:
    """Descriptions in which every word occurs, in any order; the last may be a word's beginning.

    SQLite has no index of words: it reads each description that the other filters leave.
    """
    *whole, last = _WORD.findall(fold(words)) or [""]
    if not last:
        return false()
    goes_on = len(last) >= _BEGINNING
    if is_sqlite(session):
        patterns = [f"{_START}{word}{_END}" for word in whole]
        patterns.append(f"{_START}{last}{'' if goes_on else _END}")
        return and_(*map(Report.folded.regexp_match, patterns))
    asked = " & ".join([*whole, f"{last}:*" if goes_on else last])
    # In the statement's own text: a plan for any words would be a bad one for most.
    query: BindParameter[str] = bindparam("words", asked, unique=True, literal_execute=True)
    return WORDS.bool_op("@@")(func.to_tsquery(literal_column("'simple'"), query))
