"""Reports by words of their description, whatever their case and accents.

On PostgreSQL by an index of words. It tells all reports that have a word, and no order: of a
frequent one they are many. So the newest are looked for first (decision 0016).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    and_,
    bindparam,
    false,
    func,
    literal_column,
    or_,
    select,
)
from sqlalchemy.orm import Session, aliased

from smartcity.core import clock
from smartcity.core.db import is_sqlite
from smartcity.core.paging import Page, newest_first, stands_at
from smartcity.core.text import fold
from smartcity.reports.models import WORDS, Report

_WORD = re.compile(r"([^\W_]+)(\*?)")
_START, _END = r"(?<![^\W_])", r"(?![^\W_])"
SPANS = (1, 8, 64)  # days that the index of words knows a report by


def telling(session: Session, words: str) -> ColumnElement[bool]:
    """Descriptions in which every word occurs, in any order; `tr*` is any that begins so.

    SQLite has no index of words: it reads each description that the other filters leave.
    """
    wanted = _WORD.findall(fold(words))
    if not wanted:
        return false()
    if is_sqlite(session):
        patterns = (f"{_START}{word}{'' if goes_on else _END}" for word, goes_on in wanted)
        return and_(*map(Report.folded.regexp_match, patterns))
    return _matching(_asked(wanted))


def newest_telling(
    session: Session, query: Select[Report], words: str, asked: Mapping[str, Any]
) -> Page[Report]:
    """The page of `query` that `asked` names, newest first, of descriptions with every word."""
    wanted = _WORD.findall(fold(words))
    keys = (Report.submitted_at, Report.id)
    if is_sqlite(session) or not wanted:
        return newest_first(session, query.where(telling(session, words)), keys, asked)
    page: Page[Report] = Page([], None)
    for days in _windows(stands_at(keys, asked) or asked.get("until") or clock.now()):
        told = or_(*(_matching(f"{_asked(wanted)}{day}") for day in days))
        # OFFSET keeps the planner from walking through all reports for the first few that match.
        there = aliased(Report, query.where(told).offset(0).subquery())
        page = newest_first(session, select(there), (there.submitted_at, there.id), asked)
        if page.next_cursor:
            break
    return page


def _windows(at: Any) -> Iterator[Sequence[str]]:
    """Ever longer times before an instant, as the index knows them; at last, all."""
    day = int(at.timestamp()) // 86_400
    for span in SPANS:
        yield [f" & d{span}x{day // span - back}" for back in (0, 1)]
    yield [""]


def _asked(wanted: list[tuple[str, str]]) -> str:
    return " & ".join(f"{word}:*" if goes_on else word for word, goes_on in wanted)


def _matching(asked: str) -> ColumnElement[bool]:
    # In the statement's own text: a plan for any words would be a bad one for most.
    query: BindParameter[str] = bindparam("words", asked, unique=True, literal_execute=True)
    return WORDS.bool_op("@@")(func.to_tsquery(literal_column("'simple'"), query))
