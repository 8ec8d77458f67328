"""mySociety's servicerequestupdates
(https://github.com/mysociety/fixmystreet/wiki/Open311-FMS---Complete-Spec)."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from smartcity.core.errors import NotFound
from smartcity.core.texts import text
from smartcity.identity.permissions import Principal
from smartcity.open311.requests import status_of
from smartcity.open311.windows import span
from smartcity.open311.wire import moment
from smartcity.reports import service as reports


def listed(session: Session, reader: Principal, asked: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The steps of requests that the reader may see, first to last: 1,000 at most."""
    dates = ("start_date", "end_date")
    since, until = span(asked.get("start_date"), asked.get("end_date"), dates)
    steps = reports.relayed.updates(session, reader, since, until + timedelta(seconds=1))
    return [_shown(reader, event, report) for event, report in steps]


def add(session: Session, partner: Principal, asked: Mapping[str, Any]) -> str:
    """Give the words that were asked for of a partner's own request; the update's id.

    NotFound for another's request, Conflict (with what is possible) when nothing was asked.
    """
    named = asked["service_request_id"]
    try:
        report = reports.hold(session, partner, named)
    except NotFound:
        raise NotFound("open311.no_request", request=named[:40]) from None
    told = reports.Told(public_text=asked["description"])
    reports.move(session, partner, report.id, "answer_info", told=told)
    return reports.relayed.last_step(session, report.id).hex


def _shown(reader: Principal, event: Any, report: reports.Report) -> dict[str, Any]:
    words = reports.relayed.words_of(reader, report, event)
    return {
        "update_id": event.id.hex,
        "service_request_id": report.code,
        "status": status_of(event.to_status),
        "external_status_code": event.to_status,
        "updated_datetime": moment(event.at),
        "description": words or text(f"report.status.{event.to_status}"),
        "media_url": "",
    }
