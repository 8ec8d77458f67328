"""Which reports are public: those that were made so, while they are in hand or done.

Not before somebody has accepted them; a refused or withdrawn one is nobody's business, and a
duplicate is told by its parent.
"""

from sqlalchemy import ColumnElement, literal_column

from smartcity.reports.models import Report
from smartcity.reports.workflow import Status

S = Status
GROUPS = {
    S.ACCEPTED: "received",
    S.NEED_INFO: "received",
    S.ASSIGNED: "received",
    S.RETURNED: "received",
    S.REOPENED: "in_progress",
    S.IN_PROGRESS: "in_progress",
    S.PENDING_APPROVAL: "in_progress",
    S.PENDING_PUBLICATION: "in_progress",
    S.RESOLVED: "done",
    S.CLOSED: "done",
}
DONE = tuple(status for status, group in GROUPS.items() if group == "done")


def published() -> ColumnElement[bool]:
    """What a query of the public's has to hold."""
    # As a literal: the partial indexes are not found by a parameter.
    public = Report.visibility == literal_column("'public'")
    return public & Report.status.in_(list(GROUPS))


def is_published(report: Report) -> bool:
    """Whether the public sees a report."""
    return report.visibility == "public" and report.status in GROUPS


def may_be_published(report: Report) -> bool:
    """Whether its state lets a report become public."""
    unaccepted = report.status == S.NEED_INFO and report.asked_in in (None, S.SUBMITTED)
    return report.status in GROUPS and not unaccepted
