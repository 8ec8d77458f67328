"""Links for Prometheus: how many lead somewhere, and how long nobody has looked."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from smartcity.catalogue.models import LinkCheck, Outcome, Procedure
from smartcity.core import clock
from smartcity.core.db import reading


class LinkMetrics(Collector):
    """Read at every scrape; no line while the database is away."""

    def collect(self) -> Iterable[Metric]:
        try:
            with reading() as session:
                return _metrics(_counted(session), _last_look(session))
        except SQLAlchemyError:
            return ()


def _counted(session: Session) -> Mapping[str, int]:
    counted = select(LinkCheck.outcome, func.count()).group_by(LinkCheck.outcome)
    return dict(session.execute(counted).all())


def _last_look(session: Session) -> datetime | None:
    """The newest look; before the first, when the oldest procedure came."""
    looked = session.scalar(select(func.max(LinkCheck.checked_at)))
    return looked or session.scalar(select(func.min(Procedure.changed_at)))


def _metrics(counted: Mapping[str, int], last: datetime | None) -> Iterable[Metric]:
    links = GaugeMetricFamily(
        "procedure_links", "Procedures by what the looks at their link gave", labels=["outcome"]
    )
    for outcome in Outcome:
        links.add_metric([outcome], counted.get(outcome, 0))
    age = (clock.now() - last).total_seconds() if last else 0.0
    yield links
    yield GaugeMetricFamily(
        "procedure_links_look_age_seconds", "Since the last look at any link", age
    )
