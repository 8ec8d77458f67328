"""Doing one job: run its handler, then settle what became of it."""

import time

import structlog

from smartcity.core.db import transaction
from smartcity.core.errors import OutsideError
from smartcity.jobs.failure import fail
from smartcity.jobs.lease import Lease, LeaseLost
from smartcity.jobs.registry import handler_of

log = structlog.get_logger(__name__)


def perform(lease: Lease) -> None:
    """Run a leased job, and finish it unless its handler did. Logs its outcome, never its payload.

    Raises only when the database cannot be told; then the lease lapses and the job is repeated.
    """
    began = time.perf_counter()
    with structlog.contextvars.bound_contextvars(job=lease.id, job_name=lease.name):
        outcome = _outcome(lease)
        ms = round((time.perf_counter() - began) * 1000, 1)
        log.info("job", queue=lease.queue, outcome=outcome, ms=ms)


def _outcome(lease: Lease) -> str:
    try:
        handler_of(lease.name).run(lease)
        if not lease.finished:
            with transaction() as session:
                lease.finish(session)
    except LeaseLost:
        return "lost"
    except Exception as error:  # noqa: BLE001 - a handler may fail in any way
        return _failed(lease, error)
    return "done"


def _failed(lease: Lease, error: Exception) -> str:
    outcome = type(error).__name__
    if not isinstance(error, OutsideError):
        log.error("job.crashed", exc_info=error)
    try:
        if not lease.failed:  # else its handler has told, in a transaction of its own
            with transaction() as session:
                fail(session, lease, error)
    except LeaseLost:
        return "lost"
    return outcome
