"""The worker's part: telling the followers of a report."""

import uuid

from smartcity.core.db import transaction
from smartcity.jobs.service import BULK, Job, Lease, enqueue_all, handler
from smartcity.reports import service
from smartcity.reports.duplicates.telling import AT_ONCE, followers_to_tell, messages
from smartcity.reports.history import TELL_FOLLOWERS


@handler(TELL_FOLLOWERS, queue="followers")
def tell_followers(lease: Lease) -> None:
    """Tell the next batch, and leave the others to a job of their own, all at once or not at all.

    A worker that is killed has told nobody of its batch; the batches before it stay told.
    """
    last = lease.payload.get("after")
    with transaction() as session:
        report, step = service.event(session, uuid.UUID(lease.payload["event"]))
        batch = followers_to_tell(session, step, uuid.UUID(last) if last else None)
        jobs = messages(session, report, step, batch)
        if len(batch) == AT_ONCE:
            rest = {**lease.payload, "after": str(batch[-1].id)}
            jobs.append(Job(lease.name, rest, ordering_key=lease.ordering_key, priority=BULK))
        enqueue_all(session, jobs)
        lease.finish(session)
