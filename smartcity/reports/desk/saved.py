"""Filters that an officer keeps under a name, and shares within his agency."""

import uuid
from collections.abc import Iterator
from typing import Any

from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import Session

from smartcity.audit import service as audit
from smartcity.core import clock
from smartcity.core.db import one_at_a_time
from smartcity.core.errors import Conflict, Invalid, NotFound
from smartcity.identity.permissions import Principal
from smartcity.reports.desk.models import SavedFilter

MOST = 50
LONGEST_NAME = 60


def kept(session: Session, officer: Principal) -> Iterator[dict[str, Any]]:
    """One's own filters by name, then those that colleagues of the same agency share."""
    own = SavedFilter.officer_id == uuid.UUID(officer.id)
    shared = SavedFilter.shared_in == officer.agency if officer.agency else own
    query = select(SavedFilter).where(or_(own, shared))
    for row in session.scalars(query.order_by(own.desc(), SavedFilter.name)):
        yield _shown(row, officer)


def keep(
    session: Session, officer: Principal, name: str, filters: dict[str, Any], shared: bool
) -> dict[str, Any]:
    """Save filters under a name, in place of those it had; Conflict beyond 50 names."""
    if not 0 < len(name) <= LONGEST_NAME or not name.isprintable():
        raise Invalid(name=f"field.too_long|max={LONGEST_NAME}")
    if shared and not officer.agency:
        raise Invalid(shared="saved_filter.no_agency")
    one_at_a_time(session, f"saved_filters:{officer.id}")
    row = session.get(SavedFilter, (uuid.UUID(officer.id), name))
    if row is None:
        _refuse_too_many(session, officer)
        row = SavedFilter(officer_id=uuid.UUID(officer.id), name=name)
        session.add(row)
    row.filters, row.updated_at = filters, clock.now()
    row.shared_in = officer.agency if shared else None
    _record(session, officer, "save", shared=shared)
    return _shown(row, officer)


def discard(session: Session, officer: Principal, name: str) -> None:
    """Drop one's own filters of a name; NotFound when there are none."""
    own = SavedFilter.officer_id == uuid.UUID(officer.id), SavedFilter.name == name
    if not session.connection().execute(delete(SavedFilter).where(*own)).rowcount:
        raise NotFound("saved_filter.not_found")
    _record(session, officer, "discard")


def _refuse_too_many(session: Session, officer: Principal) -> None:
    own = SavedFilter.officer_id == uuid.UUID(officer.id)
    if session.scalars(select(func.count()).select_from(SavedFilter).where(own)).one() >= MOST:
        raise Conflict("saved_filter.too_many", most=MOST)


def _record(session: Session, officer: Principal, deed: str, **detail: Any) -> None:
    subject = ("officer", uuid.UUID(officer.id))
    audit.record(session, officer.key, f"saved_filter.{deed}", subject, **detail)


def _shown(row: SavedFilter, officer: Principal) -> dict[str, Any]:
    return {
        "name": row.name,
        "filters": row.filters,
        "shared": row.shared_in is not None,
        "mine": str(row.officer_id) == officer.id,
    }
