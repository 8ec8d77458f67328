"""The intake for Prometheus."""

from collections.abc import Iterable

from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError

from smartcity.core.db import reading
from smartcity.reports.intake.rule_keeping import count_disabled


class RoutingMetrics(Collector):
    """Read from the database at every scrape; no line while that is away."""

    def collect(self) -> Iterable[Metric]:
        told = "Routing rules that disabled themselves since they cannot be used"
        try:
            with reading() as session:
                return [GaugeMetricFamily("routing_rules_unusable", told, count_disabled(session))]
        except SQLAlchemyError:
            return []
