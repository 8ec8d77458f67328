"""What other packages ask of identity."""

import uuid

from sqlalchemy.orm import Session

from smartcity.core import clock
from smartcity.core.ids import new_id
from smartcity.identity import officers
from smartcity.identity.citizens import phone_of as citizen_phone
from smartcity.identity.claims import check_map
from smartcity.identity.federation import keep as keep_sso
from smartcity.identity.models import Officer
from smartcity.identity.passwords import hash_password, matches
from smartcity.identity.permissions import OFFICER_ROLES, Role
from smartcity.identity.sso import SECONDS as SSO_SECONDS
from smartcity.identity.sso import admit as admit_sso
from smartcity.identity.sso import begin as begin_sso
from smartcity.identity.sso import identify as identify_sso
from smartcity.identity.sso import spend as spend_sso

__all__ = [
    "SSO_SECONDS",
    "admit_sso",
    "begin_sso",
    "check_map",
    "citizen_phone",
    "create_officer",
    "identify_sso",
    "keep_sso",
    "spend_sso",
]


def create_officer(
    session: Session,
    username: str,
    password: str,
    *,
    role: Role,
    agency: str | None,
    display_name: str,
) -> uuid.UUID:
    """Make an account, or bring the one of that name to this state; its id.

    Raises Invalid for a password under 12 characters, ValueError for a role that is no officer's.
    """
    if role not in OFFICER_ROLES:
        raise ValueError(f"{role} is no officer's role")
    officer = officers.find(session, username) or Officer(
        id=new_id(), username=username.casefold(), password_hash="", created_at=clock.now()
    )
    if not (officer.password_hash and matches(password, officer.password_hash)):
        officer.password_hash = hash_password(password)
    officer.role, officer.agency = role.value, agency
    officer.display_name, officer.active = display_name, True
    session.add(officer)
    session.flush()
    return officer.id
