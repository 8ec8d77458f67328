"""A centre that fetches asks what it lacks."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from smartcity.core import clock
from smartcity.core.db import lock_row, one_at_a_time
from smartcity.core.errors import Invalid
from smartcity.identity.permissions import Principal
from smartcity.ioc import destinations
from smartcity.ioc.arrivals import arrived
from smartcity.ioc.models import Reconciliation
from smartcity.ioc.reconciliation import comparison, repair, runs
from smartcity.ioc.reconciliation.comparison import Compared, Kind, Sent, written
from smartcity.reports import service as reports


def compare(session: Session, centre: Principal, asked: Mapping[str, Any]) -> dict[str, Any]:
    """The difference, report by report; what agrees is acknowledged, the rest listed in a run.

    What it has not fetched yet is not missing. Pages with the same `run` are one run: what agrees
    in a later page of it is repaired. Invalid when that run is not this centre's.
    """
    held = {row["report"]: _events(row) for row in asked["reports"]}
    ids = reports.ids_of(session, held)
    ours = comparison.sent(session, centre.id, list(ids.values()))
    run = _run(session, centre, asked)
    found = comparison.compare(ours, held, clock.now())
    found = repair.without_what_comes(session, destinations.find(session, centre.id), found)
    arrived(session, centre.id, found.matching)
    runs.note_differences(session, run, found)
    runs.note_repaired(session, run, [event.event_id for event in found.matching])
    runs.count(session, run)
    run.ended_at = clock.now()
    run.pages += 1
    run.reports += len(held)
    run.events += len(ours)
    return {"run": run.id, "reports": [_told(code, found) for code in held]}


def _events(row: Mapping[str, Any]) -> dict[int, str]:
    return {int(e["sequence"]): e["sha256"].lower() for e in row["events"]}


def _run(session: Session, centre: Principal, asked: Mapping[str, Any]) -> Reconciliation:
    """The run that a page belongs to, held; a new one when it names none or a new one."""
    named = asked.get("run")
    one_at_a_time(session, f"reconciliation:{named}")  # two pages of one run may come at once
    known = named and lock_row(session, select(Reconciliation), Reconciliation.id == named)
    if known and (known.destination, known.started_by) != (centre.id, centre.key):
        raise Invalid(run="ioc.run_of_another")
    if known:
        return known
    now = clock.now()
    given = {"id": named} if named else {}
    run = runs.new_run(centre.id, centre.key, since=now - runs.LOOK_BACK, until=now, **given)
    session.add(run)
    session.flush()
    return run


def _told(code: str, found: Compared) -> dict[str, Any]:
    return {
        "report": code,
        Kind.MISSING: _lacked(code, found.missing),
        Kind.DIFFERENT: _lacked(code, found.different),
        Kind.EXTRA: [{"sequence": written(s)} for c, s in found.extra if c == code],
    }


def _lacked(code: str, events: Sequence[Sent]) -> list[dict[str, Any]]:
    return [
        {"event": e.event_id, "sequence": written(e.sequence), "position": e.position}
        for e in events
        if e.code == code
    ]
