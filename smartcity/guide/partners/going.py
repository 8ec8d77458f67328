"""Going to a partner: where that is on a phone or in a browser, and how many went that day."""

import uuid

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from smartcity.core import clock
from smartcity.core.db import is_sqlite
from smartcity.core.errors import NotFound
from smartcity.guide.models import LinkOpenings
from smartcity.guide.partners.hosts import fault
from smartcity.guide.partners.partner import PARTNER
from smartcity.registers.service import public_entry


def way(session: Session, partner_id: uuid.UUID, platform: str) -> str:
    """The partner's address for a platform, else its web page.

    NotFound for no such partner, and without a link to a host that is listed by now.
    """
    record = public_entry(session, PARTNER, partner_id).record
    for name in (platform, "web"):
        address: str | None = record[name]
        if address and fault(address) is None:
            return address
    raise NotFound("guide.partner.no_link")


def count(session: Session, partner_id: uuid.UUID) -> None:
    """Add one to a partner's number of today: one statement, and nobody's name."""
    insert = (sqlite if is_sqlite(session) else postgresql).insert(LinkOpenings)
    today = clock.now().astimezone(clock.LOCAL).date()
    session.execute(
        insert.values(entry_id=partner_id, day=today, opened=1).on_conflict_do_update(
            index_elements=["entry_id", "day"], set_={"opened": LinkOpenings.opened + 1}
        )
    )
