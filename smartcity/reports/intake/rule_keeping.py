"""Routing rules as the province's people keep them: seen, tried, disabled and enabled."""

from collections.abc import Mapping
from typing import Any

import structlog
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from smartcity.audit.service import record
from smartcity.core import clock
from smartcity.core.db import lock_row
from smartcity.core.errors import Conflict, NotFound
from smartcity.core.text import fold
from smartcity.identity.permissions import SYSTEM, Principal
from smartcity.reports.categories import category
from smartcity.reports.intake.models import RoutingRuleRow
from smartcity.reports.intake.placing import placed
from smartcity.reports.intake.routing import in_force, judge, suggested
from smartcity.reports.intake.rules import Matter

log = structlog.get_logger(__name__)


def listed(session: Session) -> list[dict[str, Any]]:
    """The rules of the file in their order, with what is wrong with each."""
    query = select(RoutingRuleRow).where(RoutingRuleRow.active).order_by(RoutingRuleRow.position)
    return [_shown(row) for row in session.scalars(query)]


def disable(session: Session, officer: Principal, code: str, reason: str) -> dict[str, Any]:
    """Take a rule out of force; one that is out stays as it is."""
    row = _held(session, code)
    if row.disabled_at is None:
        _disable(session, row, officer.key, reason)
    return _shown(row)


def enable(session: Session, officer: Principal, code: str) -> dict[str, Any]:
    """Put a rule in force again; Conflict while it cannot be used."""
    row = _held(session, code)
    _, fault = judge(row)
    if fault:
        raise Conflict("routing.still_bad", why=fault)
    if row.disabled_at is not None:
        row.disabled_at = row.disabled_by = row.disabled_why = None
        record(session, officer.key, "routing_rule.enable", ("routing_rule", None), rule=code)
    return _shown(row)


def faults(session: Session) -> Mapping[str, str]:
    """What is wrong with the rules in force, by code."""
    return in_force(session).faults


def disable_bad(session: Session) -> None:
    """Take the rules out of force that cannot be used."""
    for code, fault in faults(session).items():
        row = lock_row(session, select(RoutingRuleRow), RoutingRuleRow.code == code)
        if row and row.disabled_at is None:
            _disable(session, row, SYSTEM.key, fault)
            log.warning("routing.rule_disabled", rule=code, why=fault)


def count_disabled(session: Session) -> int:
    """How many rules have disabled themselves."""
    itself = RoutingRuleRow.active, RoutingRuleRow.disabled_by == SYSTEM.key
    return session.scalar(select(func.count()).select_from(RoutingRuleRow).where(*itself)) or 0


def trial(session: Session, asked: Mapping[str, Any]) -> dict[str, Any]:
    """Where a report would be sent, and what each rule makes of it; nothing is filed."""
    place, uncertain = placed(asked["latitude"], asked["longitude"], asked.get("area"))
    at = asked.get("at") or clock.now()
    folded = fold(asked["description"])
    matter = Matter(category(asked["category"]), place.ward.code, folded, at)
    outcome = suggested(matter, place.agency, in_force(session).good)
    looked = [{"rule": row["code"], "outcome": _outcome(row, matter)} for row in listed(session)]
    told = {"area": place.ward.code, "area_uncertain": uncertain, "rules": looked}
    return {**told, "agency": outcome.agency, "by": outcome.by, "rule": outcome.rule}


def _outcome(row: dict[str, Any], matter: Matter) -> str:
    if row["disabled_at"]:
        return "disabled"
    return "unusable" if row["rule"] is None else row["rule"].miss(matter) or "fits"


def _held(session: Session, code: str) -> RoutingRuleRow:
    query = select(RoutingRuleRow).where(RoutingRuleRow.active)
    row = lock_row(session, query, RoutingRuleRow.code == code)
    if row is None:
        raise NotFound("routing.not_found")
    return row


def _disable(session: Session, row: RoutingRuleRow, by: str, why: str) -> None:
    row.disabled_at, row.disabled_by, row.disabled_why = clock.now(), by, why[:500]
    subject = ("routing_rule", None)
    record(session, by, "routing_rule.disable", subject, rule=row.code, why=why[:500])


def _shown(row: RoutingRuleRow) -> dict[str, Any]:
    rule, fault = judge(row)
    readable = row.conditions if isinstance(row.conditions, dict) else {}
    conditions = {name: told for name, told in readable.items() if told}
    return {
        "code": row.code,
        "agency": row.agency,
        "conditions": conditions,
        "disabled_at": row.disabled_at,
        "disabled_by": (row.disabled_by or "").partition(":")[0] or None,
        "disabled_why": row.disabled_why,
        "fault": fault,
        "rule": rule,
    }
