"""Campaigns for Prometheus: how many live ones stand how, and whether their sums agree."""

from collections.abc import Iterable
from typing import Any

from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from smartcity.campaigns import sums
from smartcity.campaigns.models import Campaign, Count, Outcome, State
from smartcity.core.db import reading

_STATES = (State.FREEZING, State.CANARY, State.RUNNING, State.PAUSED, State.HALTED)
_OUTCOMES = [outcome.name.lower() for outcome in Outcome if outcome is not Outcome.PENDING]


class CampaignMetrics(Collector):
    """Read at every scrape from what is live; no line while the database is away."""

    def collect(self) -> Iterable[Metric]:
        try:
            with reading() as session:
                return list(_metrics(session))
        except SQLAlchemyError:
            return ()


def _metrics(session: Session) -> Iterable[Metric]:
    states = _by(session, select(Campaign.state, func.count()).group_by(Campaign.state))
    live = select(Campaign.id).where(sums.live())
    counted = select(Count.outcome, func.sum(Count.count)).where(Count.campaign_id.in_(live))
    outcomes = _by(session, counted.group_by(Count.outcome))
    errors = session.scalar(select(func.count(Campaign.sum_error)).where(sums.live()))
    told = "Recipients of live campaigns that have an outcome"
    yield _gauge("campaigns", "Campaigns that are not over", "state", states, _STATES)
    yield _gauge("campaign_messages", told, "outcome", outcomes, _OUTCOMES)
    wrong = "Live campaigns whose recipients and outcomes do not add up"
    yield GaugeMetricFamily("campaign_sum_errors", wrong, value=errors or 0)


def _by(session: Session, query: Any) -> dict[str, int]:
    return {name: int(number) for name, number in session.execute(query)}


def _gauge(
    name: str, told: str, label: str, found: dict[str, int], values: Iterable[str]
) -> Metric:
    gauge = GaugeMetricFamily(name, told, labels=[label])
    for value in values:
        gauge.add_metric([value], found.get(value, 0))
    return gauge
