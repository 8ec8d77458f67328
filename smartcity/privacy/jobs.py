"""The worker's part: archives, erasure, terms of retention, breaches."""

import tempfile
import uuid

import structlog

from smartcity.adapters.storage import storage
from smartcity.core.db import reading, transaction
from smartcity.jobs.service import Lease, handler, periodic
from smartcity.privacy import archive, breaches, erasure, exports, retention

log = structlog.get_logger(__name__)


@handler(exports.MAKE, queue="exports", lease=300)
def make_export(lease: Lease) -> None:
    """Make a citizen's archive; destroy it when he was erased meanwhile."""
    export_id = uuid.UUID(lease.payload["export"])
    with transaction() as session:
        citizen_id = exports.begin(session, export_id)
    if citizen_id and _made(lease, export_id, citizen_id):
        return
    storage().delete(exports.storage_key(export_id))


def _made(lease: Lease, export_id: uuid.UUID, citizen_id: uuid.UUID) -> bool:
    def tell(percent: int) -> None:
        lease.renew()
        with transaction() as session:
            exports.tell_progress(session, export_id, percent)

    with tempfile.TemporaryFile() as file:
        archive.write(file, citizen_id, tell)
        size = file.seek(0, 2)
        file.seek(0)
        storage().put(exports.storage_key(export_id), file, "application/zip")
    with transaction() as session:
        kept = exports.finish(session, export_id, size)
        if kept:
            lease.finish(session)
    return kept


@handler(exports.DESTROY, queue="exports")
def destroy_archive(lease: Lease) -> None:
    """Destroy the archive of a person who was erased."""
    storage().delete(exports.storage_key(uuid.UUID(lease.payload["export"])))


@periodic("privacy.archives", every=600)
def destroy_expired() -> None:
    """Destroy the archives whose day is over."""
    exports.destroy_expired()


@periodic("privacy.erasure", every=60)
def erase_due() -> None:
    """Erase everybody whose grace is over."""
    erasure.erase_due()


@periodic("privacy.retention", every=86_400, queue="nightly", lease=3_600)
def carry_out() -> None:
    """Destroy what is over, in every class of data."""
    retention.carry_out()


@periodic("privacy.breaches", every=3_600)
def watch_breaches() -> None:
    """Say so, hour by hour, while the authority has not been told of a breach in its 72 hours."""
    with reading() as session:
        for breach in breaches.past_notice(session):
            log.error("breach.past_notice", breach=str(breach.id), by=breach.notify_by.isoformat())
