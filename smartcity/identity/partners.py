"""Partners as an admin keeps them: made, changed, their keys rotated and revoked.

`actor` is who does it, as the audit names him. A key is returned once and kept nowhere.
"""

import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from smartcity.audit.service import record
from smartcity.core import clock
from smartcity.core.db import lock_row
from smartcity.core.errors import Conflict, Invalid, NotFound, PreconditionFailed
from smartcity.core.ids import new_id
from smartcity.core.paging import Page, newest_first
from smartcity.core.text import fold
from smartcity.identity.partner_keys import new_key
from smartcity.identity.partner_models import Partner


def create(session: Session, actor: str, asked: Mapping[str, Any]) -> tuple[Partner, str]:
    """A new partner and his key; Invalid when the key would be over from the start."""
    now = clock.now()
    if asked.get("expires_at") and asked["expires_at"] <= now:
        raise Invalid(expires_at="partner.over_already")
    partner_id = new_id()
    key, digest = new_key(partner_id)
    partner = Partner(id=partner_id, digest=digest, version=1, created_at=now, **asked)
    session.add(partner)
    session.flush()
    record(session, actor, "partner.create", ("partner", partner.id), after=_state(partner))
    return partner, key


def listed(session: Session, asked: Mapping[str, Any]) -> Page[Partner]:
    """Partners, newest first: those still good or not (`active`), and by words of the name."""
    query = select(Partner)
    lasting = or_(Partner.expires_at.is_(None), Partner.expires_at > clock.now())
    good = and_(Partner.revoked_at.is_(None), lasting)
    if asked.get("active") is not None:
        query = query.where(good if asked["active"] else ~good)
    if asked.get("q"):  # a province has some dozens: no column is kept for it
        words = fold(asked["q"])
        named = session.execute(select(Partner.id, Partner.name))
        query = query.where(Partner.id.in_([id_ for id_, name in named if words in fold(name)]))
    return newest_first(session, query, (Partner.created_at, Partner.id), asked)


def is_partner(session: Session, partner_id: uuid.UUID) -> bool:
    """Whether there is a partner of this id, his keys good or not."""
    return session.get(Partner, partner_id) is not None


def change(
    session: Session, actor: str, partner_id: uuid.UUID, version: int, asked: Mapping[str, Any]
) -> Partner:
    """Give a partner another name, other grants or another limit; it holds within a minute."""
    partner = _held(session, partner_id, version)
    before = _state(partner)
    for name, value in asked.items():
        setattr(partner, name, value)
    _changed(session, actor, "change", partner, before)
    return partner


def rotate(
    session: Session, actor: str, partner_id: uuid.UUID, version: int, grace: timedelta
) -> tuple[Partner, str]:
    """A second key; the present one is good for `grace` more, one before it no longer."""
    partner = _held(session, partner_id, version)
    before = _state(partner)
    key, digest = new_key(partner.id)
    partner.old_digest, partner.digest = partner.digest, digest
    partner.old_until = clock.now() + grace
    _changed(session, actor, "rotate", partner, before)
    return partner, key


def revoke(session: Session, actor: str, partner_id: uuid.UUID) -> Partner:
    """End a partner's keys, within a minute everywhere; a second time changes nothing."""
    partner = lock_row(session, select(Partner), Partner.id == partner_id)
    if partner is None:
        raise NotFound("partner.not_found")
    if partner.revoked_at is None:
        before = _state(partner)
        partner.revoked_at = clock.now()
        _changed(session, actor, "revoke", partner, before)
    return partner


def _held(session: Session, partner_id: uuid.UUID, version: int) -> Partner:
    partner = lock_row(session, select(Partner), Partner.id == partner_id)
    if partner is None:
        raise NotFound("partner.not_found")
    if partner.version != version:
        raise PreconditionFailed("precondition.failed")
    if partner.revoked_at:
        raise Conflict("partner.revoked")
    return partner


def _changed(
    session: Session, actor: str, deed: str, partner: Partner, before: dict[str, Any]
) -> None:
    partner.version += 1
    session.flush()
    subject = ("partner", partner.id)
    record(session, actor, f"partner.{deed}", subject, before=before, after=_state(partner))


def _state(partner: Partner) -> dict[str, Any]:
    """What the audit keeps of a partner: all but the digests."""
    times = (partner.expires_at, partner.old_until, partner.revoked_at)
    expires_at, old_until, revoked_at = (time.isoformat() if time else None for time in times)
    return {
        "name": partner.name,
        "grants": partner.grants,
        "per_minute": partner.per_minute,
        "expires_at": expires_at,
        "old_until": old_until,
        "revoked_at": revoked_at,
    }
