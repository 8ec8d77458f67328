"""Going to where a procedure is handed in: which way fits a phone, and how many went that day."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from smartcity.catalogue.models import Procedure, ProcedureOpenings, State
from smartcity.catalogue.opening.links import links_of
from smartcity.catalogue.opening.usage import today
from smartcity.catalogue.reading.listing import Withdrawn
from smartcity.catalogue.records.codes import canonical
from smartcity.core.db import is_sqlite
from smartcity.core.errors import NotFound


def way(session: Session, written: str, platform: str, app_version: str | None) -> tuple[str, str]:
    """The code of a procedure and the address to go to; `app_version` is of the portal's app.

    NotFound for no such procedure and for one without a link, Withdrawn for one taken back.
    """
    code = canonical(written)
    query = select(Procedure.state, Procedure.record["link"]).where(Procedure.code == code)
    found = session.execute(query).one_or_none() if code else None
    if code is None or found is None:
        raise NotFound("opening.not_found")
    state, link = found
    if state != State.PUBLISHED:
        raise Withdrawn("opening.withdrawn")
    for led in links_of({"link": link}):
        if led["platform"] == platform and _fits(led, app_version):
            return code, led["url"]
    raise NotFound("opening.no_link")


def count(session: Session, code: str) -> None:
    """Add one to a procedure's number of today: one statement, and nobody's name."""
    insert = (sqlite if is_sqlite(session) else postgresql).insert(ProcedureOpenings)
    added = {"opened": ProcedureOpenings.opened + 1}
    session.execute(
        insert.values(code=code, day=today(), opened=1).on_conflict_do_update(
            index_elements=["code", "day"], set_=added
        )
    )


def _fits(led: Mapping[str, Any], version: str | None) -> bool:
    """A link into an app is only for a phone that told that it has the app, and new enough."""
    if led["kind"] != "app":
        return True
    return version is not None and _parts(version) >= _parts(led["minimum_version"] or "0")


def _parts(version: str) -> list[int]:
    parts = [int(part) for part in version.split(".")]
    return parts + [0] * (4 - len(parts))
