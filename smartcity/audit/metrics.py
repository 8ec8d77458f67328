"""The audit record for Prometheus: is it whole, is it sealed in time, does it grow."""

from collections.abc import Iterable

from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from smartcity.audit import chain, jobs
from smartcity.audit.models import AuditEntry
from smartcity.core import clock
from smartcity.core.db import reading


class AuditMetrics(Collector):
    """Read from the database at every scrape, by look-ups in indexes."""

    def collect(self) -> Iterable[Metric]:
        try:
            with reading() as session:
                return list(_metrics(session))
        except SQLAlchemyError:
            return ()


def _metrics(session: Session) -> Iterable[Metric]:
    told = "audit_chain_position", "Seals of the chain: fewer than before means its tail was cut"
    yield GaugeMetricFamily(*told, value=chain.head(session).position)
    told = "audit_unsealed_age_seconds", "Age of the oldest entry that waits for its seal"
    yield GaugeMetricFamily(*told, value=_unsealed_age(session))
    told = "audit_chain_ok", "0 when the last daily verification found something"
    yield GaugeMetricFamily(*told, value=_verified(session))


def _unsealed_age(session: Session) -> float:
    waiting, _ = chain.unsealed(session, chain.sealed_lately(session))
    return (clock.now() - waiting[0].at).total_seconds() if waiting else 0.0


def _verified(session: Session) -> bool | None:
    """How the last daily verification ended; None before the first."""
    mine = AuditEntry.actor == jobs.ACTOR, AuditEntry.action == jobs.VERIFIED
    newest = select(AuditEntry.after).where(*mine).order_by(AuditEntry.number.desc()).limit(1)
    told = session.scalar(newest)
    return bool(told["ok"]) if told else None
