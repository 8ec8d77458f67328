"""How often partners were gone to, by the month: numbers without names."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from smartcity.core.export import list_lines
from smartcity.core.paging import Page, in_order
from smartcity.core.texts import text
from smartcity.guide.models import LinkOpenings
from smartcity.guide.partners.partner import PARTNER
from smartcity.registers.service import Entry

COLUMNS = ("month", "key", "title", "category", "disclosure", "opened")


@dataclass(frozen=True)
class Figure:
    """How often a partner was gone to in a month, `2026-11`."""

    id: Any
    month: str
    key: str | None
    title: str
    category: str
    disclosure: str
    opened: int


def listed(session: Session, asked: Mapping[str, Any]) -> Page[Figure]:
    """Every partner that was ever published, by title, with its figure of the month asked for."""
    query = select(Entry).where(Entry.kind == PARTNER.name, Entry.published_at.is_not(None))
    page = in_order(session, query, (Entry.sorting, Entry.id), asked)
    opened = _opened(session, page.items, asked["month"])
    return Page([_figure(each, asked["month"], opened) for each in page.items], page.next_cursor)


def lines(asked: Mapping[str, Any]) -> Iterator[str]:
    """The list as CSV, piece by piece, 100,000 partners at most."""
    headings = [text(f"guide.partner.column.{name}") for name in COLUMNS]
    return list_lines(headings, listed, asked, lambda row: [getattr(row, c) for c in COLUMNS])


def _figure(entry: Entry, month: date, opened: Mapping[Any, int]) -> Figure:
    return Figure(
        id=entry.id,
        month=f"{month:%Y-%m}",
        key=entry.key,
        title=entry.title,
        category=entry.record["category"],
        disclosure=entry.record["disclosure"],
        opened=opened.get(entry.id, 0),
    )


def _opened(session: Session, entries: Sequence[Entry], month: date) -> Mapping[Any, int]:
    ids = LinkOpenings.entry_id.in_([entry.id for entry in entries])
    next_month = (month + timedelta(days=31)).replace(day=1)
    days = LinkOpenings.day >= month, LinkOpenings.day < next_month
    query = select(LinkOpenings.entry_id, func.sum(LinkOpenings.opened)).where(ids, *days)
    return {i: int(sum_) for i, sum_ in session.execute(query.group_by(LinkOpenings.entry_id))}
