"""Telling officers: rows for the desk, jobs for the e-mail; reading them, and how they come."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from smartcity.audit.service import record
from smartcity.core import clock
from smartcity.core.context import settings
from smartcity.core.db import insert_all, one_at_a_time
from smartcity.core.errors import Invalid, NotFound
from smartcity.core.ids import new_id
from smartcity.core.paging import Page, newest_first
from smartcity.identity.permissions import Principal
from smartcity.jobs.service import Job, enqueue_all
from smartcity.notices.models import Mailing, Notice, Preferences

MAIL = "mail.send"
MORNING = 7  # the hour of a digest, unless an officer chooses another


@dataclass(frozen=True)
class Told:
    """One thing to tell some officers: `text` is a key whose `.title` and `.body` exist.

    `link` is a path in the officers' tool, `subject` what it is about, such as `report:<id>`.
    """

    officers: Sequence[uuid.UUID]
    text: str
    values: Mapping[str, Any]
    link: str
    subject: str


def tell(session: Session, told: Iterable[Told]) -> None:
    """Write notices with the caller's transaction: a few statements however many there are."""
    now = clock.now()
    rows: list[dict[str, Any]] = [
        {
            "id": new_id(),
            "officer_id": officer,
            "text": one.text,
            "values": dict(one.values),
            "link": one.link,
            "subject": one.subject,
            "created_at": now,
        }
        for one in told
        for officer in one.officers
    ]
    if rows:
        insert_all(session, Notice, rows)
        _mail_at_once(session, {row["officer_id"] for row in rows})


def mail_job(officer: uuid.UUID) -> Job:
    """The job that mails an officer what he was told and not mailed yet."""
    return Job(MAIL, {"officer": str(officer)}, ordering_key=f"mail:{officer}")


def listed(session: Session, officer: Principal, asked: Mapping[str, Any]) -> Page[Notice]:
    """What an officer was told, newest first; `unread` leaves out what he has read."""
    query = select(Notice).where(Notice.officer_id == uuid.UUID(officer.id))
    if asked.get("unread"):
        query = query.where(Notice.read_at.is_(None))
    return newest_first(session, query, (Notice.created_at, Notice.id), asked)


def mark_read(session: Session, officer: Principal, notice_id: uuid.UUID) -> Notice:
    """Note that an officer has read a notice; a second time changes nothing."""
    found = session.get(Notice, notice_id)
    if found is None or found.officer_id != uuid.UUID(officer.id):
        raise NotFound("notice.not_found")
    found.read_at = found.read_at or clock.now()
    return found


def preferences(session: Session, officer: Principal) -> Preferences:
    """How an officer hears of things; without a choice of his, at his desk only."""
    ident = uuid.UUID(officer.id)
    return session.get(Preferences, ident) or Preferences(
        officer_id=ident, email=None, mail=Mailing.NONE, digest_hour=MORNING
    )


def prefer(session: Session, officer: Principal, asked: Mapping[str, Any]) -> Preferences:
    """Set how an officer hears of things, from now on; Invalid for mail without an address."""
    if asked["mail"] != Mailing.NONE and asked["email"] is None:
        raise Invalid(email="field.required")
    one_at_a_time(session, f"notices:{officer.id}")
    chosen = preferences(session, officer)
    before = {"mail": chosen.mail, "digest_hour": chosen.digest_hour}
    for name, value in asked.items():
        setattr(chosen, name, value)
    chosen.changed_at, chosen.refused_at = clock.now(), None
    session.add(chosen)
    session.flush()
    after = {"mail": chosen.mail, "digest_hour": chosen.digest_hour}
    subject = ("officer", chosen.officer_id)
    record(session, officer.key, "officer.change_notices", subject, before=before, after=after)
    return chosen


def _mail_at_once(session: Session, officers: set[uuid.UUID]) -> None:
    if not settings().smtp_url:
        return
    at_once = Preferences.mail == Mailing.AT_ONCE, Preferences.refused_at.is_(None)
    query = select(Preferences.officer_id).where(*at_once, Preferences.email.is_not(None))
    asked = session.scalars(query.where(Preferences.officer_id.in_(officers)))
    enqueue_all(session, [mail_job(officer) for officer in asked])
