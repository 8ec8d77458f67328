"""What the public reads of procedures: texts rendered when a record changed, given out as such."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import orjson
from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from smartcity.catalogue.models import Procedure, State
from smartcity.catalogue.opening.links import links_of
from smartcity.catalogue.reading.offices import Office, served_by, with_office
from smartcity.catalogue.records.codes import canonical
from smartcity.catalogue.rules import rules
from smartcity.changes.kept import TAKEN_BACK
from smartcity.core.errors import NotFound

_PUBLISHED = Procedure.state == State.PUBLISHED


class Withdrawn(NotFound):
    """It was public once."""

    status = 410


def public_code(session: Session, written: str) -> str:
    """The code of a published procedure, from any form of it.

    NotFound for no procedure, Withdrawn for one that is public no more.
    """
    code = canonical(written)
    state = session.scalar(select(Procedure.state).where(Procedure.code == code)) if code else None
    if code is None or state is None:
        raise NotFound("service.not_public")
    if state != State.PUBLISHED:
        raise Withdrawn("service.withdrawn", headers=TAKEN_BACK)
    return code


def whole(session: Session, written: str, ward: str | None) -> str:
    """A published procedure as JSON by ServiceOut, with the office that serves a commune.

    As `public_code` refuses; Invalid names an unknown `ward`.
    """
    code = public_code(session, written)
    row = session.execute(_texts([code])).one()
    office = served_by(row.record["counter"], ward) if ward else None
    return _completed(row, _names(session, [row]), office)


def services_for_phones(session: Session, refs: Collection[str]) -> dict[str, str]:
    """The whole texts of those of some procedures that are public, by code."""
    found = session.execute(_texts(refs)).all()
    names = _names(session, found)
    return {row.code: _completed(row, names, None) for row in found}


def popular(session: Session, most: int) -> Sequence[str]:
    """Cards of those opened most of late, and of essential services where too few were."""
    query = select(Procedure.code).where(_PUBLISHED, Procedure.opened > 0)
    used = session.scalars(query.order_by(Procedure.opened.desc(), Procedure.code).limit(most))
    essential = (code for each in rules().essentials.values() for code in each.services)
    codes = list(dict.fromkeys([*used, *essential]))
    wanted = select(Procedure.code, Procedure.card).where(_PUBLISHED, Procedure.code.in_(codes))
    cards = dict(session.execute(wanted).all())
    return [with_office(cards[code], None) for code in codes if code in cards][:most]


def _texts(codes: Collection[str]) -> Any:
    columns = Procedure.code, Procedure.whole, Procedure.record
    return select(*columns).where(_PUBLISHED, Procedure.code.in_(codes))


def _names(session: Session, rows: Iterable[Row[Any]]) -> Mapping[str, str]:
    """The names of the related procedures that are public now."""
    codes = {code for row in rows for code in row.record["related"]}
    query = select(Procedure.code, Procedure.name).where(_PUBLISHED, Procedure.code.in_(codes))
    return dict(session.execute(query).all()) if codes else {}


def _completed(row: Row[Any], names: Mapping[str, str], office: Office | None) -> str:
    related = [{"code": c, "name": names[c]} for c in row.record["related"] if c in names]
    more = orjson.dumps({"related": related, "links": links_of(row.record)}).decode()
    return with_office(f"{row.whole[:-1]},{more[1:]}", office)
