"""The links that were looked at, as officers go through them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from smartcity.catalogue.desk.telling import fault_told
from smartcity.catalogue.models import LinkCheck, Procedure, State
from smartcity.core import clock
from smartcity.core.export import list_lines
from smartcity.core.paging import Page, newest_first
from smartcity.core.texts import text

COLUMNS = ("code", "name", "outcome", "fault", "address", "broken_since", "checked_at")


def listed(session: Session, asked: Mapping[str, Any]) -> Page[dict[str, Any]]:
    """The links of published procedures that the filter names, looked at last first."""
    published = select(Procedure.code).where(Procedure.state == State.PUBLISHED)
    query = select(LinkCheck).where(
        LinkCheck.checked_at.is_not(None), LinkCheck.code.in_(published)
    )
    if asked.get("outcome"):
        query = query.where(LinkCheck.outcome == asked["outcome"])
    page = newest_first(session, query, (LinkCheck.checked_at, LinkCheck.code), asked)
    return Page(_named(session, page.items), page.next_cursor)


def lines(asked: Mapping[str, Any]) -> Iterator[str]:
    """The list as CSV, piece by piece, 100,000 links at most."""
    headings = [text(f"catalogue.column.{name}") for name in COLUMNS]
    return list_lines(headings, listed, asked, _cells)


def _named(session: Session, checks: Sequence[LinkCheck]) -> list[dict[str, Any]]:
    ours = Procedure.code.in_([check.code for check in checks])
    names = dict(session.execute(select(Procedure.code, Procedure.name).where(ours)).all())
    return [{"name": names[check.code], "check": check} for check in checks]


def _cells(item: Mapping[str, Any]) -> list[object]:
    check: LinkCheck = item["check"]
    times = (check.broken_since, check.checked_at)
    when = [at and at.astimezone(clock.LOCAL).isoformat(timespec="seconds") for at in times]
    outcome = text(f"catalogue.outcome.{check.outcome}")
    return [check.code, item["name"], outcome, fault_told(check.fault), check.address, *when]
