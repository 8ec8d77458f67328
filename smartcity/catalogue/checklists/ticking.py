"""Which papers of a procedure a citizen has together: kept on his account, for all his phones."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from smartcity.catalogue.models import Checklist, Procedure, ProcedureVersion, State
from smartcity.catalogue.reading.listing import Withdrawn, public_code
from smartcity.catalogue.reading.rendering import documents
from smartcity.catalogue.records.codes import canonical
from smartcity.core import clock
from smartcity.core.db import one_at_a_time
from smartcity.core.errors import Conflict, Invalid, NotFound
from smartcity.core.paging import Page, newest_first

MOST = 200  # of one citizen
_KEYS = (Checklist.changed_at, Checklist.code)


def tick(
    session: Session, citizen_id: uuid.UUID, written: str, ticked: Sequence[str]
) -> dict[str, Any]:
    """Keep which papers are together, in the order of the procedure; the same again is no error.

    NotFound for a procedure that is not public, Invalid for what is none of its papers, Conflict
    for one checklist more than 200.
    """
    procedure = _public(session, written)
    papers = [paper["id"] for paper in documents(procedure.record)]
    if set(ticked) - set(papers):
        raise Invalid(ticked="checklist.unknown_document")
    one_at_a_time(session, f"checklists:{citizen_id}")
    kept = session.get(Checklist, (citizen_id, procedure.code))
    if kept is None:
        kept = _begun(session, citizen_id, procedure.code)
    kept.ticked, kept.changed_at = [ident for ident in papers if ident in ticked], clock.now()
    session.flush()
    return told(session, citizen_id, procedure.code)


def told(session: Session, citizen_id: uuid.UUID, written: str) -> dict[str, Any]:
    """A checklist, and which papers are asked for no more, or only since it was kept; NotFound."""
    code = canonical(written)
    kept = session.get(Checklist, (citizen_id, code)) if code else None
    if kept is None:
        raise NotFound("checklist.not_kept")
    procedure = session.get_one(Procedure, kept.code)
    now, then = _papers(procedure.record), _papers(_record_then(session, kept))
    return {
        **_named(kept, procedure),
        "ticked": [ident for ident in kept.ticked if ident in now],
        "gone": [then[ident] for ident in kept.ticked if ident in then and ident not in now],
        "new": [paper for ident, paper in now.items() if ident not in then],
    }


def listed(
    session: Session, citizen_id: uuid.UUID, asked: Mapping[str, Any]
) -> Page[dict[str, Any]]:
    """A page of his checklists, kept last first."""
    query = select(Checklist).where(Checklist.citizen_id == citizen_id)
    page = newest_first(session, query, _KEYS, asked)
    codes = [kept.code for kept in page.items]
    found = session.scalars(select(Procedure).where(Procedure.code.in_(codes)))
    procedures = {procedure.code: procedure for procedure in found}
    items = [_counted(kept, procedures[kept.code]) for kept in page.items]
    return Page(items, page.next_cursor)


def forget(session: Session, citizen_id: uuid.UUID, written: str) -> None:
    """Keep a checklist no longer; nothing happens if it is not kept."""
    mine = Checklist.citizen_id == citizen_id, Checklist.code == canonical(written)
    session.execute(delete(Checklist).where(*mine))


def held_checklists(session: Session, citizen_id: uuid.UUID) -> Iterator[dict[str, Any]]:
    """All that he keeps, for his archive."""
    query = select(Checklist).where(Checklist.citizen_id == citizen_id).order_by(*_KEYS)
    for kept in session.scalars(query):
        yield {"code": kept.code, "ticked": kept.ticked, "changed_at": kept.changed_at}


def erase_checklists(session: Session, citizen_id: uuid.UUID) -> None:
    """Nobody is to know what he prepared."""
    session.execute(delete(Checklist).where(Checklist.citizen_id == citizen_id))


def _public(session: Session, written: str) -> Procedure:
    try:
        return session.get_one(Procedure, public_code(session, written))
    except Withdrawn as problem:  # its papers would serve nothing
        raise NotFound(problem.code) from None


def _begun(session: Session, citizen_id: uuid.UUID, code: str) -> Checklist:
    own = select(func.count()).select_from(Checklist).where(Checklist.citizen_id == citizen_id)
    if session.scalars(own).one() >= MOST:
        raise Conflict("checklist.too_many", most=MOST)
    kept = Checklist(citizen_id=citizen_id, code=code)
    session.add(kept)
    return kept


def _record_then(session: Session, kept: Checklist) -> Mapping[str, Any]:
    """The procedure as it stood when the checklist was kept."""
    stood = ProcedureVersion.code == kept.code, ProcedureVersion.at <= kept.changed_at
    query = select(ProcedureVersion).where(*stood).order_by(ProcedureVersion.number.desc())
    return session.scalars(query.limit(1)).one().record


def _papers(record: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    return {p["id"]: {"id": p["id"], "name": p["name"]} for p in documents(record)}


def _named(kept: Checklist, procedure: Procedure) -> dict[str, Any]:
    withdrawn = procedure.state != State.PUBLISHED
    told = {"code": kept.code, "name": procedure.name, "changed_at": kept.changed_at}
    return {**told, "withdrawn": withdrawn}


def _counted(kept: Checklist, procedure: Procedure) -> dict[str, Any]:
    papers = _papers(procedure.record)
    together = sum(ident in papers for ident in kept.ticked)
    return {**_named(kept, procedure), "together": together, "documents": len(papers)}
