"""Files of prices: what one would change, and bringing it in."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from smartcity.core.datafile import faults_of, refuse
from smartcity.core.texts import message
from smartcity.guide.models import Price
from smartcity.guide.prices.comparing import Compared, compared
from smartcity.guide.prices.names import names
from smartcity.guide.prices.quotes import Fault, by_place
from smartcity.guide.prices.reading import read
from smartcity.guide.prices.recording import record
from smartcity.identity.permissions import SYSTEM, Principal

FILE = "guide/prices.csv"


def preview(session: Session, file: Path) -> dict[str, Any]:
    """What bringing a file would do, and what stands against it. Raises Unreadable."""
    known = names(session)
    found = read(file, known)
    held = compared(session, found.quotes, known)
    faults = [*found.faults, *held.faults]
    return {"applied": False, **counted(held), **_told(faults, held.jumps)}


def bring(
    session: Session,
    who: Principal,
    file: Path,
    *,
    reason: str | None,
    confirm: bool,
    origin: str,
) -> dict[str, Any]:
    """Record the prices of a file, all or none.

    Raises Unreadable, and what `record` raises, by `lines`.
    """
    found = read(file, names(session))
    why: dict[str, Any] = {"reason": reason, "confirm": confirm, "origin": origin}
    made = record(session, who, found.quotes, **why, rows="lines", faults=found.faults)
    return {"applied": True, **counted(made), **_told((), made.jumps)}


def counted(found: Compared) -> dict[str, int]:
    """How many prices are new, other than before, and the same."""
    added = len(found.changes) - found.corrections
    return {"added": added, "corrected": found.corrections, "same": found.same}


def load_prices(session: Session, folder: Path) -> None:
    """Record the prices of a province's folder that are not there; what officers said stays."""
    file = folder / FILE
    known = names(session)
    found = read(file, known)
    there = {tuple(row) for row in session.execute(select(Price.good, Price.market, Price.day))}
    new = [quote for quote in found.quotes if (quote.good, quote.market, quote.day) not in there]
    faults = [*found.faults, *compared(session, new, known).faults]
    refuse(file, faults_of({"line": by_place(faults)}))
    record(session, SYSTEM, new, confirm=True, origin=file.name)


def _told(faults: Iterable[Fault], jumps: Iterable[Fault]) -> dict[str, Any]:
    return {"faults": _lines(faults), "jumps": _lines(jumps)}


def _lines(faults: Iterable[Fault]) -> list[dict[str, Any]]:
    told = [
        {"line": fault.place, "field": fault.field, "message": message(fault.message)}
        for fault in faults
    ]
    return sorted(told, key=lambda fault: fault["line"])
