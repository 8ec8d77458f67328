"""Reports that may mean the same trouble: asked before one is sent, and when one has come in."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from smartcity.core import clock
from smartcity.core.text import fold
from smartcity.identity.permissions import Action, Principal
from smartcity.reports.categories import category
from smartcity.reports.duplicates.face import place_shown, told_to_strangers
from smartcity.reports.duplicates.matcher import Sketch, metres_between, score, sketch
from smartcity.reports.duplicates.nearby import Nearby, nearby
from smartcity.reports.duplicates.policy import Policy, policy
from smartcity.reports.models import Report
from smartcity.reports.visible import visible

MOST_SHOWN = 5
COARSENED = 250  # metres that a place shown may lie from the true one


@dataclass(frozen=True)
class Match:
    """A report, how likely it means the same (0 to 1), and how far away it is in metres."""

    report: Report
    score: float
    metres: float


def similar(session: Session, citizen: Principal, asked: Mapping[str, Any]) -> list[Match]:
    """Open reports that a citizen may mean, likeliest first; Invalid for an unknown category.

    Judged by what he may be told: else asking from many places would tell him a hidden one.
    """
    rules, me = policy(), uuid.UUID(citizen.id)
    kind, place = category(asked["category"]).code, (asked["latitude"], asked["longitude"])
    mine = sketch(rules, kind, place, clock.now(), fold(asked.get("description", "")))
    reach = rules.radius_of(kind) + COARSENED
    near = nearby(session, place, reach, mine.at - rules.recent)
    open_to_him = [n for n in near if n.reporter_id == me or told_to_strangers(n)]
    scored = _scored(rules, mine, ((n, place_shown(n)) for n in open_to_him))
    return _best(session, scored, rules.shown_from)


def candidates(session: Session, report: Report) -> list[Match]:
    """Open reports that a report that came in may be a duplicate of, likeliest first."""
    rules = policy()
    return _found(session, rules, report, rules.likely_from)


def comparable(session: Session, officer: Principal, report: Report) -> list[Match]:
    """The same for an officer who looks himself, less likely ones, too; of those that he sees."""
    rules, seen = policy(), visible(officer, Action.LIST_REPORTS)
    return _found(session, rules, report, rules.shown_from, seen)


def _found(
    session: Session,
    rules: Policy,
    report: Report,
    least: float,
    among: Select[Report] | None = None,
) -> list[Match]:
    place = (report.latitude, report.longitude)
    mine = sketch(rules, report.category, place, report.submitted_at, report.folded)
    since = report.submitted_at - rules.recent
    near = nearby(session, place, rules.radius_of(report.category), since)
    others = ((n, n.place) for n in near if n.id != report.id)
    return _best(session, _scored(rules, mine, others), least, among)


_Scored = tuple[float, float, uuid.UUID]


def _scored(
    rules: Policy, mine: Sketch, others: Iterable[tuple[Nearby, tuple[float, float]]]
) -> list[_Scored]:
    found, reach = [], rules.radius_of(mine.category)
    for other, place in others:
        metres = metres_between((mine.latitude, mine.longitude), place)
        if metres > reach:  # before its words are looked at, which takes the time
            continue
        its = sketch(rules, other.category, place, other.submitted_at, other.folded)
        found.append((score(rules, mine, its, metres), metres, other.id))
    return found


def _best(
    session: Session,
    scored: Iterable[_Scored],
    least: float,
    among: Select[Report] | None = None,
) -> list[Match]:
    good = sorted((s for s in scored if s[0] >= least), reverse=True)
    if among is None:  # else more may have to be looked at than are shown
        good = good[:MOST_SHOWN]
    query = (select(Report) if among is None else among).where(Report.id.in_([s[2] for s in good]))
    reports = {r.id: r for r in session.scalars(query)} if good else {}
    found = [Match(reports[i], value, metres) for value, metres, i in good if i in reports]
    return found[:MOST_SHOWN]
