"""Codes as officers keep them: made for a team's members, closed, opened again."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from smartcity.areas import service as areas
from smartcity.audit.service import record
from smartcity.core import clock
from smartcity.core.context import settings
from smartcity.core.db import insert_if_absent, lock_row
from smartcity.core.errors import Conflict, NotFound
from smartcity.core.export import list_lines
from smartcity.core.paging import Page, newest_first
from smartcity.core.text import fold
from smartcity.core.texts import text
from smartcity.identity.permissions import Principal
from smartcity.participation.models import Activation, ReferralCode
from smartcity.participation.teams import codes
from smartcity.registers.service import Entry, State

KIND, CATEGORY = "place", "community_team"  # of teams in the register of places
COLUMNS = ("team", "ward", "holder", "code", "link", "activations", "made_at", "closed_at")
_KEYS = (ReferralCode.made_at, ReferralCode.code)


def make(
    session: Session, who: Principal, team_id: uuid.UUID, holders: Sequence[str]
) -> list[dict[str, Any]]:
    """A new code for each of some members of a team.

    NotFound for what is no published team, Conflict for a team without a commune.
    """
    team = session.scalar(select(Entry).where(*_teams(), Entry.id == team_id))
    if team is None:
        raise NotFound("referral.no_such_team")
    if team.record.get("ward") is None:
        raise Conflict("referral.team_without_ward")
    made = [_made(session, who, team, holder) for holder in holders]
    record(session, who.key, "referral.make", ("team", team_id), referrals=made)
    session.flush()
    return told(session, session.scalars(select(ReferralCode).where(ReferralCode.code.in_(made))))


def close(session: Session, who: Principal, code: str, reason: str) -> dict[str, Any]:
    """Let a code count nothing more; a second time changes nothing."""
    found = _held(session, code)
    if found.closed_at is None:
        found.closed_at = clock.now()
        _note(session, who, found, "close", reason)
    return told(session, [found])[0]


def reopen(session: Session, who: Principal, code: str, reason: str) -> dict[str, Any]:
    """Let a closed code count again; an open one stays so."""
    found = _held(session, code)
    if found.closed_at is not None:
        found.closed_at = None
        _note(session, who, found, "reopen", reason)
    return told(session, [found])[0]


def listed(session: Session, asked: Mapping[str, Any]) -> Page[dict[str, Any]]:
    """The codes that the filters name, made last first, each with what began by it."""
    query = select(ReferralCode).where(*_wanted(asked))
    page = newest_first(session, query, _KEYS, asked)
    return Page(told(session, page.items), page.next_cursor)


def lines(asked: Mapping[str, Any]) -> Iterator[str]:
    """That list as CSV, piece by piece, 100,000 codes at most."""
    headings = [text(f"referral.column.{name}") for name in COLUMNS]
    return list_lines(headings, listed, asked, _cells)


def told(session: Session, found: Any) -> list[dict[str, Any]]:
    """Codes with their team's name, their link for a QR, and how many accounts began by each."""
    rows: list[ReferralCode] = list(found)
    counted = select(Activation.code, func.count()).group_by(Activation.code)
    counted = counted.where(Activation.code.in_([row.code for row in rows]))
    activations = dict(session.execute(counted).all())
    teams = names_of(session, [row.team_id for row in rows])
    return [
        {
            **{column.key: getattr(row, column.key) for column in ReferralCode.__table__.columns},
            "shown": codes.shown(row.code),
            "link": f"{settings().public_url.rstrip('/')}/r/{row.code}",
            "team": teams.get(row.team_id, ""),
            "activations": activations.get(row.code, 0),
        }
        for row in rows
    ]


def names_of(session: Session, teams: Sequence[uuid.UUID]) -> dict[uuid.UUID, str]:
    """What some teams are called."""
    query = select(Entry.id, Entry.title).where(Entry.id.in_(teams))
    return dict(session.execute(query).all())


def ward_name(code: str) -> str:
    """What a commune is called."""
    area = areas.reference().areas.get(code)
    return area.name_vi if area else code


def _teams() -> tuple[ColumnElement[bool], ...]:
    return Entry.kind == KIND, Entry.category == CATEGORY, Entry.state == State.PUBLISHED


def _made(session: Session, who: Principal, team: Entry, holder: str) -> str:
    told = {"team_id": team.id, "ward": team.record["ward"], "holder": holder}
    made = {"made_by": who.key, "made_at": clock.now()}
    while not insert_if_absent(
        session, ReferralCode, code=(code := codes.new_code()), **told, **made
    ):
        pass  # one in ten thousand million
    return code


def _held(session: Session, code: str) -> ReferralCode:
    found = lock_row(session, select(ReferralCode), ReferralCode.code == code)
    if found is None:
        raise NotFound("referral.unknown")
    return found


def _note(session: Session, who: Principal, found: ReferralCode, deed: str, reason: str) -> None:
    subject = ("team", found.team_id)
    record(session, who.key, f"referral.{deed}", subject, referral=found.code, reason=reason)
    session.flush()


def _wanted(asked: Mapping[str, Any]) -> Iterator[ColumnElement[bool]]:
    if asked.get("team"):
        yield ReferralCode.team_id == asked["team"]
    if asked.get("ward"):
        yield ReferralCode.ward == asked["ward"]
    if "open" in asked:
        open_ = ReferralCode.closed_at.is_(None)
        yield open_ if asked["open"] else ~open_
    if asked.get("q"):
        words = fold(asked["q"]).split()
        teams = select(Entry.id).where(Entry.kind == KIND, Entry.category == CATEGORY)
        named = [Entry.folded.contains(word, autoescape=True) for word in words]
        yield ReferralCode.team_id.in_(teams.where(*named))


def _cells(code: Mapping[str, Any]) -> list[object]:
    times = {name: _written(code[name]) for name in ("made_at", "closed_at")}
    shown = {**code, **times, "ward": ward_name(code["ward"]), "code": code["shown"]}
    return [shown[name] for name in COLUMNS]


def _written(at: Any) -> str:
    return at.astimezone(clock.LOCAL).isoformat(timespec="seconds") if at else ""
