"""The scoreboard: how the agencies did in a month, quarter or year."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from smartcity.reports.models import Report
from smartcity.reports.statistics.figures import Figures, counted_once, figures, narrowed
from smartcity.reports.statistics.names import named
from smartcity.reports.statistics.period import Period
from smartcity.reports.statistics.publisher import publisher


def scoreboard(session: Session, period: Period) -> list[dict[str, Any]]:
    """Every agency with reports in the period, best first; ranked by its share in time.

    Those with too few reports for a fair share follow unranked. Equal shares share a rank.
    """
    given = narrowed(select(Report).where(Report.agency.is_not(None)), period, {})
    found = figures(session, counted_once(given, of_agencies=True), "agency")
    ranked = {code: f for code, f in found.items() if _is_ranked(f)}
    shares = sorted((f.on_time_share or 0.0 for f in ranked.values()), reverse=True)
    order = sorted(found, key=lambda code: (code not in ranked, *_merit(found[code]), code))
    return [
        {
            "rank": shares.index(f.on_time_share or 0.0) + 1 if code in ranked else None,
            **named("agency", code),
            **f.told(),
        }
        for code in order
        for f in (found[code],)
    ]


def _is_ranked(found: Figures) -> bool:
    return found.received >= publisher().ranked_from and found.on_time_share is not None


def _merit(found: Figures) -> tuple[float, float, float]:
    """What sorts the better one first."""
    return (
        -(found.on_time_share or 0.0),
        -(found.satisfied_share or 0.0),
        found.median_hours or 0.0,
    )
