"""Making a report public, and hiding it again.

The public side has columns and a version of its own: no step of the history, since nothing happens
to the case (decision 0014).
"""

import hashlib
import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from smartcity.audit import service as audit
from smartcity.core import clock
from smartcity.core.db import lock_row
from smartcity.core.errors import Conflict, Invalid, NotFound, PreconditionFailed
from smartcity.core.text import fold
from smartcity.core.texts import text
from smartcity.identity.permissions import Action, Principal
from smartcity.media import service as media
from smartcity.reports.categories import choices
from smartcity.reports.models import Report
from smartcity.reports.publication.personal_data import covered
from smartcity.reports.publication.places import coarse, without_house_number
from smartcity.reports.publication.policy import policy
from smartcity.reports.publication.states import may_be_published
from smartcity.reports.visible import photos_of, visible

_WORD = re.compile(r"[^\W_]+")
REASONS = ("personal_data", "wrong_content", "by_mistake", "at_request", "by_order")


@dataclass(frozen=True)
class Face:
    """What the public is told of a report and its place."""

    description: str
    address: str | None
    latitude: float
    longitude: float


def is_sensitive(report: Report) -> bool:
    """Whether its category has the place coarsened."""
    return choices().categories[report.category].sensitive


def draft(report: Report, asked: Mapping[str, Any]) -> Face:
    """What the public would see: as asked, else as suggested. Invalid names `address`."""
    sensitive = is_sensitive(report)
    description = asked.get("description") or covered(report.description, homes=sensitive)
    if not sensitive:
        suggested = without_house_number(report.address) if report.address else None
        address = asked.get("address", suggested)
        return Face(description, address, round(report.latitude, 5), round(report.longitude, 5))
    if asked.get("address"):
        raise Invalid(address="publication.address_sensitive")
    place = coarse(report.latitude, report.longitude, policy().grid_metres)
    return Face(description, None, *place)


def publish(
    session: Session,
    officer: Principal,
    report_id: uuid.UUID,
    asked: Mapping[str, Any],
    version: int,
) -> Report:
    """Show a report to the public as `asked`; doing it again changes what is shown.

    Raises NotFound, PreconditionFailed for another version, Conflict while its state forbids it.
    """
    report = held(session, officer, report_id, version)
    _refuse(report)
    before = _told(session, report)
    face = draft(report, asked)
    report.public_description, report.public_address = face.description, face.address
    report.public_latitude, report.public_longitude = face.latitude, face.longitude
    report.public_words = words(f"{face.description} {face.address or ''}")
    if report.visibility != "public":
        report.visibility, report.published_at = "public", clock.now()
    if "photos" in asked:
        media.show(session, subjects(report), asked["photos"])
    _record(session, officer, "report.publish", report, before)
    return report


def hide(
    session: Session, officer: Principal, report_id: uuid.UUID, reason: str, version: int
) -> Report:
    """Take a report and all its photos from the public; Conflict when it is not public."""
    report = held(session, officer, report_id, version)
    if report.visibility != "public":
        raise Conflict("publication.hidden")
    before = _told(session, report)
    report.visibility, report.published_at = "hidden", None
    media.show(session, subjects(report), ())
    _record(session, officer, "report.hide", report, before, reason=reason)
    return report


def blur(
    session: Session,
    officer: Principal,
    names: tuple[uuid.UUID, uuid.UUID],
    regions: Sequence[media.Region],
    version: int,
) -> Report:
    """Have regions of a report's photo blurred for the public; none takes it back.

    `names` are the report's id and the photo's.
    """
    report = held(session, officer, names[0], version)
    before = media.blur(session, subjects(report), names[1], regions)
    report.public_version += 1
    audit.record(
        session,
        officer.key,
        "media.blur" if regions else "media.unblur",
        ("media", names[1]),
        before={"regions": before},
        after={"regions": list(regions)},
        report=str(report.id),
    )
    return report


def held(session: Session, officer: Principal, report_id: uuid.UUID, version: int) -> Report:
    """The report whose public side an officer saw in this version, held for a change."""
    query = visible(officer, Action.PUBLISH_REPORTS)
    report = lock_row(session, query, Report.id == report_id)
    if report is None:
        raise NotFound("report.not_found")
    if report.public_version != version:
        raise PreconditionFailed("precondition.failed")
    return report


def subjects(report: Report) -> list[str]:
    """How all photos of a report name it: those reported, and those of every result proposed."""
    results = (f"proof:{report.id}:{number}" for number in range(2, report.sequence + 1))
    return list(dict.fromkeys([photos_of(report), *(report.proof or ()), *results]))


def words(told: str) -> str:
    """The words to search, folded, with one space around each."""
    return f" {' '.join(_WORD.findall(fold(told)))} "


def _refuse(report: Report) -> None:
    if report.part_of is not None:
        raise Conflict("publication.part")
    if not may_be_published(report):
        raise Conflict("publication.not_now", status=text(f"report.status.{report.status}"))


def _told(session: Session, report: Report) -> dict[str, Any]:
    """What the record keeps of the public side: the words by their digest, for they are his."""
    digest = hashlib.sha256((report.public_description or "").encode()).hexdigest()
    shown = [str(p["id"]) for p in media.of_thing(session, subjects(report)) if p["shown"]]
    return {
        "visibility": report.visibility,
        "description_sha256": digest if report.public_description else None,
        "with_address": report.public_address is not None,
        "photos": shown,
    }


def _record(
    session: Session,
    officer: Principal,
    deed: str,
    report: Report,
    before: dict[str, Any],
    **detail: Any,
) -> None:
    report.public_version += 1
    session.flush()
    after = _told(session, report)
    about = ("report", report.id)
    audit.record(session, officer.key, deed, about, before=before, after=after, **detail)
