"""The register as officers look through it, take out of it and put back."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from smartcity.audit.service import record
from smartcity.catalogue.models import LinkCheck, Procedure, ProcedureVersion
from smartcity.catalogue.opening import checking, links
from smartcity.catalogue.records.codes import canonical
from smartcity.catalogue.register import publishing
from smartcity.core import clock
from smartcity.core.db import lock_row
from smartcity.core.errors import Conflict, NotFound, PreconditionFailed
from smartcity.core.export import list_lines
from smartcity.core.paging import Page, newest_first
from smartcity.core.text import fold
from smartcity.core.texts import text
from smartcity.identity.permissions import Principal

COLUMNS = (
    *("code", "name", "state", "field", "agency", "degree", "demo", "checked_on"),
    *("opened", "version", "changed_by", "changed_at"),
)


def listed(session: Session, asked: Mapping[str, Any]) -> Page[Procedure]:
    """The procedures that the filters name, changed last first."""
    query = select(Procedure).where(*_wanted(asked))
    return newest_first(session, query, (Procedure.changed_at, Procedure.code), asked)


def lines(asked: Mapping[str, Any]) -> Iterator[str]:
    """The list as CSV, piece by piece, 100,000 procedures at most."""
    headings = [text(f"catalogue.column.{name}") for name in COLUMNS]
    return list_lines(headings, listed, asked, _cells)


def find(session: Session, written: str) -> Procedure:
    """The procedure of a code in any form, withdrawn or not; NotFound."""
    code = canonical(written)
    procedure = session.get(Procedure, code) if code else None
    if procedure is None:
        raise NotFound("opening.not_found")
    return procedure


def whole(session: Session, procedure: Procedure) -> dict[str, Any]:
    """What `RegisteredWholeOut` tells of a procedure."""
    check = session.get(LinkCheck, procedure.code)
    return {**vars(procedure), "link_check": check}


def versions(session: Session, written: str, asked: Mapping[str, Any]) -> Page[ProcedureVersion]:
    """The versions of a procedure, the newest first."""
    code = find(session, written).code
    query = select(ProcedureVersion).where(ProcedureVersion.code == code)
    keys = (ProcedureVersion.at, ProcedureVersion.number)
    return newest_first(session, query, keys, {**asked, "code": code})


def withdraw(
    session: Session, who: Principal, written: str, version: int, reason: str
) -> Procedure:
    """Take a procedure out of the public's sight."""
    procedure = _hold(session, written, version)
    publishing.withdraw(session, who, procedure, reason)
    return procedure


def restore(session: Session, who: Principal, written: str, version: int, reason: str) -> Procedure:
    """Show a withdrawn procedure again."""
    procedure = _hold(session, written, version)
    publishing.restore(session, who, procedure, reason)
    return procedure


def look_at_link(session: Session, who: Principal, written: str) -> None:
    """Let a worker look at a procedure's link now; Conflict when it has none."""
    procedure = find(session, written)
    if links.address(procedure.record["link"]) is None:
        raise Conflict("catalogue.no_link")
    checking.look_soon(session, procedure.code)
    record(session, who.key, "service.look", ("service", None), procedure=procedure.code)


def _hold(session: Session, written: str, version: int) -> Procedure:
    procedure = lock_row(session, select(Procedure), Procedure.code == canonical(written))
    if procedure is None:
        raise NotFound("opening.not_found")
    if procedure.version != version:
        raise PreconditionFailed("precondition.failed")
    return procedure


def _wanted(asked: Mapping[str, Any]) -> Iterator[ColumnElement[bool]]:
    for name in ("state", "field", "degree", "demo"):
        if asked.get(name) is not None:
            yield getattr(Procedure, name) == asked[name]
    if asked.get("checked_before"):
        checked = Procedure.checked_on
        yield or_(checked.is_(None), checked < asked["checked_before"])
    for word in fold(asked.get("q", "")).split():
        yield Procedure.folded.contains(word, autoescape=True)


def _cells(procedure: Procedure) -> list[object]:
    shown = {name: getattr(procedure, name) for name in COLUMNS}
    changed = procedure.changed_at.astimezone(clock.LOCAL).isoformat(timespec="seconds")
    told = {
        "state": text(f"catalogue.state.{procedure.state}"),
        "degree": text(f"catalogue.degree.{procedure.degree}"),
        "demo": text("catalogue.demo") if procedure.demo else "",
        "changed_at": changed,
    }
    return list({**shown, **told}.values())
