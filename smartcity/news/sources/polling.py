"""A poll: read what to ask, ask without a transaction, then take over in small ones.

Who is due is enqueued once, under the source's own key, so that no two workers poll one source. A
worker that dies leaves what it committed: the next one finds those items known.
"""

import uuid
from collections.abc import Sequence

import structlog
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from smartcity.audit.service import record
from smartcity.core import clock
from smartcity.core.db import lock_row, reading, transaction
from smartcity.identity.permissions import SYSTEM
from smartcity.jobs import service as jobs
from smartcity.jobs.service import Lease
from smartcity.news.sources import pace
from smartcity.news.sources.entries import Entry
from smartcity.news.sources.fetching import Failed, Fetched, Seen, fetch
from smartcity.news.sources.ingesting import ingest, unseen
from smartcity.news.sources.models import Source

POLL = "sources.poll"
_BATCH = 20  # stories in one transaction
_AT_ONCE = 100  # sources that are enqueued in one
log = structlog.get_logger(__name__)


def polled() -> Select[Source]:
    """The sources that are asked at all."""
    return select(Source).where(Source.paused.is_(False), Source.retired_at.is_(None))


def enqueue_due(session: Session) -> None:
    """Enqueue a poll of each source whose time has come."""
    due = polled().where(Source.due_at <= clock.now()).order_by(Source.due_at).limit(_AT_ONCE)
    for source in session.scalars(due.with_for_update(skip_locked=True)):
        begin(session, source)


def begin(session: Session, source: Source) -> None:
    """Enqueue a poll of a source now, or urge the one that waits."""
    key = f"source:{source.id}"
    waiting = [job.id for job in jobs.of_keys(session, [key])]
    if waiting:
        jobs.urge(session, waiting)
    else:
        jobs.enqueue(session, POLL, {"source": str(source.id)}, ordering_key=key)
    source.due_at = None


def poll(lease: Lease) -> None:
    """Ask a source, and take over what is new."""
    source_id = uuid.UUID(lease.payload["source"])
    with reading() as session:
        source = session.scalar(polled().where(Source.id == source_id))
    if source is None:  # paused or retired meanwhile
        return
    try:
        fetched = fetch(source.url, Seen(source.etag, source.last_modified))
    except Failed as fault:
        _note_failure(lease, source_id, fault)
        return
    brought = _take_over(lease, source, fetched)
    with transaction() as session:
        source = _held(session, source_id, source.url)
        if source:
            _note_success(source, fetched, brought=brought)
        lease.finish(session)


def _take_over(lease: Lease, source: Source, fetched: Fetched) -> bool:
    """Whether an article is new or changed by it; LeaseLost when another worker has the poll."""
    if fetched.feed is None:
        return False
    with reading() as session:
        fresh = unseen(session, source, fetched.feed.entries)
    batches = [fresh[begins : begins + _BATCH] for begins in range(0, len(fresh), _BATCH)]
    return sum(_take_batch(lease, source, batch) for batch in batches) > 0


def _take_batch(lease: Lease, source: Source, entries: Sequence[Entry]) -> int:
    with transaction() as session:
        lease.hold(session)
        held = _held(session, source.id, source.url)
        return ingest(session, held, entries) if held else 0


def _held(session: Session, source_id: uuid.UUID, url: str) -> Source | None:
    """The source, unless an officer has stopped it or sent it elsewhere since it was asked."""
    return lock_row(session, polled(), Source.id == source_id, Source.url == url)


def _note_success(source: Source, fetched: Fetched, *, brought: bool) -> None:
    source.etag, source.last_modified = fetched.seen.etag, fetched.seen.last_modified
    source.moved_to = fetched.moved_to
    pace.succeeded(source, clock.now(), brought=brought)


def _note_failure(lease: Lease, source_id: uuid.UUID, fault: Failed) -> None:
    log.info("source.failed", source=str(source_id), fault=fault.fault.partition("|")[0])
    with transaction() as session:
        source = lock_row(session, polled(), Source.id == source_id)
        if source:
            pace.failed(source, clock.now(), fault.fault, fault.retry_after)
        if source and fault.gone:
            source.paused, source.due_at = True, None
            source.version += 1
            record(session, SYSTEM.key, "source.pause", ("source", source_id), reason="410")
        lease.finish(session)
