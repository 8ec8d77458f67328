"""Reports by the number of whoever filed them: for authorised staff, and every search recorded."""

from sqlalchemy import ColumnElement, and_, false
from sqlalchemy.orm import Session

from smartcity.audit import service as audit
from smartcity.core.errors import Forbidden
from smartcity.identity import service as identity
from smartcity.identity.permissions import Action, Principal, Scope
from smartcity.reports.models import Report


def filed_from(session: Session, officer: Principal, phone: str) -> ColumnElement[bool]:
    """What the holder of a number (E.164) filed under his name; nothing while he is restricted.

    Forbidden names the field `phone`.
    """
    if officer.scope(Action.SEARCH_REPORTERS) is Scope.NONE:
        raise Forbidden("identity.forbidden", errors={"phone": ["identity.forbidden"]})
    found = identity.citizen_of_phone(session, phone)
    audit.record(session, officer.key, "report.search_reporter", ("citizen", found))
    if found is None or identity.is_restricted(session, found):
        return false()
    return and_(Report.reporter_id == found, Report.anonymous.is_(False))
