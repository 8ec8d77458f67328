"""To whom a report may be given: units that hand it round are ended by a lead."""

from sqlalchemy.orm import Session

from smartcity.identity.permissions import Principal, Role
from smartcity.reports.deadlines import audience
from smartcity.reports.deadlines.policy import Audience
from smartcity.reports.models import Report

MOST_RETURNS = 3  # of a report by its units; then a lead decides
_ASSIGNS = frozenset({"assign", "split"})
_DECIDE = frozenset({Role.IOC_LEAD, Role.OPERATIONS_CENTRE, Role.SYSTEM})


def needs_lead(actor: Principal, report: Report, move: str) -> bool:
    """Whether a move would give a report to a unit once more, which is not the actor's to do."""
    handed_round = move in _ASSIGNS and report.returns >= MOST_RETURNS
    return handed_round and actor.role not in _DECIDE


def tell_leads(session: Session, report: Report) -> None:
    """Tell the centre's leads of a report that is theirs to assign from now on."""
    if report.returns == MOST_RETURNS:
        audience.tell(session, report, "notice.handed_round", [Audience.IOC_LEAD])
