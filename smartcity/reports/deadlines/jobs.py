"""Looking after limits, minute by minute."""

from smartcity.jobs.service import periodic
from smartcity.reports.deadlines.sweep import sweep


@periodic("deadlines.sweep", every=60)
def remind_and_escalate() -> None:
    """Take the steps of limits that are due."""
    sweep()
