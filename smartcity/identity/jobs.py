"""What identity does apart from requests: send codes, forget what is over."""

import uuid

from smartcity.core import clock
from smartcity.core.db import reading, transaction
from smartcity.core.envelope import unseal
from smartcity.core.errors import Permanent
from smartcity.core.signing import decrypt
from smartcity.identity import codes, sessions, zns_tokens
from smartcity.identity.delivery import deliver
from smartcity.identity.models import OtpChallenge
from smartcity.jobs.service import Lease, handler, periodic


@handler("identity.send_code", queue="sms", lease=60, breaker=True)
def send_code(lease: Lease) -> None:
    """Send a code, unless its time is over or it was spent: a late code only puzzles people."""
    with reading() as session:
        challenge = session.get(OtpChallenge, uuid.UUID(lease.payload["challenge"]))
    if challenge is None or challenge.consumed_at or challenge.expires_at <= clock.now():
        lease.reached = False
        return
    code = decrypt(codes.PURPOSE, lease.payload["code"])
    phone = unseal(codes.PURPOSE, challenge.phone_sealed)
    if code is None or phone is None:
        raise Permanent("the code was sealed under a key that is gone")
    deliver(lease.payload["channels"], phone, code, challenge.id)


@periodic("identity.renew_zns", every=300)
def renew_zns() -> None:
    """Keep Zalo's token fresh; nothing where it is not used."""
    zns_tokens.renew()


@periodic("identity.forget", every=3600)
def forget() -> None:
    """Drop challenges and sessions that nothing asks for any more."""
    with transaction() as session:
        codes.forget_old(session)
        sessions.forget_over(session)
