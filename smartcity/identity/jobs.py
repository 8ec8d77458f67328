"""What identity does apart from requests: send codes, forget what is over."""

import uuid

from smartcity.adapters.sms import sms
from smartcity.core import clock
from smartcity.core.context import settings
from smartcity.core.db import reading, transaction
from smartcity.core.errors import Permanent
from smartcity.core.signing import decrypt
from smartcity.core.texts import text
from smartcity.identity import codes, sessions
from smartcity.identity.models import OtpChallenge
from smartcity.jobs.service import Lease, handler, periodic


@handler("identity.send_code", queue="sms", lease=30, breaker=True)
def send_code(lease: Lease) -> None:
    """Send a code, unless its time is over or it was spent: a late code only puzzles people."""
    with reading() as session:
        challenge = session.get(OtpChallenge, uuid.UUID(lease.payload["challenge"]))
    code = decrypt("otp", lease.payload["code"])
    if challenge is None or challenge.consumed_at or challenge.expires_at <= clock.now():
        lease.reached = False
        return
    if code is None:
        raise Permanent("the code was sealed under another SECRET_KEY")
    words = text("identity.sms_code", code=code, minutes=settings().otp_lifetime // 60)
    sms().send(challenge.phone, words, reference=str(challenge.id))


@periodic("identity.forget", every=3600)
def forget() -> None:
    """Drop challenges and sessions that nothing asks for any more."""
    with transaction() as session:
        codes.forget_old(session)
        sessions.forget_over(session)
