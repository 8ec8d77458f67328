"""The queue for Prometheus: how much, how old, how broken."""

from collections.abc import Iterable

from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError

from smartcity.core.db import reading
from smartcity.jobs.stats import QueueStats, queue_stats

STATES = ("ready", "waiting", "leased", "dead")


class QueueMetrics(Collector):
    """Read from the database at every scrape, inside an application context.

    A database that is away takes these lines away, not those of the requests beside them.
    """

    def collect(self) -> Iterable[Metric]:
        try:
            with reading() as session:
                return _metrics(queue_stats(session))
        except SQLAlchemyError:
            return ()


def _metrics(queues: list[QueueStats]) -> Iterable[Metric]:
    jobs = GaugeMetricFamily("jobs", "Unfinished jobs", labels=["queue", "state"])
    oldest = GaugeMetricFamily(
        "jobs_oldest_seconds", "Wait of the longest overdue job", labels=["queue"]
    )
    running = GaugeMetricFamily("jobs_queue_running", "0 when held back", labels=["queue"])
    for stats in queues:
        for state in STATES:
            jobs.add_metric([stats.queue, state], getattr(stats, state))
        oldest.add_metric([stats.queue], stats.oldest_s)
        running.add_metric([stats.queue], stats.breaker == "closed")
    return jobs, oldest, running
