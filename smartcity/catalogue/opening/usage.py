"""How much procedures are used: what the days counted, summed up every night."""

from collections.abc import Mapping
from datetime import date, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from smartcity.catalogue.models import Procedure, ProcedureOpenings
from smartcity.changes import service as changes
from smartcity.core import clock

DAYS = 30  # that use is told of
KEPT = 400  # days, so that a month can be compared with that of last year


def today() -> date:
    """The day in the province."""
    return clock.now().astimezone(clock.LOCAL).date()


def usage(session: Session) -> Mapping[str, int]:
    """How often each procedure was gone to in the last 30 days, by code; never: left out."""
    since = today() - timedelta(days=DAYS - 1)
    opened = func.sum(ProcedureOpenings.opened)
    query = select(ProcedureOpenings.code, opened).where(ProcedureOpenings.day >= since)
    return {code: int(sum_) for code, sum_ in session.execute(query.group_by("code"))}


def sum_up(session: Session) -> int:
    """Bring `opened` of the procedures up to date, and forget old days; how many it changed."""
    used = usage(session)
    stands = session.execute(select(Procedure.code, Procedure.opened))
    rows = [{"code": c, "opened": used.get(c, 0)} for c, was in stands if was != used.get(c, 0)]
    if rows:
        session.execute(update(Procedure), rows)
        changes.appeared(session, "service_use", "all")  # kept answers show what is used most
    old = today() - timedelta(days=KEPT)
    session.execute(delete(ProcedureOpenings).where(ProcedureOpenings.day < old))
    return len(rows)
