"""The sky for Prometheus: how old what is told of it is."""

import math
from collections.abc import Iterable, Mapping
from contextlib import suppress

from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from smartcity.core import clock
from smartcity.core.context import settings
from smartcity.core.db import reading
from smartcity.guide.models import Forecast
from smartcity.guide.sky.forecasting import AIR_KIND, WEATHER_KIND


class SkyMetrics(Collector):
    """Read at every scrape; no line while the database is away, and where there is no source."""

    def collect(self) -> Iterable[Metric]:
        told = GaugeMetricFamily(
            "sky_age_seconds", "Since weather and air were last taken over", labels=["kind"]
        )
        with suppress(SQLAlchemyError):
            for kind, age in _ages().items() if settings().sky_url else ():
                told.add_metric([kind], age)
        yield told


def _ages() -> Mapping[str, float]:
    """In seconds; infinite for what was never taken over."""
    query = select(Forecast.kind, func.min(Forecast.fetched_at)).group_by(Forecast.kind)
    with reading() as session:
        rows = session.execute(query).all()
    ages = {kind: (clock.now() - at).total_seconds() for kind, at in rows}
    return dict.fromkeys((WEATHER_KIND, AIR_KIND), math.inf) | ages
