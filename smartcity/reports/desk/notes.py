"""Officers' notes on a report: never a citizen's to read, and never sent to another system."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from smartcity.audit import service as audit
from smartcity.core import clock
from smartcity.core.errors import Invalid, NotFound
from smartcity.core.ids import new_id
from smartcity.core.paging import Page, oldest_first
from smartcity.identity import service as identity
from smartcity.identity.permissions import Action, Principal, Scope
from smartcity.reports.desk.models import Note
from smartcity.reports.models import Report
from smartcity.reports.visible import visible


def add(
    session: Session, officer: Principal, report_id: uuid.UUID, words: str, for_unit: bool
) -> Note:
    """A note of an officer; it is never changed, a further one corrects it.

    `for_unit`: the unit that has the report may read it; Invalid while none has.
    """
    report = _worked_on(session, officer, report_id)
    if for_unit and report.agency is None:
        raise Invalid(for_unit="note.no_unit")
    note = Note(
        id=new_id(),
        report_id=report.id,
        officer_id=uuid.UUID(officer.id),
        agency=officer.agency,
        for_agency=report.agency if for_unit else None,
        text=words,
        created_at=clock.now(),
    )
    session.add(note)
    session.flush()
    audit.record(session, officer.key, "note.add", ("report", report.id), note=str(note.id))
    return note


def read(
    session: Session, officer: Principal, report_id: uuid.UUID, asked: Mapping[str, Any]
) -> Page[Note]:
    """The notes on a report, oldest first; a unit reads its own and those meant for it."""
    report = _worked_on(session, officer, report_id)
    query = select(Note).where(Note.report_id == report.id)
    if officer.scope(Action.WORK_ON_REPORTS) is not Scope.ALL:
        query = query.where(or_(Note.agency == officer.agency, Note.for_agency == officer.agency))
    return oldest_first(session, query, (Note.created_at, Note.id), asked)


def shown(session: Session, notes: Sequence[Note]) -> list[dict[str, Any]]:
    """Notes with their writers' names, in one further statement."""
    names = identity.officers.names(session, {note.officer_id for note in notes})
    return [
        {
            "id": note.id,
            "text": note.text,
            "by": names[note.officer_id],
            "agency": note.agency,
            "for_unit": note.for_agency is not None,
            "created_at": note.created_at,
        }
        for note in notes
    ]


def _worked_on(session: Session, officer: Principal, report_id: uuid.UUID) -> Report:
    query = visible(officer, Action.WORK_ON_REPORTS).where(Report.id == report_id)
    report = session.scalar(query)
    if report is None:
        raise NotFound("report.not_found")
    return report
