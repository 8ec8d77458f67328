"""What other packages ask of the operations centres' side."""

from smartcity.ioc.administration import put as put_destination
from smartcity.ioc.callbacks import callbacks_over
from smartcity.ioc.events import BODIES_KEPT
from smartcity.ioc.outbox import bodies_over, drop_bodies

__all__ = ["BODIES_KEPT", "bodies_over", "callbacks_over", "drop_bodies", "put_destination"]
