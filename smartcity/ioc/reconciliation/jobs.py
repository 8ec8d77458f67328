"""The jobs of a reconciliation: started every night, carried on page by page, looked at again."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import update

from smartcity.core.db import transaction
from smartcity.core.errors import OutsideError
from smartcity.ioc.models import Reconciliation
from smartcity.ioc.reconciliation import outbound, runs
from smartcity.jobs.service import Lease, handler, periodic


@periodic("ioc.reconcile_nightly", every=600)
def start_nightly() -> None:
    """Begin the runs that are due since two o'clock."""
    runs.start_due()


@handler(runs.RECONCILE, queue="reconciliation", breaker=True)
def reconcile(lease: Lease) -> None:
    """Compare a run's pages, from where it stands to its end."""
    run_id = uuid.UUID(lease.payload["run"])
    with _noting(run_id):
        while outbound.compare_page(run_id):
            lease.renew()
    with transaction() as session:
        outbound.compared(session, run_id)
        lease.finish(session)


@handler(runs.VERIFY, queue="reconciliation", breaker=True)
def verify_repairs(lease: Lease) -> None:
    """Look whether what was sent again is there."""
    run_id, after = uuid.UUID(lease.payload["run"]), ""
    with _noting(run_id):
        while found := outbound.verify_page(run_id, after):
            after = found
            lease.renew()
    with transaction() as session:
        outbound.verified(session, run_id, lease.payload["look"])
        lease.finish(session)


@contextmanager
def _noting(run_id: uuid.UUID) -> Iterator[None]:
    """Let an officer read at the run why it does not go on."""
    try:
        yield
    except OutsideError as error:
        with transaction() as session:
            this = update(Reconciliation).where(Reconciliation.id == run_id)
            session.execute(this.values(last_error=str(error)[:300]))
        raise
