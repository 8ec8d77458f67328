"""Limits for Prometheus: how many are over, and whether the sweep keeps up."""

from collections.abc import Iterable

from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from smartcity.core import clock
from smartcity.core.db import reading
from smartcity.reports.models import Report


class DeadlineMetrics(Collector):
    """Read from the database at every scrape, from its indexes; no line while that is away."""

    def collect(self) -> Iterable[Metric]:
        now = clock.now()
        overdue = select(func.count()).select_from(Report).where(Report.due_at < now)
        oldest = select(func.min(Report.watch_at)).where(Report.watch_at <= now)
        try:
            with reading() as session:
                count, since = session.scalar(overdue), session.scalar(oldest)
        except SQLAlchemyError:
            return
        late = (now - since).total_seconds() if since else 0.0
        yield GaugeMetricFamily("reports_overdue", "Reports whose limit is over", count)
        yield GaugeMetricFamily(
            "deadlines_unswept_seconds", "Age of the oldest reminder not sent yet", late
        )
