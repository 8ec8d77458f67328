"""One statement for a list of tiers, on both databases.

Each tier is a walk over the index that leaves out what the tiers before it gave; the databases
stop at the limit, so that the later tiers of a frequent word are never looked at.
"""

from collections.abc import Sequence
from functools import cache

from sqlalchemy import TextClause, text
from sqlalchemy.orm import Session

from smartcity.core.db import is_sqlite
from smartcity.search.marks import Conjunction, Mark

_BY_INDEX = text("SET LOCAL enable_seqscan = off")
# FTS5 walks its rows in this order. PostgreSQL is kept from walking the primary key: it would
# take a rare beginning for a frequent one, and read every row.
_SQLITE = ("rowid", "search_words MATCH :q{}", "rowid DESC")
_POSTGRES = ("number", "marks @@ CAST(:q{} AS tsquery)", "number + 0 DESC")


def numbers(
    session: Session, tiers: Sequence[Conjunction], within: Conjunction, *, first: int, most: int
) -> list[int]:
    """The entries that answer to a tier, in their order, from the place `first` on."""
    sqlite = is_sqlite(session)
    write = _fts5 if sqlite else _tsquery
    asked = {f"q{n}": write((*tier, *within)) for n, tier in enumerate(tiers)}
    if not sqlite:  # it takes the marks' size for their pointers', and would read them all
        session.execute(_BY_INDEX)
    places = {"upto": first + most, "first": first, "most": most}
    return list(session.scalars(_statement(len(tiers), sqlite), {**asked, **places}))


@cache
def _statement(tiers: int, sqlite: bool) -> TextClause:
    parts = [f"t{n} AS MATERIALIZED ({_tier(n, sqlite)})" for n in range(tiers)]
    return text(f"WITH {', '.join(parts)} {_all(tiers)} LIMIT :most OFFSET :first")


def _tier(n: int, sqlite: bool) -> str:
    key, matches, order = _SQLITE if sqlite else _POSTGRES
    fresh = f"AND {key} NOT IN ({_all(n)})" if n else ""
    return (
        f"SELECT {key} AS number FROM search_words"  # noqa: S608  # all from here
        f" WHERE {matches.format(n)} {fresh} ORDER BY {order} LIMIT :upto"
    )


def _all(tiers: int) -> str:
    return " UNION ALL ".join(f"SELECT number FROM t{n}" for n in range(tiers))  # noqa: S608


def _fts5(asked: Conjunction) -> str:
    """https://www.sqlite.org/fts5.html#full_text_query_syntax"""
    return " AND ".join(f"({' OR '.join(map(_fts5_mark, clause))})" for clause in asked)


def _tsquery(asked: Conjunction) -> str:
    """https://www.postgresql.org/docs/current/datatype-textsearch.html#DATATYPE-TSQUERY"""
    return " & ".join(f"({' | '.join(map(_tsquery_mark, clause))})" for clause in asked)


def _fts5_mark(mark: Mark) -> str:
    return f'"{mark.text}"{" *" if mark.open else ""}'


def _tsquery_mark(mark: Mark) -> str:
    return f"'{mark.text}'{':*' if mark.open else ''}"
