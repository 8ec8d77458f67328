"""Statistics by group: for the public from memory, for officers at once."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from smartcity.core.cache import Remembered
from smartcity.core.context import per_app
from smartcity.core.db import reading
from smartcity.core.errors import Invalid
from smartcity.core.texts import LANGUAGES, text
from smartcity.identity.permissions import Action, Principal, Scope
from smartcity.reports.models import Report
from smartcity.reports.statistics.figures import Figures, counted_once, figures, narrowed
from smartcity.reports.statistics.names import named
from smartcity.reports.statistics.period import Period, between
from smartcity.reports.statistics.publisher import publisher
from smartcity.reports.statistics.scoreboard import scoreboard
from smartcity.reports.visible import visible
from smartcity.settings import Settings

LONGEST = timedelta(days=1830)
_KEPT = timedelta(minutes=5)
_MOST = 500  # answers in memory

Told = dict[str, Any]


@per_app
def _known(_settings: Settings) -> Remembered[Any, Told]:
    return Remembered(_KEPT, _MOST)


def public_statistics(asked: Mapping[str, Any]) -> Told:
    """The figures over all reports, at most five minutes old; Invalid for what tells too much."""
    period = _period(asked)
    crossed = asked.get("category") or asked["group"] == "category"
    if crossed and (asked.get("area") or asked["group"] == "area") and not period.of_past_months:
        raise Invalid(until="statistics.too_fine")
    key = ("statistics", period, *sorted(asked.items()))
    return _known()(key, lambda _: _of_all(period, asked))


def officers_statistics(session: Session, officer: Principal, asked: Mapping[str, Any]) -> Told:
    """The figures over the reports that an officer may list, as they are now.

    To a unit a split report is its parts: those that it was given are its work.
    """
    query = visible(officer, Action.LIST_REPORTS)
    of_unit = officer.scope(Action.LIST_REPORTS) is not Scope.ALL
    return _statistics(session, query, _period(asked), asked, of_unit)


def public_scoreboard(period: Period) -> Told:
    """The scoreboard of a period, at most five minutes old."""
    return _known()(("scoreboard", period), lambda _: _ranking(period))


def rows(told: Told) -> list[list[list[Any]]]:
    """Statistics as cells, the total last."""
    names = {f"name_{lang}": text("statistics.total", lang) for lang in LANGUAGES}
    lines = [*told["items"], {"key": None, **names, **told["total"]}]
    return [[list(line.values()) for line in lines]]


def _period(asked: Mapping[str, Any]) -> Period:
    return between(asked.get("since"), asked.get("until"), LONGEST)


def _of_all(period: Period, asked: Mapping[str, Any]) -> Told:
    with reading() as session:
        return _statistics(session, select(Report), period, asked, False)


def _statistics(
    session: Session,
    query: Select[Report],
    period: Period,
    asked: Mapping[str, Any],
    of_unit: bool,
) -> Told:
    group = asked["group"]
    of_agencies = of_unit or group == "agency" or "agency" in asked
    wanted = counted_once(narrowed(query, period, asked), of_agencies)
    found = figures(session, wanted, group)
    order = sorted(found, key=lambda key: (group != "month" and -found[key].received, key or ""))
    return {
        "since": period.first,
        "until": period.last,
        "group": group,
        "total": figures(session, wanted, None).get(None, Figures()).told(),
        "items": [{**named(group, key), **found[key].told()} for key in order],
    }


def _ranking(period: Period) -> Told:
    with reading() as session:
        items = scoreboard(session, period)
    least = publisher().ranked_from
    return {"since": period.first, "until": period.last, "ranked_from": least, "items": items}
