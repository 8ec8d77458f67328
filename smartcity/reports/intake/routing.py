"""Which agency a report should go to: the first rule that fits, else what its category says.

Rules are the province's data, read from memory, at most 30 seconds old. One that cannot be read,
or names what is not there, is passed over; a job disables it and raises the alarm.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import marshmallow as ma
from sqlalchemy import select
from sqlalchemy.orm import Session

from smartcity.areas import service as areas
from smartcity.core.cache import Refreshed
from smartcity.core.context import per_app
from smartcity.core.db import reading
from smartcity.reports.categories import choices
from smartcity.reports.intake.models import RoutingRuleRow
from smartcity.reports.intake.rules import Conditions, Matter, Rule, rule_of, strangers
from smartcity.settings import Settings


@dataclass(frozen=True)
class Rules:
    """The good rules in their order, and by code what is wrong with the others."""

    good: tuple[Rule, ...]
    faults: Mapping[str, str]


@dataclass(frozen=True)
class Suggestion:
    """The agency that should handle a report: by a `rule`, its `category`, or its `ward`."""

    agency: str | None
    by: str
    rule: str | None = None


@per_app
def known(_settings: Settings) -> Refreshed[Rules]:
    """The application's copy."""
    return Refreshed(_read, every=30)


def suggested(
    matter: Matter, committee: areas.Agency | None, rules: Sequence[Rule] | None = None
) -> Suggestion:
    """Where a report should go by some rules, or at no SQL statement by those in memory.

    `committee` is the unit of its commune.
    """
    for rule in known()().good if rules is None else rules:
        if rule.miss(matter) is None:
            return Suggestion(rule.agency, "rule", rule.code)
    if matter.category.default_agency:
        return Suggestion(matter.category.default_agency, "category")
    return Suggestion(committee.code if committee else None, "ward")


def judge(row: RoutingRuleRow) -> tuple[Rule | None, str | None]:
    """A row as a rule, or what is wrong with it."""
    try:
        rule = rule_of(row.code, row.agency, Conditions().load(row.conditions))
    except ma.ValidationError as error:
        return None, f"conditions: {', '.join(map(str, error.messages_dict))}"
    gone = strangers(rule, choices(), areas.reference())
    return (None, f"not there: {', '.join(gone)}") if gone else (rule, None)


def in_force(session: Session) -> Rules:
    """The rules as this transaction sees them."""
    enabled = RoutingRuleRow.active, RoutingRuleRow.disabled_at.is_(None)
    query = select(RoutingRuleRow).where(*enabled).order_by(RoutingRuleRow.position)
    judged = {row.code: judge(row) for row in session.scalars(query)}
    good = tuple(rule for rule, _ in judged.values() if rule)
    return Rules(good, {code: fault for code, (_, fault) in judged.items() if fault})


def _read(_before: Rules | None) -> Rules:
    with reading() as session:
        return in_force(session)
