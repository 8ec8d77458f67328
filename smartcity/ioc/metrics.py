"""Deliveries for Prometheus: how old, how many, how broken, at each destination."""

from collections.abc import Iterable

from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError

from smartcity.core import clock
from smartcity.core.db import reading
from smartcity.ioc.standing import WAITING, Standing, standings

BREAKER = ("closed", "open", "paused", "disabled")
_HELP = {
    "ioc_oldest_seconds": "How long the longest waiting delivery has been due",
    "ioc_attempts": "Attempts spent on what is not delivered",
    "ioc_unacknowledged": "Taken, and not spoken of within the destination's hours",
    "ioc_differences": "Differences of the last reconciliation that are not repaired",
}


class DeliveryMetrics(Collector):
    """Read from partial indexes at every scrape; no line while the database is away."""

    def collect(self) -> Iterable[Metric]:
        try:
            with reading() as session:
                found = standings(session)
        except SQLAlchemyError:
            return ()
        return [*_gauges(found), _open(found), _breakers(found)]


def _gauges(found: list[Standing]) -> Iterable[Metric]:
    gauges = {name: GaugeMetricFamily(name, _HELP[name], labels=["destination"]) for name in _HELP}
    for standing in found:
        age = clock.now() - standing.oldest_at if standing.oldest_at else None
        gauges["ioc_oldest_seconds"].add_metric([standing.name], age.total_seconds() if age else 0)
        gauges["ioc_attempts"].add_metric([standing.name], standing.attempts)
        gauges["ioc_unacknowledged"].add_metric([standing.name], standing.unacknowledged)
        gauges["ioc_differences"].add_metric([standing.name], standing.differences)
    return gauges.values()


def _open(found: list[Standing]) -> Metric:
    labels = ["destination", "state"]
    gauge = GaugeMetricFamily("ioc_deliveries", "Deliveries that are not settled", labels=labels)
    for standing in found:
        for state in WAITING:
            gauge.add_metric([standing.name, state], standing.waiting[state])
    return gauge


def _breakers(found: list[Standing]) -> Metric:
    gauge = GaugeMetricFamily("ioc_breaker", "1 at what it is", labels=["destination", "state"])
    for standing in found:
        for state in BREAKER:
            gauge.add_metric([standing.name, state], standing.breaker == state)
    return gauge
