"""Which report is a duplicate of which: one step deep, so that everybody follows the same root."""

from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from smartcity.core.db import one_at_a_time
from smartcity.core.errors import Invalid, NotFound
from smartcity.identity.permissions import Principal
from smartcity.reports.duplicates import following
from smartcity.reports.handling.told import Told
from smartcity.reports.models import Report
from smartcity.reports.visible import hold
from smartcity.reports.workflow import Status

LINKING = frozenset({"mark_duplicate", "grant_appeal"})
_DEAD = frozenset({Status.WITHDRAWN, Status.REJECTED, Status.DUPLICATE})


def one_by_one(session: Session) -> None:
    """Let links be made one at a time: two officers who join A to B and B to A make no circle.

    Before any report is held, or they would hold each other's.
    """
    one_at_a_time(session, "report.links")


def link(session: Session, actor: Principal, report: Report, told: Told) -> dict[str, Any] | None:
    """Join a report to the one that it is a duplicate of, with all that was joined to it.

    A parent that is a duplicate itself stands for its own. Invalid names the field `parent`; an
    outside centre may know none.
    """
    if told.parent is None:
        return None
    parent = _root(session, actor, told.parent)
    if parent.id == report.id:
        raise Invalid(parent="duplicate.itself")
    if parent.status in _DEAD:
        raise Invalid(parent="duplicate.parent_ended")
    children = update(Report).where(Report.duplicate_of == report.id)
    session.execute(children.values(duplicate_of=parent.id))
    report.duplicate_of = parent.id
    following.hand_over(session, report, parent)
    return {"parent": parent.code}


def unlink(session: Session, report: Report) -> None:
    """Part a report from its parent; what was joined by way of it stays joined."""
    if report.duplicate_of is None:
        return
    parent = session.get_one(Report, report.duplicate_of, with_for_update=True)
    report.duplicate_of = None
    session.flush()
    following.take_back(session, report, parent)


def _root(session: Session, actor: Principal, named: str) -> Report:
    try:
        parent = hold(session, actor, named)
        return hold(session, actor, str(parent.duplicate_of)) if parent.duplicate_of else parent
    except NotFound:
        raise Invalid(parent="duplicate.parent_unknown") from None
