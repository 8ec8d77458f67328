"""Photos that partners name by address, fetched by the worker."""

import uuid
from io import BytesIO

import structlog
from sqlalchemy.orm import Session

from smartcity.adapters.outbound import guard
from smartcity.core.db import transaction
from smartcity.core.errors import NotFound, OutsideError, Permanent, Problem, Temporary
from smartcity.jobs.service import Lease, handler
from smartcity.media import service as media
from smartcity.open311.filing import FETCH
from smartcity.reports import service as reports

MOST_TRIES = 10  # some ten minutes
LARGEST = 15 * 1024 * 1024  # bytes, as of a photo that is uploaded
SECONDS = 30.0
log = structlog.get_logger(__name__)


@handler(FETCH, queue="open311", lease=120)
def fetch_media(lease: Lease) -> None:
    """Fetch a photo and attach it; the report stays without it, and says so, if it never comes."""
    try:
        body = guard().fetch(lease.payload["url"], seconds=SECONDS, largest=LARGEST).body
        photo = media.receive(BytesIO(body), lease.payload["partner"])
    except (Permanent, Problem) as fault:
        _give_up(lease, fault)
        return
    except Temporary as fault:
        if lease.attempts + 1 < MOST_TRIES:
            raise
        _give_up(lease, fault)
        return
    with transaction() as session:
        filed = _filed(session, lease)
        if filed is not None:
            media.keep(session, photo)
            subject = reports.relay.photo_subject(filed)
            media.attach(session, [photo.id], lease.payload["partner"], subject)
        lease.finish(session)


def _give_up(lease: Lease, fault: OutsideError | Problem) -> None:
    """The address itself is not told: it may hold a secret."""
    log.info("open311.media_missing", reason=str(fault))
    with transaction() as session:
        filed = _filed(session, lease)
        if filed is not None:
            reports.relay.note_missing_photo(filed)
        lease.finish(session)


def _filed(session: Session, lease: Lease) -> reports.relay.Filed | None:
    try:
        return reports.relay.for_photo(session, uuid.UUID(lease.payload["filed"]))
    except NotFound:  # refused meanwhile: the sweep destroys what nothing uses
        return None
