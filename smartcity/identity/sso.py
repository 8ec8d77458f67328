"""Officers who sign in at the province's own provider: their accounts here."""

import hashlib
import uuid
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from smartcity.adapters.oidc import Exchange
from smartcity.audit.service import record
from smartcity.core import clock
from smartcity.core.db import insert, insert_if_absent, lock_row, one_at_a_time
from smartcity.core.errors import Conflict, Forbidden
from smartcity.core.ids import new_id
from smartcity.core.text import clean
from smartcity.identity import federation
from smartcity.identity.claims import Placement, placement
from smartcity.identity.federation import Begun, Door, Identity
from smartcity.identity.federation_models import OfficerIdentity
from smartcity.identity.models import Officer
from smartcity.identity.permissions import Principal

_NAME_LENGTH = 120
SECONDS = int(federation.LIFETIME.total_seconds())  # that one may take at the provider


def begin(browser: str) -> Begun:
    """A sign-in of this browser, which `browser` names and nobody else knows; see federation."""
    return federation.begin(Door.OFFICERS, browser)


def keep(session: Session, begun: Begun) -> None:
    """Remember a sign-in that was begun."""
    federation.keep(session, begun)


def spend(session: Session, state: str, browser: str) -> Exchange:
    """The sign-in that this browser began, once; Conflict when there is none."""
    return federation.spend(session, Door.OFFICERS, state, browser)


def identify(exchange: Exchange, code: str, iss: str | None) -> Identity:
    """Whom the provider vouches for; Conflict when it does not, Unavailable when it is away."""
    return federation.identify(Door.OFFICERS, exchange, code, iss)


def admit(session: Session, identity: Identity) -> Principal:
    """The officer whom a provider vouches for, with the role and agency that his claims give today.

    His account is made at his first sign-in. Forbidden when the claims give nothing or the account
    is deactivated.
    """
    placed = placement(identity.claims)
    username = _username(identity)
    one_at_a_time(session, f"sso:{username}")  # else two first sign-ins at once make two accounts
    officer_id = _linked(session, identity) or _enrol(session, identity, username, placed)
    officer = lock_row(session, select(Officer), Officer.id == officer_id)
    if officer is None or not officer.active:
        raise Forbidden("federation.deactivated")
    _bring_up_to(session, officer, placed, _display_name(identity.claims, username))
    return Principal(placed.role, str(officer.id), placed.agency)


def _linked(session: Session, identity: Identity) -> uuid.UUID | None:
    return session.scalar(
        select(OfficerIdentity.officer_id)
        .where(OfficerIdentity.issuer == identity.issuer)
        .where(OfficerIdentity.subject == identity.subject)
    )


def _enrol(session: Session, identity: Identity, username: str, placed: Placement) -> uuid.UUID:
    """A new account, linked to its subject; never one that is there already, whatever its name."""
    officer_id, now = new_id(), clock.now()
    made = insert_if_absent(
        session,
        Officer,
        id=officer_id,
        username=username,
        password_hash="",
        role=placed.role.value,
        agency=placed.agency,
        display_name=_display_name(identity.claims, username),
        active=True,
        version=1,
        created_at=now,
    )
    if not made:
        raise Conflict("federation.name_taken")
    link = {"issuer": identity.issuer, "subject": identity.subject, "officer_id": officer_id}
    insert(session, OfficerIdentity, **link, created_at=now)
    after = {"role": placed.role.value, "agency": placed.agency}
    subject = ("officer", officer_id)
    actor = f"officer:{officer_id}"
    record(session, actor, "officer.create", subject, after=after, issuer=identity.issuer)
    return officer_id


def _bring_up_to(session: Session, officer: Officer, placed: Placement, name: str) -> None:
    after = {"role": placed.role.value, "agency": placed.agency, "display_name": name}
    before = {column: getattr(officer, column) for column in after}
    if before == after:
        return
    for column, value in after.items():
        setattr(officer, column, value)
    officer.version += 1
    subject = ("officer", officer.id)
    record(session, f"officer:{officer.id}", "officer.change", subject, before=before, after=after)


def _username(identity: Identity) -> str:
    """A name that no person chooses: what the provider calls him may be somebody else's here."""
    told = f"{identity.issuer}\n{identity.subject}".encode()
    return f"sso-{hashlib.sha256(told).hexdigest()[:40]}"


def _display_name(claims: dict[str, Any], username: str) -> str:
    told = claims.get("name")
    try:
        name = clean(told) if isinstance(told, str) else ""
    except ValueError:  # a lone surrogate
        name = ""
    return name[:_NAME_LENGTH] or username
