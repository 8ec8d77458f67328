"""Cards and contacts as officers look for them, newest first; and the lists as files."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from smartcity.core import clock
from smartcity.core.export import list_lines
from smartcity.core.paging import Page, newest_first
from smartcity.core.text import fold
from smartcity.core.texts import text
from smartcity.home.cards import State
from smartcity.home.entries import Entry
from smartcity.home.models import Card, Contact

_COLUMNS: dict[type[Any], tuple[str, ...]] = {
    Card: (
        *("kind", "title_vi", "title_en", "text_vi", "level", "link", "areas", "platforms"),
        *("app_from", "starts_at", "ends_at", "rank", "withdrawn_at", "made_by", "made_at", "id"),
    ),
    Contact: (
        *("kind", "number", "name_vi", "name_en", "text_vi", "agency", "areas", "rank"),
        *("withdrawn_at", "made_by", "made_at", "id"),
    ),
}


def listed(session: Session, table: type[Entry], asked: Mapping[str, Any]) -> Page[Entry]:
    """The entries that the filters name; `q` is looked for in their words, without accents."""
    query = select(table).where(*_wanted(table, asked))
    return newest_first(session, query, (table.made_at, table.id), asked)


def lines(table: type[Entry], asked: Mapping[str, Any]) -> Iterator[str]:
    """The list as CSV, piece by piece, 100,000 entries at most."""
    headings = [text(f"home.column.{name}") for name in _COLUMNS[table]]
    return list_lines(headings, lambda session, page: listed(session, table, page), asked, _cells)


def _wanted(table: type[Any], asked: Mapping[str, Any]) -> Iterator[ColumnElement[bool]]:
    if asked.get("kind"):
        yield table.kind == asked["kind"]
    if asked.get("q"):
        yield table.folded.contains(fold(asked["q"]), autoescape=True)
    if asked.get("withdrawn") is not None:
        yield table.withdrawn_at.is_not(None) if asked["withdrawn"] else _stands(table)
    if asked.get("state"):
        yield from _IN_STATE[asked["state"]]()


def _stands(table: type[Any]) -> ColumnElement[bool]:
    stands: ColumnElement[bool] = table.withdrawn_at.is_(None)
    return stands


_IN_STATE: dict[str, Callable[[], tuple[ColumnElement[bool], ...]]] = {
    State.SCHEDULED: lambda: (_stands(Card), Card.starts_at > clock.now()),
    State.SHOWING: lambda: (
        _stands(Card),
        Card.starts_at <= clock.now(),
        or_(Card.ends_at.is_(None), Card.ends_at > clock.now()),
    ),
    State.ENDED: lambda: (
        _stands(Card),
        Card.starts_at <= clock.now(),
        Card.ends_at <= clock.now(),
    ),
    State.WITHDRAWN: lambda: (Card.withdrawn_at.is_not(None),),
}


def _cells(entry: Card | Contact) -> list[object]:
    return [_cell(getattr(entry, name)) for name in _COLUMNS[type(entry)]]


def _cell(value: Any) -> object:
    if hasattr(value, "astimezone"):
        return value.astimezone(clock.LOCAL).isoformat(timespec="seconds")
    return " ".join(value) if isinstance(value, list) else value
