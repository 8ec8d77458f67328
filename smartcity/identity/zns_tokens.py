"""Zalo's tokens: put in once by an operator, renewed by a job, sealed."""

from datetime import timedelta

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from smartcity.adapters.zns import Renewed, zns
from smartcity.core import clock
from smartcity.core.context import settings
from smartcity.core.db import reading, transaction
from smartcity.core.envelope import seal, unseal
from smartcity.core.errors import OutsideError
from smartcity.identity.models import ZnsToken

PURPOSE = "zns"
_AHEAD = timedelta(minutes=30)  # an access token that is over so soon is renewed
log = structlog.get_logger(__name__)


def put(session: Session, refresh: str) -> None:
    """Begin with a refresh token from Zalo's console; the next job changes it."""
    session.merge(
        ZnsToken(
            app_id=settings().zns_app_id,
            access_sealed=None,
            refresh_sealed=seal(PURPOSE, refresh),
            expires_at=clock.now(),
        )
    )


def access(session: Session) -> str | None:
    """The access token, None while there is none that is good."""
    row = session.get(ZnsToken, settings().zns_app_id)
    if row is None or row.access_sealed is None or row.expires_at <= clock.now():
        return None
    return unseal(PURPOSE, row.access_sealed)


def refused(session: Session, access_token: str) -> None:
    """Zalo does not take this token any more: the next job renews it, unless one did already."""
    row = session.get(ZnsToken, settings().zns_app_id)
    if row and row.access_sealed and unseal(PURPOSE, row.access_sealed) == access_token:
        row.expires_at = clock.now()


def renew() -> None:
    """Change the tokens when their time is soon over.

    Between Zalo's answer and the commit lies the one moment in which a crash loses them: then an
    operator puts in a new one (docs/runbooks/zns-token.md).
    """
    with reading() as session:
        soon = ZnsToken.expires_at < clock.now() + _AHEAD
        ours = ZnsToken.app_id == settings().zns_app_id
        sealed = session.scalar(select(ZnsToken.refresh_sealed).where(ours, soon))
    refresh = unseal(PURPOSE, sealed) if sealed else None
    if refresh is None:
        return
    try:
        renewed = zns().renew(refresh)
    except OutsideError as fault:
        log.error("zns.not_renewed", reason=str(fault))
        return
    with transaction() as session:
        _store(session, refresh, renewed)


def seconds_left(session: Session) -> float | None:
    """How long the access token is still good; None where Zalo is not used."""
    ours = select(ZnsToken.expires_at).where(ZnsToken.app_id == settings().zns_app_id)
    ends = session.scalar(ours)
    return (ends - clock.now()).total_seconds() if ends else None


def _store(session: Session, spent: str, renewed: Renewed) -> None:
    """Keep the new pair in the place of the one that was spent for it."""
    row = session.get(ZnsToken, settings().zns_app_id, with_for_update=True)
    if row and unseal(PURPOSE, row.refresh_sealed) == spent:
        row.access_sealed = seal(PURPOSE, renewed.access)
        row.refresh_sealed = seal(PURPOSE, renewed.refresh)
        row.expires_at = clock.now() + timedelta(seconds=renewed.expires_in)
