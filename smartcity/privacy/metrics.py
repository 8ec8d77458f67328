"""Breaches for Prometheus."""

from collections.abc import Iterable

from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError

from smartcity.core.db import reading
from smartcity.privacy.breaches import count_past_notice


class BreachMetrics(Collector):
    """Read from the database at every scrape; no line while that is away."""

    def collect(self) -> Iterable[Metric]:
        told = "Breaches that the authority was not told of within 72 hours"
        try:
            with reading() as session:
                return [GaugeMetricFamily("breaches_past_notice", told, count_past_notice(session))]
        except SQLAlchemyError:
            return []
