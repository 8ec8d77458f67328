"""The ways a one-time code travels, and the order in which they are tried."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from time import monotonic

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from smartcity.adapters.sms import sms
from smartcity.adapters.zns import TokenRefused, zns
from smartcity.core import clock
from smartcity.core.context import per_app, settings
from smartcity.core.db import reading, transaction
from smartcity.core.errors import OutsideError, Permanent, Temporary
from smartcity.core.texts import text
from smartcity.identity import code_limits, zns_tokens
from smartcity.identity.models import OtpChallenge
from smartcity.settings import Settings

SMS = "sms"
ZNS = "zns"
_AGAIN = timedelta(minutes=10)
log = structlog.get_logger(__name__)


def way_to(session: Session, phone_index: str) -> list[str]:
    """The channels in their order; who asks again within 10 minutes gets the next one first."""
    channels = list(settings().otp_channels)
    asked = session.scalars(
        select(OtpChallenge.id).where(
            OtpChallenge.phone_index == phone_index,
            OtpChallenge.created_at > clock.now() - _AGAIN,
        )
    ).all()
    turn = max(0, len(asked) - 1) % len(channels)  # the code that is asked for now is among them
    return channels[turn:] + channels[:turn]


def affordable(session: Session, way: list[str]) -> list[str]:
    """The way, without SMS when the day's are spent; empty when nothing is left.

    A message that begins by SMS is counted here, where a citizen can still be told; one that comes
    to SMS after another channel failed is counted when it is sent. None goes out uncounted, so the
    budget may be underspent, never overspent.
    """
    if way[0] != SMS or code_limits.afford_sms(session):
        return way
    return [channel for channel in way if channel != SMS]


def deliver(way: list[str], phone: str, code: str, reference: uuid.UUID) -> None:
    """Hand a code to the first channel that takes it.

    When none does: Temporary if one may do so later, which opens the breaker only if all are at
    fault; else Permanent.
    """
    faults: list[OutsideError] = []
    for channel in _awake(way):
        try:
            _SENDERS[channel](phone, code, str(reference), counted=channel == way[0])
        except OutsideError as fault:
            log.warning("otp.channel_failed", channel=channel, reason=str(fault))
            faults.append(fault)
            if isinstance(fault, Temporary) and not fault.opens_breaker:
                _rests()[channel] = monotonic() + settings().breaker_probe_every
        else:
            return
    raise _together(faults)


@per_app
def _rests(_settings: Settings) -> dict[str, float]:
    """Until when a channel that is down is passed over; one that refuses us says so at once."""
    return {}


def _awake(way: list[str]) -> list[str]:
    """The channels that did not just fail, all if all did: one that hangs delays no other's."""
    return [c for c in way if _rests().get(c, 0.0) <= monotonic()] or way


def _by_sms(phone: str, code: str, reference: str, *, counted: bool) -> None:
    if not counted:
        with transaction() as session:
            afforded = code_limits.afford_sms(session)
        if not afforded:
            raise Permanent("the day's SMS are spent")
    words = text("identity.sms_code", code=code, minutes=settings().otp_lifetime // 60)
    sms().send(phone, words, reference)


def _by_zns(phone: str, code: str, reference: str, *, counted: bool) -> None:  # noqa: ARG001
    with reading() as session:
        access = zns_tokens.access(session)
    if access is None:
        raise Temporary("ZNS: no token that is good", opens_breaker=True)
    try:
        zns().send(access, phone, code, reference)
    except TokenRefused:
        with transaction() as session:
            zns_tokens.refused(session, access)
        raise


_SENDERS: dict[str, Callable[..., None]] = {SMS: _by_sms, ZNS: _by_zns}


def _together(faults: list[OutsideError]) -> OutsideError:
    told = "; ".join(map(str, faults))
    temporary = [fault for fault in faults if isinstance(fault, Temporary)]
    if not temporary:
        return Permanent(told)
    waits = [fault.retry_after for fault in temporary if fault.retry_after is not None]
    opens = all(fault.opens_breaker for fault in temporary) and len(temporary) == len(faults)
    return Temporary(told, retry_after=min(waits, default=None), opens_breaker=opens)
