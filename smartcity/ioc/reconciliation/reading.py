"""Runs and their differences as officers read them."""

import uuid
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Select, select, tuple_
from sqlalchemy.orm import Session

from smartcity.core.errors import Malformed, NotFound
from smartcity.core.paging import Page, newest_first
from smartcity.core.signing import seal, unseal
from smartcity.core.texts import text
from smartcity.ioc.models import Difference, Reconciliation

COLUMNS = ("code", "sequence", "kind", "event_id", "repaired_at")
_PLACE = (Difference.code, Difference.sequence)
_BATCH = 1_000


def runs(session: Session, asked: Mapping[str, Any]) -> Page[Reconciliation]:
    """Runs, newest first: of a destination, under way or not, with something left or not."""
    query = select(Reconciliation)
    if asked.get("destination"):
        query = query.where(Reconciliation.destination == asked["destination"])
    if asked.get("running") is not None:
        ended = Reconciliation.ended_at
        query = query.where(ended.is_(None) if asked["running"] else ended.is_not(None))
    if asked.get("differing") is not None:
        found = Reconciliation.missing + Reconciliation.different + Reconciliation.extra
        left = found > Reconciliation.repaired
        query = query.where(left if asked["differing"] else ~left)
    return newest_first(session, query, (Reconciliation.started_at, Reconciliation.id), asked)


def run(session: Session, run_id: uuid.UUID) -> Reconciliation:
    """One run. Raises NotFound."""
    found = session.get(Reconciliation, run_id)
    if found is None:
        raise NotFound("ioc.no_reconciliation")
    return found


def differences(session: Session, run_id: uuid.UUID, asked: Mapping[str, Any]) -> Page[Difference]:
    """A run's differences by report and sequence. Raises NotFound, Malformed."""
    query, purpose = _listed(session, run_id, asked), _purpose(run_id, asked)
    if asked.get("cursor"):
        query = query.where(tuple_(*_PLACE) > _position(purpose, asked["cursor"]))
    found = session.scalars(query.limit(asked["limit"] + 1)).all()
    rows = found[: asked["limit"]]
    further = seal(purpose, [rows[-1].code, rows[-1].sequence]) if len(found) > len(rows) else None
    return Page(rows, further)


def cells(session: Session, run_id: uuid.UUID, asked: Mapping[str, Any]) -> Iterator[list[Any]]:
    """The same as rows of a table, under headings. Raises NotFound at once."""
    found = session.scalars(_listed(session, run_id, asked).execution_options(yield_per=_BATCH))
    yield [text(f"ioc.difference.{name}") for name in COLUMNS]
    for difference in found:
        row = [getattr(difference, name) for name in COLUMNS]
        row[2] = text(f"ioc.difference.kind.{difference.kind}")
        yield row


def _listed(session: Session, run_id: uuid.UUID, asked: Mapping[str, Any]) -> Select[Difference]:
    run(session, run_id)
    query = select(Difference).where(Difference.reconciliation_id == run_id)
    if asked.get("kind"):
        query = query.where(Difference.kind == asked["kind"])
    if asked.get("repaired") is not None:
        mended = Difference.repaired_at
        query = query.where(mended.is_not(None) if asked["repaired"] else mended.is_(None))
    return query.order_by(*_PLACE)


def _purpose(run_id: uuid.UUID, asked: Mapping[str, Any]) -> str:
    return f"differences:{run_id}:{asked.get('kind')}:{asked.get('repaired')}"


def _position(purpose: str, cursor: str) -> tuple[str, int]:
    found = unseal(purpose, cursor)
    if not isinstance(found, list):
        raise Malformed("request.cursor")
    return found[0], found[1]
