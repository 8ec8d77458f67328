"""The sky for Prometheus: how old what is told of it is."""

import math
from collections.abc import Iterable, Mapping

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
        if not settings().sky_url:
            return
        try:
            ages = _ages()
        except SQLAlchemyError:
            return
        told = GaugeMetricFamily(
            "sky_age_seconds", "Since weather and air were last taken over", labels=["kind"]
        )
        for kind in (WEATHER_KIND, AIR_KIND):
            told.add_metric([kind], ages.get(kind, math.inf))
        yield told


def _ages() -> Mapping[str, float]:
    query = select(Forecast.kind, func.min(Forecast.fetched_at)).group_by(Forecast.kind)
    with reading() as session:
        rows = session.execute(query).all()
    return {kind: (clock.now() - at).total_seconds() for kind, at in rows}
