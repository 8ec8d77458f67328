"""Loading `routing.yaml`: all of it, or an error that names file and key."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import marshmallow as ma
from sqlalchemy import select
from sqlalchemy.orm import Session

from smartcity.areas import service as areas
from smartcity.core.datafile import bring_up_to, read_yaml, refuse, repeated
from smartcity.core.fields import Schema, Text
from smartcity.reports.categories import choices_in
from smartcity.reports.intake import routing
from smartcity.reports.intake.models import RoutingRuleRow
from smartcity.reports.intake.rules import Conditions, rule_of, strangers

FILE = "routing.yaml"


class _Rule(Schema):
    code = Text(max=40, required=True)
    agency = Text(max=40, required=True)
    when = ma.fields.Nested(Conditions, required=True, data_key="if")


class _File(Schema):
    rules = ma.fields.List(ma.fields.Nested(_Rule), required=True)


def load_routing(session: Session, folder: Path) -> None:
    """Bring the rules up to a province's folder, after its categories; may be repeated.

    BadFile names what is wrong. What left the file becomes inactive; a rule that reads otherwise
    than before is enabled again.
    """
    file = folder / FILE
    rules = read_yaml(file, _File)["rules"] if file.exists() else []
    refuse(file, repeated(rule["code"] for rule in rules))
    refuse(file, _faults(session, rules))
    before = {row.code: _said(row) for row in session.scalars(select(RoutingRuleRow))}
    for row in bring_up_to(session, RoutingRuleRow, _rows(rules)):
        row.active = False
    session.flush()
    for row in session.scalars(select(RoutingRuleRow)):
        if _said(row) != before.get(row.code):
            row.disabled_at = row.disabled_by = row.disabled_why = None
    session.flush()
    routing.known().forget()


def _said(row: RoutingRuleRow) -> tuple[object, ...]:
    return row.agency, row.conditions, row.active


def _faults(session: Session, rules: list[dict[str, Any]]) -> Iterator[str]:
    kinds, there = choices_in(session), areas.reference_in(session)
    for rule in rules:
        read = rule_of(rule["code"], rule["agency"], rule["when"])
        yield from (f"{read.code}: no {name}" for name in strangers(read, kinds, there))


def _rows(rules: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for place, rule in enumerate(rules):
        told = {"code": rule["code"], "agency": rule["agency"], "conditions": rule["when"]}
        yield {**told, "position": place, "active": True}
