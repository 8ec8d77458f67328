"""What other packages ask of identity."""

import uuid

from sqlalchemy.orm import Session

from smartcity.core import clock
from smartcity.core.ids import new_id
from smartcity.identity import (
    admission,
    console_sessions,
    lockout,
    officers,
    passwords,
    second_factor,
    sessions,
    sso,
    standing,
)
from smartcity.identity.account import (
    READING_SIZES,
    account,
    ask_erasure,
    cancel_erasure,
    change_number,
    is_restricted,
    lift_restriction,
    rename,
    restrict,
    set_reading_size,
)
from smartcity.identity.citizens import enrol
from smartcity.identity.citizens import find as citizen_of_phone
from smartcity.identity.citizens import phone_of as citizen_phone
from smartcity.identity.claims import check_map
from smartcity.identity.codes import KEPT as CODES_KEPT
from smartcity.identity.codes import over as codes_over
from smartcity.identity.consents import answer as answer_consent
from smartcity.identity.consents import consenting, consents_over, has_consent
from smartcity.identity.consents import state_of as consents_of
from smartcity.identity.credentials import (
    SESSION_COOKIE,
    at_console,
    device,
    go_on_with,
    go_on_with_key,
    session_id,
)
from smartcity.identity.federation import over as sign_ins_over
from smartcity.identity.models import Officer
from smartcity.identity.officers import active as active_officers
from smartcity.identity.officers import is_active
from smartcity.identity.partners import is_partner
from smartcity.identity.passwords import hash_password, matches
from smartcity.identity.permissions import OFFICER_ROLES, Role
from smartcity.identity.personal import (
    due_for_erasure,
    erase_account,
    erase_consents,
    erase_sessions,
    held_account,
    held_consents,
    held_sessions,
    hold_for_erasure,
)
from smartcity.identity.phone import Phone
from smartcity.identity.policy import BASES, policy
from smartcity.identity.schemas import READING_SIZE, AccountOut
from smartcity.identity.sessions import over as sessions_over

__all__ = [
    "BASES",
    "CODES_KEPT",
    "READING_SIZE",
    "READING_SIZES",
    "SESSION_COOKIE",
    "AccountOut",
    "Phone",
    "account",
    "active_officers",
    "admission",
    "answer_consent",
    "ask_erasure",
    "at_console",
    "cancel_erasure",
    "change_number",
    "check_map",
    "citizen_of_phone",
    "citizen_phone",
    "codes_over",
    "consenting",
    "consents_of",
    "consents_over",
    "console_sessions",
    "create_officer",
    "device",
    "due_for_erasure",
    "enrol",
    "erase_account",
    "erase_consents",
    "erase_sessions",
    "go_on_with",
    "go_on_with_key",
    "has_consent",
    "held_account",
    "held_consents",
    "held_sessions",
    "hold_for_erasure",
    "is_active",
    "is_partner",
    "is_restricted",
    "lift_restriction",
    "lockout",
    "officers",
    "passwords",
    "policy",
    "rename",
    "restrict",
    "second_factor",
    "session_id",
    "sessions",
    "sessions_over",
    "set_reading_size",
    "sign_ins_over",
    "sso",
    "standing",
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

    Raises Invalid for a password that nobody may have, ValueError for a role that is no officer's.
    """
    if role not in OFFICER_ROLES:
        raise ValueError(f"{role} is no officer's role")
    officer = officers.find(session, username) or Officer(
        id=new_id(), username=username.casefold(), password_hash="", created_at=clock.now()
    )
    if not (officer.password_hash and matches(password, officer.password_hash)):
        officer.password_hash = hash_password(password, officer.username)
    officer.role, officer.agency = role.value, agency
    officer.display_name, officer.active = display_name, True
    officer.version = (officer.version or 0) + 1
    session.add(officer)
    session.flush()
    return officer.id
