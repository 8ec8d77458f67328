"""What centres that have names of their own call our reports."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from smartcity.ioc.models import Delivery

Told = Mapping[str, Any]


def translated(session: Session, destination: str, polled: Sequence[Told]) -> list[dict[str, Any]]:
    """Polled callbacks with `report` in place of `reference`, found by what deliveries answered.

    Left out: what is about nobody's report of ours, and an `update` that we sent ourselves.
    """
    named = {name for told in polled for name in (told.get("reference"), told.get("update"))}
    query = select(Delivery.reference, Delivery.report_id)
    query = query.where(Delivery.destination == destination, Delivery.reference.in_(named - {None}))
    ours = {reference: str(report) for reference, report in session.execute(query)}
    return [_translated(told, ours) for told in polled if _is_news(told, ours)]


def _translated(told: Told, ours: Mapping[str | None, str]) -> dict[str, Any]:
    kept = {name: value for name, value in told.items() if name not in ("reference", "update")}
    return {"report": ours[told["reference"]], **kept} if "reference" in told else kept


def _is_news(told: Told, ours: Mapping[str | None, str]) -> bool:
    known = "reference" not in told or told["reference"] in ours
    return known and told.get("update") not in ours
