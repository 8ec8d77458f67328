"""Questions for Prometheus: how many wait, how many too long, whether reminders keep up."""

from collections.abc import Iterable

from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from smartcity.core import clock
from smartcity.core.db import reading
from smartcity.participation.models import Question
from smartcity.participation.questions.listing import overdue
from smartcity.participation.questions.states import OPEN


class QuestionMetrics(Collector):
    """Read from the database's indexes at every scrape; no line while that is away."""

    def collect(self) -> Iterable[Metric]:
        try:
            with reading() as session:
                return list(_metrics(session))
        except SQLAlchemyError:
            return ()


def _metrics(session: Session) -> Iterable[Metric]:
    counted = select(Question.state, func.count()).where(Question.state.in_(OPEN))
    states = dict(session.execute(counted.group_by(Question.state)).all())
    waiting = GaugeMetricFamily(
        "questions_open", "Questions that wait for an answer", labels=["state"]
    )
    for state in sorted(OPEN):
        waiting.add_metric([state], states.get(state, 0))
    late = session.scalar(select(func.count()).select_from(Question).where(overdue()))
    now = clock.now()
    since = session.scalar(select(func.min(Question.watch_at)).where(Question.watch_at <= now))
    yield waiting
    yield GaugeMetricFamily("questions_overdue", "Questions unanswered past their day", late or 0)
    yield GaugeMetricFamily(
        "questions_unreminded_seconds",
        "Age of the oldest reminder not sent yet",
        (now - since).total_seconds() if since else 0.0,
    )
