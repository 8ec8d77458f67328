"""The one way in which prices are recorded, corrected and taken back."""

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy.orm import Session

from smartcity.audit import service as audit
from smartcity.changes import service as changes
from smartcity.core import clock
from smartcity.core.db import one_at_a_time
from smartcity.core.errors import Conflict, Invalid, Problem
from smartcity.guide.models import Price
from smartcity.guide.prices.comparing import Change, Compared, compared
from smartcity.guide.prices.good import GOOD
from smartcity.guide.prices.names import Names, names
from smartcity.guide.prices.quotes import Fault, Quote, by_place
from smartcity.identity.permissions import Principal


def record(
    session: Session,
    who: Principal,
    quotes: Sequence[Quote],
    *,
    reason: str | None = None,
    confirm: bool = False,
    rows: str = "items",
    origin: str | None = None,
    faults: Sequence[Fault] = (),
) -> Compared:
    """Keep prices, all or none; what is the same already is left. Audited, old values and all.

    `rows` names in the problems what was brought, `faults` what could not even be read of it.
    Raises Invalid with every fault, and for a correction without a reason; Conflict for a jump that
    nobody confirmed.
    """
    one_at_a_time(session, "guide_prices")
    known = names(session)
    found = compared(session, quotes, known)
    _refuse([*faults, *found.faults], rows)
    if found.jumps and not confirm:
        raise Conflict("price.jumps", errors={rows: by_place(found.jumps)})
    if found.corrections and not reason:
        raise Invalid(reason="price.reason_needed")
    for change in found.changes:
        _keep(session, change, who)
    session.flush()
    _audit(session, who, found.changes, {"reason": reason, "origin": origin})
    _tell(session, found.changes, known)
    return found


def _refuse(faults: Sequence[Fault], rows: str) -> None:
    if faults:
        problem: Problem = Invalid()
        problem.errors[rows] = by_place(faults)
        raise problem


def _keep(session: Session, change: Change, who: Principal) -> None:
    quote = change.quote
    row = session.get(Price, (quote.good, quote.market, quote.day))
    if quote.price is None:
        session.delete(row)
        return
    row = row or Price(good=quote.good, market=quote.market, day=quote.day)
    row.price, row.source = quote.price, quote.source
    row.changed_by, row.changed_at = who.key, clock.now()
    session.add(row)


def _audit(
    session: Session, who: Principal, changed: Sequence[Change], why: Mapping[str, Any]
) -> None:
    """A deed for each market and day."""
    ordered = sorted(changed, key=_where)
    for (day, market), there in groupby(ordered, key=_where):
        prices = [
            {"good": change.quote.good, "before": change.before, "after": change.quote.price}
            for change in there
        ]
        told: dict[str, Any] = {"day": day.isoformat(), "market": market, "prices": prices}
        audit.record(session, who.key, "price.record", ("price", None), **told, **why)


def _where(change: Change) -> tuple[date, str]:
    return change.quote.day, change.quote.market


def _tell(session: Session, changed: Sequence[Change], known: Names) -> None:
    """Caches and phones hear that something about these goods is new."""
    goods = sorted({change.quote.good for change in changed})
    if goods:
        changes.appeared_all(session, GOOD.name, [str(known.goods[good].id) for good in goods])
