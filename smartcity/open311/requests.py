"""Reports as service requests."""

import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from smartcity.areas import service as areas
from smartcity.core.errors import Invalid, NotFound
from smartcity.core.texts import language, text
from smartcity.identity.permissions import Principal
from smartcity.open311.services import name_of, notice, service
from smartcity.open311.windows import span
from smartcity.open311.wire import moment
from smartcity.reports import service as reports

STATUSES = ("open", "closed")
Shown = dict[str, Any]


def listed(
    session: Session, reader: Principal, asked: Mapping[str, Any], extended: bool
) -> list[Shown]:
    """The requests that the filters name, newest first; ids override all other filters."""
    found = reports.relayed.list_told(session, reader, _filters(asked))
    return [shown(told, extended) for told in found]


def one(session: Session, reader: Principal, named: str, extended: bool) -> Shown:
    """A request by its id; NotFound when it is absent or not this reader's to see."""
    try:
        return shown(reports.relayed.find_told(session, reader, named), extended)
    except NotFound:
        raise NotFound("open311.no_request", request=named[:40]) from None


def by_token(session: Session, reader: Principal, token: str) -> Shown:
    """The id that a token leads to, once there is one; a request's id is its own token."""
    try:
        waiting = reports.relay.by_token(session, uuid.UUID(token))
    except (ValueError, NotFound):
        found = one(session, reader, token, extended=False)
        return {"service_request_id": found["service_request_id"], "token": token}
    if waiting.refusal:
        raise NotFound("open311.refused", why=waiting.refusal)
    code = reports.relay.code_of(session, waiting)
    return {"service_request_id": code, "token": token} if code else {"token": token}


def shown(told: reports.relayed.Relayed, extended: bool) -> Shown:
    """A request with every element of the specification, empty where nothing is known."""
    report = told.report
    expected = {"expected_datetime": moment(report.due_at)} if report.due_at else {}
    request: Shown = {
        "service_request_id": report.code,
        "status": status_of(report.status),
        "status_notes": told.note or text(f"report.status.{report.status}"),
        "service_name": name_of(report.category),
        "service_code": report.category,
        "description": told.description,
        "agency_responsible": _agency(report.agency),
        "service_notice": _notice(report.category),
        "requested_datetime": moment(report.submitted_at),
        "updated_datetime": moment(report.updated_at),
        **expected,
        "address": told.address,
        "address_id": "",
        "zipcode": "",
        "lat": told.latitude,
        "long": told.longitude,
        "media_url": told.photos[0] if told.photos else "",
    }
    return request | ({"extended_attributes": _extensions(told)} if extended else {})


def status_of(status: str) -> str:
    """`open` until it has ended, in whatever way."""
    return "closed" if status in reports.relayed.ENDED else "open"


def _extensions(told: reports.relayed.Relayed) -> Shown:
    """What our own app knows beyond the specification; a partner's own attributes for him alone."""
    report = told.report
    own = {}
    if told.own:
        given = told.details.get("attributes", {})
        own = {
            "attributes": [{"code": code, "values": _listed(v)} for code, v in given.items()],
            "media_missing": any(h["code"] == "missing_photo" for h in report.hints),
        }
    return {
        "status": report.status,
        "status_name": text(f"report.status.{report.status}"),
        "agency": report.agency or "",
        "area": report.area,
        "due_at": moment(report.due_at) if report.due_at else "",
        "supporters": report.supporters,
        "photos": [{"media_url": link} for link in told.photos],
        **own,
    }


def _listed(value: str | list[str]) -> list[dict[str, str]]:
    return [{"key": v} for v in ([value] if isinstance(value, str) else value)]


def _agency(code: str | None) -> str:
    known = areas.reference().agencies.get(code or "")
    return getattr(known, f"name_{language()}") if known else code or ""


def _notice(code: str) -> str:
    try:
        return notice(service(code))
    except NotFound:  # a service of former days
        return ""


def _filters(asked: Mapping[str, Any]) -> dict[str, Any]:
    if asked.get("service_request_id"):
        names = asked["service_request_id"]
        if len(names) > reports.relayed.MOST_NAMED:
            raise Invalid(service_request_id="open311.too_many_ids")
        return {"names": names, "page": 1, "page_size": len(names)}
    kept = {"page": asked["page"], "page_size": asked["page_size"]}
    return kept | _times(asked) | {"categories": asked.get("service_code"), "ended": _ended(asked)}


def _times(asked: Mapping[str, Any]) -> dict[str, Any]:
    """Requests of the last 90 days, unless the time of their last change is asked for."""
    times: dict[str, Any] = {}
    changed = asked.get("updated_after"), asked.get("updated_before")
    filed = asked.get("start_date"), asked.get("end_date")
    if any(changed):
        since, until = span(*changed, ("updated_after", "updated_before"))
        times |= {"updated_since": since, "updated_until": until}
    if any(filed) or not any(changed):
        since, until = span(*filed, ("start_date", "end_date"))
        times |= {"since": since, "until": until}
    return times


def _ended(asked: Mapping[str, Any]) -> bool | None:
    wanted = set(asked.get("status") or ())
    if not wanted <= set(STATUSES):
        raise Invalid(status="open311.no_status")
    return "closed" in wanted if len(wanted) == 1 else None
