"""Which notices go to an officer by e-mail, as one message, and when his digest is due."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from smartcity.adapters.email import Mail
from smartcity.core import clock
from smartcity.core.context import settings
from smartcity.core.texts import text
from smartcity.identity import service as identity
from smartcity.notices.models import Mailing, Notice, Preferences
from smartcity.notices.schemas import words

MOST = 50  # notices written out in one message
AT_ONCE = 500  # digests begun in one transaction
_STALE = timedelta(days=3)  # nobody wants to be mailed what is older


@dataclass(frozen=True)
class Batch:
    """Notices that one message tells, newest first, and how many more there are."""

    to: str
    notices: Sequence[Notice]
    more: bool


def waiting(session: Session, officer: uuid.UUID) -> Batch | None:
    """What an officer is to be mailed now; None when there is nothing, or he wants none."""
    chosen = session.get(Preferences, officer)
    if chosen is None or not _mailable(chosen) or not identity.is_active(session, officer):
        return None
    since = max(chosen.changed_at, clock.now() - _STALE)
    new = Notice.officer_id == officer, Notice.mailed_at.is_(None), Notice.created_at >= since
    query = select(Notice).where(*new).order_by(Notice.created_at.desc(), Notice.id.desc())
    found = session.scalars(query.limit(MOST + 1)).all()
    assert chosen.email is not None
    return Batch(chosen.email, found[:MOST], len(found) > MOST) if found else None


def composed(batch: Batch) -> Mail:
    """The message, in Vietnamese; its reference is that of the newest notice."""
    newest, lines = batch.notices[0], [_lines(notice) for notice in batch.notices]
    values = {
        "count": len(lines),
        "notices": "\n".join(lines),
        "more": text("notice.mail.more", "vi") if batch.more else "",
        "console": f"{settings().public_url}/console/",
    }
    one = len(lines) == 1
    subject = words(newest, "title", "vi") if one else text("notice.mail.subject", "vi", **values)
    return Mail(batch.to, subject, text("notice.mail.body", "vi", **values), newest.id.hex)


def settle(session: Session, batch: Batch) -> None:
    """Note that a message went out; what it did not have room for is not mailed later."""
    newest = batch.notices[0]
    told = Notice.officer_id == newest.officer_id, Notice.mailed_at.is_(None)
    older = update(Notice).where(*told, Notice.created_at <= newest.created_at)
    options = {"synchronize_session": False}
    session.execute(older.values(mailed_at=clock.now()), execution_options=options)


def give_up(session: Session, batch: Batch) -> None:
    """Mail nothing more to an address that was refused for good, until its officer sets it anew."""
    his = Preferences.officer_id == batch.notices[0].officer_id, Preferences.email == batch.to
    session.execute(update(Preferences).where(*his).values(refused_at=clock.now()))


def due_digests(session: Session) -> list[uuid.UUID]:
    """Take today's digest of officers whose hour has come; each is given out once a day."""
    local = clock.now().astimezone(clock.LOCAL)
    today = Preferences.digested_on.is_(None), Preferences.digested_on < local.date()
    wanted = Preferences.mail == Mailing.DIGEST, Preferences.refused_at.is_(None)
    query = select(Preferences).where(*wanted, or_(*today), Preferences.digest_hour <= local.hour)
    found = session.scalars(query.limit(AT_ONCE).with_for_update(skip_locked=True)).all()
    for chosen in found:
        chosen.digested_on = local.date()
    return [chosen.officer_id for chosen in found]


def _mailable(chosen: Preferences) -> bool:
    wanted = chosen.mail != Mailing.NONE and chosen.refused_at is None
    return wanted and chosen.email is not None


def _lines(notice: Notice) -> str:
    return f"- {words(notice, 'title', 'vi')}. {words(notice, 'body', 'vi')}"
