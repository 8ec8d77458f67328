"""Somebody says that the guide errs about a place: it becomes a field report (phản ánh)."""

import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from smartcity.areas import service as areas
from smartcity.core import clock
from smartcity.core.paging import Page, newest_first
from smartcity.core.texts import text
from smartcity.guide.models import PlaceError
from smartcity.guide.places.place import PLACE
from smartcity.identity.permissions import Principal
from smartcity.registers.service import Entry, found, public_entry
from smartcity.reports import service as reports

CATEGORY = "city_guide"  # of config/province/categories.yaml


def report_error(
    session: Session, citizen: Principal, entry_id: uuid.UUID, asked: Mapping[str, Any]
) -> dict[str, Any]:
    """File what is wrong with a published place as a report, where the place is.

    What has no coordinates is reported at the centre of its commune, or of the province. NotFound;
    Invalid for photos that are not the citizen's.
    """
    entry = public_entry(session, PLACE, entry_id)
    place = _place(entry)
    matter = {
        "category": CATEGORY,
        "description": _described(entry, asked),
        "latitude": place[0],
        "longitude": place[1],
        "address": entry.record["address"],
        "media_ids": asked["media_ids"],
        "urgent": False,
        "anonymous": False,
    }
    source = reports.Source(uuid.UUID(citizen.id), device=reports.device())
    report, _ = reports.submit(session, citizen, matter, source)
    error = PlaceError(report_id=report.id, entry_id=entry.id, what=asked["what"], at=clock.now())
    session.add(error)
    return _shown(error, report)


def errors(session: Session, entry_id: uuid.UUID, asked: Mapping[str, Any]) -> Page[dict[str, Any]]:
    """What was reported wrong about a place, newest first; nobody is named."""
    entry = found(session, PLACE, entry_id)
    query = select(PlaceError).where(PlaceError.entry_id == entry.id)
    page = newest_first(session, query, (PlaceError.at, PlaceError.report_id), asked)
    ids = [error.report_id for error in page.items]
    filed = session.scalars(select(reports.Report).where(reports.Report.id.in_(ids)))
    by_id = {report.id: report for report in filed}
    items = [_shown(error, by_id[error.report_id]) for error in page.items]
    return Page(items, page.next_cursor)


def _place(entry: Entry) -> tuple[float, float]:
    record, known = entry.record, areas.reference()
    if record["latitude"] is not None:
        return record["latitude"], record["longitude"]
    area = known.areas[record["ward"]] if record["ward"] else known.province
    return area.latitude, area.longitude


def _described(entry: Entry, asked: Mapping[str, Any]) -> str:
    what = text(f"place.mistake.{asked['what']}", "vi")
    return text("place.mistake", "vi", place=entry.title, what=what, told=asked["text"])


def _shown(error: PlaceError, report: reports.Report) -> dict[str, Any]:
    filed = {"code": report.code, "status": report.status, "text": report.description}
    return {"report_id": error.report_id, "what": error.what, "at": error.at, **filed}
