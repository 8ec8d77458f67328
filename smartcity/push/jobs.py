"""Telling a citizen: the inbox row and one job a phone, then each phone."""

import random
import time
from datetime import datetime

from smartcity.adapters.fcm.answers import TOKEN_REFUSED, Answer, Reply
from smartcity.adapters.fcm.quota import Lane, quota
from smartcity.adapters.fcm.sdk import push
from smartcity.audit import service as audit
from smartcity.core import clock
from smartcity.core.context import settings
from smartcity.core.db import reading, transaction
from smartcity.core.errors import Permanent, Temporary
from smartcity.identity.permissions import SYSTEM
from smartcity.jobs.service import Lease, enqueue_all, handler
from smartcity.push import addresses, brakes, metrics, quiet, telling
from smartcity.push.telling import Parcel

MOMENT = 1.0  # seconds that a thread waits for the quota


@handler(telling.NOTIFY, queue="inbox")
def notify(lease: Lease) -> None:
    """Write the inbox row and, where phones can be reached, one `push.send` for each of his."""
    with transaction() as session:
        telling.keep(session, lease.payload)
        if settings().fcm_credentials:
            enqueue_all(session, telling.sends(session, lease.payload))
        lease.finish(session)


@handler(telling.SEND, queue="push", breaker=True)
def send(lease: Lease) -> None:
    """Send an inbox message to one phone, when neither brake nor quiet hours nor quota hold it."""
    with reading() as session:
        parcel = telling.parcel(session, lease.payload)
        held = parcel and brakes.wait(session, parcel.device.platform)
    if parcel is None:
        lease.reached = False
        return
    silence = quiet.ends_at(parcel.quiet, clock.now())
    if wait := held or _silent(parcel, silence) or _out_of_quota(parcel):
        with transaction() as session:
            # Give or take a little, so that what was held together does not come back together.
            lease.postpone(session, wait * random.uniform(1.0, 1.1))  # noqa: S311
        return
    reply = push().send(parcel.notification(), parcel.address, str(parcel.message.id))
    metrics.note(parcel, reply)
    _settle(lease, parcel, reply, silence)


def _silent(parcel: Parcel, silence: datetime | None) -> float:
    """Seconds until the phone's quiet hours end; critical messages pass."""
    if silence is None or parcel.category.critical:
        return 0.0
    return (silence - clock.now()).total_seconds()


def _out_of_quota(parcel: Parcel) -> float:
    """Seconds to come back in, where a moment's wait does not help; 0 when it may be sent."""
    lane = Lane.URGENT if parcel.category.critical else Lane.TRANSACTIONAL
    granted = quota().take(lane, 1)
    if not granted.count and granted.wait <= MOMENT:
        time.sleep(granted.wait)  # cheaper than to put the job back, and fewer ask at once
        granted = quota().take(lane, 1)
    return 0.0 if granted.count else max(granted.wait, MOMENT)


def _settle(lease: Lease, parcel: Parcel, reply: Reply, silence: datetime | None) -> None:
    """Write down what FCM answered. What nobody knows is sent again, in the place of the first."""
    if reply.answer is Answer.REFUSED:
        raise Permanent(f"FCM refuses the message: {reply.detail}")
    lost = reply.answer is Answer.UNKNOWN and parcel.category.resend
    if lost or reply.answer is Answer.NOT_SENT:
        ours = reply.detail == TOKEN_REFUSED
        raise Temporary(f"FCM: {reply.detail}", retry_after=reply.retry_after, opens_breaker=ours)
    with transaction() as session:
        if reply.answer is Answer.ACCEPTED and silence is not None:
            subject = "inbox_message", parcel.message.id
            audit.record(session, SYSTEM.key, "push.pass_quiet_hours", subject)
        elif reply.answer in (Answer.UNREGISTERED, Answer.BAD_ADDRESS):
            addresses.prune(session, parcel.address)
        elif reply.answer is Answer.OTHER_SENDER:
            addresses.quarantine(session, parcel.address)
        if pause := brakes.apply(session, parcel.device.platform, reply):
            lease.postpone(session, pause)
        else:
            lease.finish(session)
