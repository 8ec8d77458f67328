"""The jobs of articles that wait for a time. One that comes late or twice does nothing wrong."""

import uuid

from smartcity.core.db import transaction
from smartcity.jobs.service import Lease, handler
from smartcity.news.editing import approval, pinning

QUEUE = "publication"  # of its own, so that no slow source keeps an article waiting


@handler(approval.PUBLISH, queue=QUEUE)
def publish(lease: Lease) -> None:
    """Publish an article at its time."""
    with transaction() as session:
        article = uuid.UUID(lease.payload["article"])
        approval.publish_scheduled(session, article, lease.payload["at"])
        lease.finish(session)


@handler(pinning.UNPIN, queue=QUEUE)
def unpin(lease: Lease) -> None:
    """Let a pin end at its time."""
    with transaction() as session:
        pinning.end_pin(session, uuid.UUID(lease.payload["article"]), lease.payload["until"])
        lease.finish(session)
