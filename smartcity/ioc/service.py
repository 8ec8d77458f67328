"""What other packages ask of the operations centres' side."""

from smartcity.ioc.administration import put as put_destination
from smartcity.ioc.callbacks import callbacks_over
from smartcity.ioc.deliveries import listed as list_deliveries
from smartcity.ioc.events import BODIES_KEPT
from smartcity.ioc.outbox import bodies_over, drop_bodies
from smartcity.ioc.replaying import replay, skip
from smartcity.ioc.standing import pause, resume, standings

__all__ = [
    "BODIES_KEPT",
    "bodies_over",
    "callbacks_over",
    "drop_bodies",
    "list_deliveries",
    "pause",
    "put_destination",
    "replay",
    "resume",
    "skip",
    "standings",
]
