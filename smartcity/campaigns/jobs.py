"""The jobs of campaigns. Each runs in its campaign's own queue, which an officer pauses."""

from smartcity.campaigns import canary, cancelling, launching, ramp, scheduling, sending, sums
from smartcity.jobs.service import Lease, handler, periodic

QUEUE = "campaign"


@handler(scheduling.LAUNCH, queue=QUEUE)
def launch(lease: Lease) -> None:
    """Freeze the audience, and begin."""
    launching.launch(lease)


@handler(canary.PROCEED, queue=QUEUE)
def proceed(lease: Lease) -> None:
    """Judge the canary."""
    canary.proceed(lease)


@handler(ramp.SEND, queue=QUEUE)
def send(lease: Lease) -> None:
    """Send what a shard has left."""
    sending.send(lease)


@handler(scheduling.CANCEL, queue=QUEUE)
def cancel(lease: Lease) -> None:
    """End what a cancelled campaign has left."""
    cancelling.cancel(lease)


@periodic("campaigns.check_sums", every=60)
def check_sums() -> None:
    """Add up every live campaign's recipients, and raise the alarm when they do not agree."""
    sums.check_all()
