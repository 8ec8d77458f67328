"""Partners' keys: `skp_<id>_<secret>`, made here and known again here.

The secret is 256 random bits. One SHA-256 keeps it well enough: a slow hash is for secrets that
people think of, and would cost every request.
"""

import hashlib
import hmac
import re
import secrets
import uuid
from collections.abc import Iterator
from datetime import timedelta

import structlog
from sqlalchemy import or_, select, update
from sqlalchemy.exc import SQLAlchemyError

from smartcity.core import clock
from smartcity.core.cache import Remembered
from smartcity.core.context import per_app, settings
from smartcity.core.db import reading, transaction
from smartcity.identity.partner_models import Partner
from smartcity.identity.permissions import Principal, Role
from smartcity.settings import Settings

PREFIX = "skp_"
_FORM = re.compile(r"skp_([0-9a-f]{32})_([\w-]{43})", re.ASCII)
_KEPT = timedelta(seconds=60)
_MOST = 1_000  # partners
log = structlog.get_logger(__name__)


def new_key(partner_id: uuid.UUID) -> tuple[str, str]:
    """A partner's new key, to be shown once, and the digest to keep of it."""
    secret = secrets.token_urlsafe(32)
    return f"{PREFIX}{partner_id.hex}_{secret}", _digest(secret)


def holder(key: str) -> tuple[Principal, str] | None:
    """Whose key it is and how often he may ask; None when it is wrong, over or revoked.

    What is known of him is at most a minute old.
    """
    found = _FORM.fullmatch(key)
    partner = _known(uuid.UUID(found[1])) if found else None
    if found is None or partner is None or not _opens(partner, found[2]):
        return None
    _noted()(partner.id, _note_use)
    granted = Principal(Role.PARTNER, str(partner.id), grants=frozenset(partner.grants))
    return granted, f"{partner.per_minute or settings().partner_per_minute} per minute"


def forget(partner_id: uuid.UUID) -> None:
    """Look a partner up anew at his next request to this process."""
    _recent().forget(partner_id)


@per_app
def _recent(_settings: Settings) -> Remembered[uuid.UUID, Partner]:
    return Remembered(_KEPT, _MOST)


@per_app
def _noted(_settings: Settings) -> Remembered[uuid.UUID, None]:
    return Remembered(_KEPT, _MOST)


def _known(partner_id: uuid.UUID) -> Partner | None:
    try:
        return _recent()(partner_id, _look_up)
    except LookupError:
        return None


def _look_up(partner_id: uuid.UUID) -> Partner:
    """Raises LookupError for nobody, which is not remembered: made-up ids would push out real."""
    query = select(Partner).where(Partner.id == partner_id, Partner.revoked_at.is_(None))
    with reading() as session:
        found = session.scalar(query)
    if found is None:
        raise LookupError
    return found


def _opens(partner: Partner, secret: str) -> bool:
    now = clock.now()
    if partner.expires_at and partner.expires_at <= now:
        return False
    shown = _digest(secret)
    good = [hmac.compare_digest(kept, shown) for kept in _good_digests(partner)]
    return any(good)


def _good_digests(partner: Partner) -> Iterator[str]:
    yield partner.digest
    if partner.old_digest and partner.old_until and clock.now() < partner.old_until:
        yield partner.old_digest


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _note_use(partner_id: uuid.UUID) -> None:
    """Write the time of use, once a minute; a key is good even when that cannot be written."""
    now = clock.now()
    stale = or_(Partner.last_used_at.is_(None), Partner.last_used_at <= now - _KEPT)
    noted = update(Partner).where(Partner.id == partner_id, stale).values(last_used_at=now)
    try:
        with transaction() as session:
            session.execute(noted)
    except SQLAlchemyError as error:
        log.warning("partner.use_not_noted", reason=type(error).__name__)
