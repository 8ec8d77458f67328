"""Sources for Prometheus: how they stand, and how long the quietest has been without success."""

from collections import Counter
from collections.abc import Iterable, Sequence

from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from smartcity.core import clock
from smartcity.core.db import reading
from smartcity.news.sources import pace
from smartcity.news.sources.models import Source


class SourceMetrics(Collector):
    """Read at every scrape, some hundreds of rows; no line while the database is away."""

    def collect(self) -> Iterable[Metric]:
        try:
            with reading() as session:
                found = session.scalars(select(Source).where(Source.retired_at.is_(None))).all()
        except SQLAlchemyError:
            return ()
        return _metrics(found)


def _metrics(sources: Sequence[Source]) -> Iterable[Metric]:
    now = clock.now()
    counted = Counter(pace.standing(source, now) for source in sources)
    states = GaugeMetricFamily(
        "news_sources", "Sources of news by how they stand", labels=["state"]
    )
    for state in pace.STATES[:-1]:  # the retired are left out
        states.add_metric([state], counted[state])
    asked = [source for source in sources if not source.paused]
    quiet = [(now - (s.succeeded_at or s.made_at)).total_seconds() for s in asked]
    failures = sum(source.failures > 0 for source in asked)
    return (
        states,
        GaugeMetricFamily(
            "news_source_silence_seconds", "Since the last success, at most", max(quiet, default=0)
        ),
        GaugeMetricFamily("news_sources_failing", "Sources whose last poll failed", failures),
    )
