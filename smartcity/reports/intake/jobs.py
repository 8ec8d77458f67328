"""The worker's part of the intake: a look at each new report, and at the rules."""

import uuid

from sqlalchemy import select

from smartcity.core.db import lock_row, reading, transaction
from smartcity.jobs.service import Lease, enqueue, handler, periodic
from smartcity.reports.intake import examination, rule_keeping
from smartcity.reports.models import Report

_LOOKS = 10  # the last some four hours after the first


@handler("reports.examine", queue="reports")
def examine(lease: Lease) -> None:
    """Look at a report that came in; again later while photos of it are on their way."""
    report_id, device = uuid.UUID(lease.payload["report"]), lease.payload["device"]
    looks = lease.payload.get("looks", 0)
    with reading() as session:
        report = session.get_one(Report, report_id)
        found = examination.examine(session, report, device)
    with transaction() as session:
        held = lock_row(session, select(Report), Report.id == report_id)
        if held:
            examination.note(session, held, device, found)
        if found.waiting and looks < _LOOKS:
            again = {**lease.payload, "looks": looks + 1}
            enqueue(session, lease.name, again, after=15 * 2**looks)
        lease.finish(session)


@periodic("reports.check_rules", every=60)
def check_rules() -> None:
    """Disable the routing rules that cannot be used, which raises the alarm."""
    with reading() as session:
        faults = rule_keeping.faults(session)
    if faults:
        with transaction() as session:
            rule_keeping.disable_bad(session)
