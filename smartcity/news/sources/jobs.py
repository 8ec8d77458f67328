"""The jobs of sources."""

from smartcity.core.db import transaction
from smartcity.jobs.service import Lease, handler, periodic
from smartcity.news.sources import polling


@periodic("sources.enqueue_due", every=15)
def enqueue_due() -> None:
    """Enqueue the polls that are due."""
    with transaction() as session:
        polling.enqueue_due(session)


@handler(polling.POLL, queue="sources", lease=120, cap=8)
def poll(lease: Lease) -> None:
    """Ask a source for its feed, and take over what is new in it."""
    polling.poll(lease)
