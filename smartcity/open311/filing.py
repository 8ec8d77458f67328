"""From a partner's parameters to a report, or to what waits for a place."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from smartcity.core.errors import Invalid
from smartcity.identity.permissions import Principal
from smartcity.jobs.service import Job, enqueue_all
from smartcity.open311.attributes import checked
from smartcity.open311.parameters import (
    MOST_MEDIA,
    RequestIn,
    Sent,
    attributes,
    media_urls,
    read,
)
from smartcity.open311.services import notice, service
from smartcity.reports import service as reports

CHANNEL = "open311"
FETCH = "open311.fetch_media"
_REQUEST = RequestIn()


def file(
    session: Session, partner: Principal, sent: Sent, photos: Sequence[UUID]
) -> dict[str, Any]:
    """File a request: its id where it has coordinates, else the token to ask for it with.

    Raises NotFound for no service, Invalid by parameter.
    """
    asked = read(_REQUEST, sent)
    kind = service(asked["service_code"])
    urls = media_urls(sent)
    if len(urls) + len(photos) > MOST_MEDIA:
        raise Invalid(media_url="open311.media_urls")
    report = {
        "category": kind.code,
        # The specification asks for no description: what it is, it is.
        "description": asked.get("description") or kind.name_vi,
        "address": asked.get("address_string"),
        "media_ids": list(photos),
    }
    details = {"attributes": checked(kind.code, attributes(sent))}
    told = _file(session, partner, asked, report, details, urls)
    return {**told, "service_notice": notice(kind)}


def _file(
    session: Session,
    partner: Principal,
    asked: dict[str, Any],
    report: dict[str, Any],
    details: dict[str, Any],
    urls: Iterable[str],
) -> dict[str, Any]:
    if "lat" in asked or "long" in asked:
        placed = report | _coordinates(asked)
        filed = reports.relay.relay(session, partner, CHANNEL, placed, details)
        _fetch(session, filed.id, partner, urls)
        return {"service_request_id": filed.code}
    if "address_id" in asked:  # we know of no such ids: an officer may
        report["address"] = report["address"] or asked["address_id"]
    if not report["address"]:
        raise Invalid(address_string="open311.no_place")
    waiting = reports.relay.leave_unplaced(session, partner, CHANNEL, report, details)
    session.flush()
    _fetch(session, waiting.id, partner, urls)
    return {"token": waiting.id.hex}


def _coordinates(asked: dict[str, Any]) -> dict[str, float]:
    missing = {name: "field.required" for name in ("lat", "long") if name not in asked}
    if missing:
        raise Invalid(**missing)
    return {"latitude": asked["lat"], "longitude": asked["long"]}


def _fetch(session: Session, ident: UUID, partner: Principal, urls: Iterable[str]) -> None:
    """Have the photos fetched that are somewhere else."""
    payload = {"filed": ident.hex, "partner": partner.key}
    enqueue_all(session, [Job(FETCH, {**payload, "url": url}) for url in urls])
