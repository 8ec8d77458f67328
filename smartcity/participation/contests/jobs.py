"""The worker's part: bells that ring, corrections, and winners that are told."""

import uuid

from smartcity.core.db import transaction
from smartcity.jobs.service import Lease, handler, periodic
from smartcity.participation.contests import grading, regrading, settling


@periodic("contests.close", every=20)
def close() -> None:
    """End and grade the attempts whose bell rang, by what was saved."""
    while True:
        with transaction() as session:
            if not grading.close_overdue(session):
                return


@handler(regrading.REGRADE, lease=60)
def regrade(lease: Lease) -> None:
    """Grade everybody anew."""
    regrading.carry_out(lease)


@handler(settling.TELL)
def tell(lease: Lease) -> None:
    """Tell winners, unless the settlement was undone."""
    with transaction() as session:
        settling.tell(session, uuid.UUID(lease.payload["contest"]), lease.payload["version"])
        lease.finish(session)
