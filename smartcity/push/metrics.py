"""Messages to phones for Prometheus, and what holds them."""

from collections.abc import Iterable

from prometheus_client import Counter, Histogram, Metric
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError

from smartcity.adapters.fcm.answers import Reply
from smartcity.core import clock
from smartcity.core.db import reading
from smartcity.push import brakes
from smartcity.push.models import Platform
from smartcity.push.telling import Parcel

SCOPES = (brakes.ALL, *Platform)
SENT = Counter(
    "pushes_total", "Messages to one phone, by answer", ["category", "platform", "outcome"]
)
SECONDS = Histogram(
    "push_seconds",
    "From what is told to FCM's answer",
    ["category"],
    buckets=(0.5, 1, 2.5, 5, 10, 30, 60, 300, 3600),
)


def note(parcel: Parcel, reply: Reply) -> None:
    """Count what FCM answered."""
    category = parcel.category.id
    SENT.labels(category, parcel.device.platform, reply.answer.value).inc()
    SECONDS.labels(category).observe((clock.now() - parcel.message.created_at).total_seconds())


class BrakeMetrics(Collector):
    """Read from the database at every scrape; no line while it is away."""

    def collect(self) -> Iterable[Metric]:
        try:
            with reading() as session:
                held = brakes.held(session)
        except SQLAlchemyError:
            return ()
        gauge = GaugeMetricFamily("push_brake", "1 when nothing may be sent", labels=["scope"])
        for scope in SCOPES:
            gauge.add_metric([scope], scope in held)
        return [gauge]
