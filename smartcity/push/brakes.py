"""What holds sending back: a platform that refuses us, or FCM's quota; shared by all workers."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from smartcity.adapters.fcm.answers import QUOTA_PAUSE, Answer, Reply
from smartcity.audit import service as audit
from smartcity.core import clock
from smartcity.core.db import insert_if_absent, lock_row
from smartcity.core.errors import NotFound
from smartcity.push.models import Brake

ALL = "all"
LONGEST_PAUSE = 3600.0  # seconds that FCM may ask us to stay away without being asked again
LOOK = 300.0  # seconds until somebody looks again whether a person let go


def held(session: Session) -> dict[str, Brake]:
    """The brakes that hold now, by scope: `all` or a platform."""
    rows = session.scalars(select(Brake).where(_holds()).order_by(Brake.scope))
    return {row.scope: row for row in rows}


def brake(session: Session, scope: str, until: datetime | None, reason: str) -> None:
    """Hold a scope until then; until a person lets it go when None. A longer hold stays."""
    reason, now = reason[:200], clock.now()
    if insert_if_absent(session, Brake, scope=scope, until=until, reason=reason, at=now):
        return
    row = session.get_one(Brake, scope, with_for_update=True, populate_existing=True)
    if row.until is not None and (until is None or until > row.until):
        row.until, row.reason, row.at = until, reason, now


def apply(session: Session, platform: str, reply: Reply) -> float:
    """Brake where FCM's answer asks for it; the seconds to wait, 0 where it does not.

    429 holds everybody for as long as FCM says, a refused right to a platform holds that one until
    a person lets it go.
    """
    if reply.answer is Answer.QUOTA:
        pause = min(reply.retry_after or QUOTA_PAUSE, LONGEST_PAUSE)
        brake(session, ALL, clock.now() + timedelta(seconds=pause), f"429 {reply.detail}")
        return pause
    if reply.answer is Answer.PLATFORM:
        brake(session, platform, None, reply.detail)
        return LOOK
    return 0.0


def wait(session: Session, platform: str) -> float:
    """Seconds for which nothing may go to a platform, as far as is known; 0 when it may."""
    found = held(session)
    return max((_left(found[scope]) for scope in (ALL, platform) if scope in found), default=0.0)


def _left(row: Brake) -> float:
    return LOOK if row.until is None else (row.until - clock.now()).total_seconds()


def release(session: Session, actor: str, scope: str, reason: str) -> Brake:
    """Let a scope go, on a person's word, audited; NotFound when nothing holds it."""
    row = lock_row(session, select(Brake), Brake.scope == scope, _holds())
    if row is None:
        raise NotFound("push.brake_not_found")
    session.delete(row)
    audit.record(
        session, actor, "push.release", ("brake", None), scope=scope, held=row.reason, reason=reason
    )
    return row


def _holds() -> ColumnElement[bool]:
    return or_(Brake.until.is_(None), Brake.until > clock.now())
