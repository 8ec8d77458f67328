"""Whether links still lead anywhere: looked at every night, portal by portal, or when told to.

A portal is walked by one job that looks at a page, waits, and looks at the next: nobody asks it
two things at once, and when it wants to be left alone the whole walk waits. A link is broken once
two looks found it so with no good one between; a look that tells nothing changes no verdict.
"""

from collections.abc import Iterator
from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy import ColumnElement, and_, delete, or_, select
from sqlalchemy.orm import Session

from smartcity.catalogue.models import LinkCheck, Outcome, Procedure, State
from smartcity.catalogue.opening import links
from smartcity.catalogue.opening.looking import Look, look
from smartcity.catalogue.opening.portals import at_home
from smartcity.core import clock
from smartcity.core.context import settings
from smartcity.core.db import insert_missing, reading, transaction
from smartcity.jobs import service as jobs
from smartcity.jobs.service import Lease

WALK, LOOK = "links.walk", "links.look"
_NIGHT = range(2, 6)  # hours here in which a walk may begin
_TELLING_NOTHING = 20  # looks in a row, after which a portal is left alone until the next night
_LONGEST_WAIT = 6 * 3600.0  # seconds that a portal may ask for


def is_night() -> bool:
    """Whether walks begin now."""
    return clock.now().astimezone(clock.LOCAL).hour in _NIGHT


def begin(session: Session) -> None:
    """List the links as they are today, and let each portal be walked that is not being walked.

    In development only one on this machine: no portal is to hear of a demonstration.
    """
    addresses = dict(_addresses(session))
    _list(session, addresses)
    here = clock.now().astimezone(clock.LOCAL)
    since = here.replace(hour=_NIGHT[0], minute=0, second=0, microsecond=0)
    for origin in sorted({_origin(address) for address in addresses.values()}):
        if not (settings().production or at_home(urlsplit(origin).netloc)):
            continue
        told = {"origin": origin, "since": since.isoformat()}
        _enqueue_once(session, WALK, told, f"links:{origin}")


def look_soon(session: Session, code: str) -> None:
    """Let a worker look at a procedure's link now."""
    _enqueue_once(session, LOOK, {"code": code}, f"link:{code}")


def walk(lease: Lease) -> None:
    """Look at the next page of a portal, and come back for another in a while."""
    origin, since = lease.payload["origin"], datetime.fromisoformat(lease.payload["since"])
    with reading() as session:
        address = _next(session, origin, since)
    if address is None:
        return
    seen = look(address)
    with transaction() as session:
        note(session, address, seen)
        wait = max(settings().link_check_pace, min(seen.wait, _LONGEST_WAIT))
        lease.postpone(session, wait)


def look_at(lease: Lease) -> None:
    """Look at one procedure's link; nothing when it has none by now."""
    mine = Procedure.code == lease.payload["code"]
    with transaction() as session:
        addresses = dict(_addresses(session, mine))
        _list(session, addresses, LinkCheck.code == lease.payload["code"])
    for address in addresses.values():
        seen = look(address)
        with transaction() as session:
            note(session, address, seen)


def note(session: Session, address: str, seen: Look) -> None:
    """Write down what a look gave for every procedure that leads there."""
    led_there = select(LinkCheck).where(LinkCheck.address == address).order_by(LinkCheck.code)
    for row in session.scalars(led_there.with_for_update()):
        row.checked_at = clock.now()
        row.failures = 0 if seen.outcome is Outcome.GOOD else row.failures + 1
        if seen.outcome is Outcome.GOOD:
            row.outcome, row.fault, row.broken_since = Outcome.GOOD, None, None
        elif seen.outcome is Outcome.BROKEN:
            row.outcome = Outcome.BROKEN if row.broken_since else Outcome.UNKNOWN
            row.broken_since, row.fault = row.broken_since or row.checked_at, seen.fault
        elif row.outcome != Outcome.BROKEN:
            row.outcome, row.fault = Outcome.UNKNOWN, seen.fault


def _addresses(session: Session, *where: ColumnElement[bool]) -> Iterator[tuple[str, str]]:
    published = Procedure.state == State.PUBLISHED
    query = select(Procedure.code, Procedure.record["link"]).where(published, *where)
    for code, link in session.execute(query.order_by(Procedure.code)):
        address = links.address(link)
        if address:
            yield code, address


def _list(session: Session, addresses: dict[str, str], *where: ColumnElement[bool]) -> None:
    """Have a row for each of these addresses, and for no other; new ones were never looked at."""
    listed = dict(session.execute(select(LinkCheck.code, LinkCheck.address).where(*where)).all())
    gone = [code for code, was in listed.items() if addresses.get(code) != was]
    session.execute(delete(LinkCheck).where(LinkCheck.code.in_(gone)))
    fresh = {"outcome": Outcome.UNKNOWN, "fault": None, "failures": 0}
    unseen = {**fresh, "checked_at": None, "broken_since": None}
    rows = [
        {"code": code, "address": address, **unseen}
        for code, address in addresses.items()
        if listed.get(code) != address
    ]
    insert_missing(session, LinkCheck, rows)


def _next(session: Session, origin: str, since: datetime) -> str | None:
    """The page that was looked at longest ago, unless that was tonight or nothing is told here."""
    here = LinkCheck.address.startswith(f"{origin}/", autoescape=True)
    tonight = and_(here, LinkCheck.checked_at >= since)
    last = select(LinkCheck.outcome, LinkCheck.broken_since).where(tonight)
    last = last.order_by(LinkCheck.checked_at.desc()).limit(_TELLING_NOTHING)
    told_nothing = [tuple(each) == (Outcome.UNKNOWN, None) for each in session.execute(last)]
    if len(told_nothing) == _TELLING_NOTHING and all(told_nothing):
        return None
    due = or_(LinkCheck.checked_at.is_(None), LinkCheck.checked_at < since)
    order = (LinkCheck.checked_at.nulls_first(), LinkCheck.code)
    return session.scalar(select(LinkCheck.address).where(here, due).order_by(*order).limit(1))


def _enqueue_once(session: Session, name: str, told: dict[str, str], key: str) -> None:
    if not jobs.of_keys(session, [key]):
        jobs.enqueue(session, name, told, ordering_key=key)


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
