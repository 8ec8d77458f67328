"""What changed of a procedure since a reader saw it, in words."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from smartcity.catalogue.models import ProcedureVersion
from smartcity.catalogue.reading.lines import changed_lines, field_name
from smartcity.catalogue.reading.listing import public_code
from smartcity.catalogue.records.record import Record
from smartcity.core.paging import Page, oldest_first

_KEYS = (ProcedureVersion.at, ProcedureVersion.number)


def changes_since(session: Session, written: str, asked: Mapping[str, Any]) -> Page[dict[str, Any]]:
    """A page of the versions after `since`, newest last; refuses as `listing.public_code` does."""
    code = public_code(session, written)
    of_code = ProcedureVersion.code == code
    query = select(ProcedureVersion).where(of_code, ProcedureVersion.number > asked["since"])
    page = oldest_first(session, query, _KEYS, {**asked, "code": code})
    before = {each.number - 1 for each in page.items}
    records = select(ProcedureVersion.number, ProcedureVersion.record)
    found = session.execute(records.where(of_code, ProcedureVersion.number.in_(before)))
    were: dict[int, Record] = dict(found.all())
    return Page(
        [_told(each, were.get(each.number - 1, {})) for each in page.items], page.next_cursor
    )


def _told(version: ProcedureVersion, before: Record) -> dict[str, Any]:
    fields = [_field(name, before, version.record) for name in version.fields]
    return {"version": version.number, "at": version.at, "deed": version.deed, "fields": fields}


def _field(name: str, before: Record, after: Record) -> dict[str, Any]:
    gone, new = changed_lines(name, before, after)
    return {"field": name, "name": field_name(name), "before": gone, "after": new}
