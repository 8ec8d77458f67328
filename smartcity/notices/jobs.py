"""Mailing officers, at once or once a day, and forgetting what is old."""

import uuid
from datetime import timedelta

import structlog

from smartcity.adapters.email import smtp
from smartcity.core import clock
from smartcity.core.context import settings
from smartcity.core.db import reading, transaction
from smartcity.core.errors import Permanent
from smartcity.core.expiry import Over, destroy
from smartcity.jobs.service import Lease, enqueue_all, handler, periodic
from smartcity.notices import mailing, service
from smartcity.notices.models import Notice

KEPT = timedelta(days=180)
log = structlog.get_logger(__name__)


@handler(service.MAIL, breaker=True, lease=120)
def mail(lease: Lease) -> None:
    """Send an officer one message of all that waits for him; an address refused is left alone."""
    lease.reached = False
    if not settings().smtp_url:
        return
    with reading() as session:
        batch = mailing.waiting(session, uuid.UUID(lease.payload["officer"]))
    if batch is None:
        return
    lease.reached = True
    try:
        smtp().send(mailing.composed(batch))
        outcome = mailing.settle
    except Permanent as refusal:
        log.warning("mail.refused", reason=str(refusal))
        outcome = mailing.give_up
    with transaction() as session:
        outcome(session, batch)
        lease.finish(session)


@periodic("notices.digest", every=600)
def digest() -> None:
    """Begin the digests whose hour has come."""
    if not settings().smtp_url:
        return
    while True:
        with transaction() as session:
            officers = mailing.due_digests(session)
            enqueue_all(session, [service.mail_job(officer) for officer in officers])
        if len(officers) < mailing.AT_ONCE:
            return


@periodic("notices.forget", every=86_400)
def forget() -> None:
    """Destroy the notices of half a year ago."""
    destroy(Over(Notice, (Notice.created_at < clock.now() - KEPT,)))
