"""Codes' messages for Prometheus, read from the database at every scrape."""

from collections.abc import Iterable

from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError

from smartcity.core.context import settings
from smartcity.core.db import reading
from smartcity.identity import zns_tokens
from smartcity.identity.code_limits import sms_of_today


class CodeMetrics(Collector):
    """Today's SMS, their budget, and how long Zalo's token lives; no line while that is away."""

    def collect(self) -> Iterable[Metric]:
        try:
            with reading() as session:
                used, left = sms_of_today(session), zns_tokens.seconds_left(session)
        except SQLAlchemyError:
            return
        yield GaugeMetricFamily("otp_sms_today", "Codes by SMS since 0:00 UTC", used)
        budget = settings().sms_daily_budget
        yield GaugeMetricFamily("otp_sms_budget", "The most in a day; 0 is no limit", budget)
        if left is not None:
            yield GaugeMetricFamily("zns_token_seconds", "Until Zalo's token is over", left)
