"""How many accounts began with a team's help: by commune for all, closer for officers."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from smartcity.core.spreadsheet import BOM, csv_text
from smartcity.core.texts import text
from smartcity.participation.models import Activation, ReferralCode
from smartcity.participation.teams import codes
from smartcity.participation.teams.keeping import names_of, ward_name

BY = ("team", "code", "ward", "day")
_KEYS: Mapping[str, Any] = {
    "team": ReferralCode.team_id,
    "code": Activation.code,
    "ward": Activation.ward,
    "day": Activation.day,
}
_COUNT = func.count()
Figure = dict[str, Any]


def by_ward(session: Session) -> dict[str, Any]:
    """All of them, by commune: whom they are of stands nowhere."""
    items = figures(session, {"by": "ward"})
    told = [{"ward": each["key"], "activations": each["activations"]} for each in items]
    return {"activations": sum(each["activations"] for each in told), "items": told}


def figures(session: Session, asked: Mapping[str, Any]) -> list[Figure]:
    """Counts by team, code, commune or day, the most first; days in their order."""
    rows = session.execute(_counted(asked)).all()
    names = _names(session, asked["by"], [key for key, _ in rows])
    return [{"key": str(key), "name": names[key], "activations": count} for key, count in rows]


def lines(found: Sequence[Figure], by: str) -> Iterator[str]:
    """Those as CSV."""
    headings = [text(f"referral.by.{by}"), text("referral.column.activations")]
    yield BOM + csv_text([headings])
    yield csv_text([figure["name"], figure["activations"]] for figure in found)


def _counted(asked: Mapping[str, Any]) -> Select[Any]:
    key, by = _KEYS[asked["by"]], asked["by"]
    query = select(key, _COUNT).select_from(Activation)
    query = query.join(ReferralCode, ReferralCode.code == Activation.code)
    order = (key,) if by == "day" else (_COUNT.desc(), key)
    return query.where(*_within(asked)).group_by(key).order_by(*order)


def _within(asked: Mapping[str, Any]) -> Iterator[ColumnElement[bool]]:
    if asked.get("since"):
        yield Activation.day >= asked["since"]
    if asked.get("until"):
        yield Activation.day <= asked["until"]
    if asked.get("ward"):
        yield Activation.ward == asked["ward"]
    if asked.get("team"):
        yield ReferralCode.team_id == asked["team"]


def _names(session: Session, by: str, keys: Sequence[Any]) -> Mapping[Any, str]:
    if by == "team":
        return names_of(session, keys)
    if by == "ward":
        return {key: ward_name(key) for key in keys}
    if by == "day":
        return {key: key.isoformat() for key in keys}
    held = select(ReferralCode.code, ReferralCode.holder).where(ReferralCode.code.in_(keys))
    rows = session.execute(held)
    return {code: f"{codes.shown(code)} · {holder}" for code, holder in rows}
