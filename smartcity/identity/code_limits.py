"""How many one-time codes may be asked for, and how many of them may cost an SMS.

By number, device, network, and neighbouring numbers: whoever earns by messages (SMS pumping) asks
for codes to a row of numbers. Counted in the database, so the limits hold without Redis, too. A
refusal rolls all of it back: who is refused has used nothing up.
"""

import uuid
from datetime import timedelta
from math import ceil

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from smartcity.core import clock, quota
from smartcity.core.caller import address, network_of
from smartcity.core.context import settings
from smartcity.core.db import one_at_a_time
from smartcity.core.envelope import blind
from smartcity.core.web import too_many
from smartcity.identity.citizens import PHONE
from smartcity.identity.models import OtpChallenge

_HOUR = 3600  # seconds
_DAY = 86_400
_BUDGET = "otp:sms"
_NEARLY = 0.8  # of the budget
log = structlog.get_logger(__name__)


def admit(session: Session, phone: str, device: uuid.UUID | None) -> None:
    """Count a code for a number in E.164; TooMany, whichever limit it was."""
    one_at_a_time(session, f"codes:{phone}")  # else two at once would be miscounted
    wait = _wait(session, blind(PHONE, phone))
    for name, limit in _limits(phone, device).items():
        wait = wait or quota.take(session, name, limit, _HOUR)
    if wait > 0:
        raise too_many(ceil(wait))


def afford_sms(session: Session) -> bool:
    """Take one SMS from the day's budget; False when it is spent. A day begins at 7:00 here.

    Everybody takes from one row, so this stands at the end of a transaction: the others wait for
    that. Its log tells 80 % and 100 %, once each.
    """
    budget = settings().sms_daily_budget
    if not budget:
        return True
    if quota.take(session, _BUDGET, budget, _DAY):
        return False
    used = sms_of_today(session)
    if used in (ceil(budget * _NEARLY), budget):
        log.warning("otp.sms_budget", used=used, budget=budget)
    return True


def sms_of_today(session: Session) -> int:
    """How many SMS of the day's budget are taken."""
    return quota.used(session, _BUDGET, _DAY)


def _limits(phone: str, device: uuid.UUID | None) -> dict[str, int]:
    """What is counted, and how often an hour. Always in one order, so that nobody deadlocks."""
    network, block = _name("network", network_of(address())), _name("block", phone[:-2])
    if device is None:  # our app names its installation; a script need not
        return {f"{network}:unnamed": settings().otp_unnamed, block: settings().otp_block}
    return {
        _name("device", device.hex): settings().otp_device,
        network: settings().otp_network,
        block: settings().otp_block,
    }


def _name(kind: str, value: str) -> str:
    return f"otp:{kind}:{blind(f'otp.{kind}', value)}"


def _wait(session: Session, index: str) -> float:
    """Seconds until the number may have another code."""
    now, most, hour = clock.now(), settings().otp_hourly, timedelta(seconds=_HOUR)
    recent = session.scalars(
        select(OtpChallenge.created_at)
        .where(OtpChallenge.phone_index == index, OtpChallenge.created_at > now - hour)
        .order_by(OtpChallenge.created_at.desc())
        .limit(most)
    ).all()
    free = [at + timedelta(seconds=settings().otp_gap) for at in recent[:1]]
    free += [at + hour for at in recent[most - 1 :]]
    return max(((at - now).total_seconds() for at in free), default=0.0)
