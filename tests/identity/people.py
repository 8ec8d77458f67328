"""People who are signed in already, for tests that are about something else."""

import uuid

from flask import Flask

from smartcity.core import clock
from smartcity.core.db import transaction
from smartcity.core.ids import new_id
from smartcity.identity import citizens, sessions
from smartcity.identity.models import Officer
from smartcity.identity.permissions import Principal, Role


def bearer(tokens: sessions.Tokens) -> dict[str, str]:
    """The header that shows an access token."""
    return {"Authorization": f"Bearer {tokens.access_token}"}


def citizen(app: Flask, phone: str = "+84912345678") -> sessions.Tokens:
    """The tokens of a citizen with this number, new or known."""
    with app.app_context(), transaction() as session:
        known = citizens.enrol(session, phone)
        return sessions.begin(session, Principal(Role.CITIZEN, str(known)), "test")


def officer(
    app: Flask, role: Role = Role.IOC_OPERATOR, agency: str | None = None
) -> sessions.Tokens:
    """The tokens of a new officer, who has no password."""
    row = Officer(
        id=new_id(),
        username=uuid.uuid4().hex,
        password_hash="",
        role=role.value,
        agency=agency,
        display_name=role.value,
        created_at=clock.now(),
    )
    with app.app_context(), transaction() as session:
        session.add(row)
        return sessions.begin(session, Principal(role, str(row.id), agency), "test")
