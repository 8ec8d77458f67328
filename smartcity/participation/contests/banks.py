"""A contest as those need it who take part: its times and its bank, read once a version."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from smartcity.core.cache import Remembered
from smartcity.core.context import per_app
from smartcity.core.errors import NotFound
from smartcity.participation.contests.papers import Bank
from smartcity.registers.service import Entry, EntryVersion, State
from smartcity.settings import Settings

_KEPT, _MOST = timedelta(hours=1), 100  # a version never changes


@dataclass(frozen=True)
class Contest:
    """A version of a contest's record; `opens` and `closes` are instants."""

    id: uuid.UUID
    title: str
    opens: datetime
    closes: datetime
    minutes: int
    attempts: int
    draw: int
    eligibility: Mapping[str, Any]
    bank: Bank


_TABLE = Entry.__table__
_VERSION = select(_TABLE.c.version, _TABLE.c.state).where(
    _TABLE.c.id == bindparam("contest"), _TABLE.c.kind == "contest"
)
# What inserting a row that points to an entry takes as well: it keeps nobody waiting but who
# changes the contest, so a paper and its points are of the bank that stands when they commit.
_HELD = _VERSION.with_for_update(read=True, key_share=True)


def open_to_all(session: Session, contest_id: uuid.UUID) -> Contest:
    """A published contest, which nobody changes before the transaction ends; NotFound."""
    row = session.execute(_HELD, {"contest": contest_id}).first()
    if row is None or row.state != State.PUBLISHED:
        raise NotFound("register.not_found")
    return _of_version(session, contest_id, row.version)


def held(session: Session, contest_id: uuid.UUID) -> Contest:
    """A contest in any state, which nobody changes before the transaction ends."""
    row = session.execute(_HELD, {"contest": contest_id}).one()
    return _of_version(session, contest_id, row.version)


def now_read(session: Session, contest_id: uuid.UUID) -> Contest:
    """A contest in any state as it stands, for a reader."""
    row = session.execute(_VERSION, {"contest": contest_id}).one()
    return _of_version(session, contest_id, row.version)


def _of_version(session: Session, contest_id: uuid.UUID, version: int) -> Contest:
    def read(_key: tuple[uuid.UUID, int]) -> Contest:
        stood = EntryVersion.entry_id == contest_id, EntryVersion.number == version
        return _contest(
            contest_id, session.scalars(select(EntryVersion.record).where(*stood)).one()
        )

    return _contests()((contest_id, version), read)


def _contest(contest_id: uuid.UUID, record: Mapping[str, Any]) -> Contest:
    same = {name: record[name] for name in ("title", "minutes", "attempts", "draw", "eligibility")}
    return Contest(
        id=contest_id,
        **same,
        opens=datetime.fromisoformat(record["opens"]),
        closes=datetime.fromisoformat(record["closes"]),
        bank={question["id"]: question for question in record["questions"]},
    )


@per_app
def _contests(_settings: Settings) -> Remembered[tuple[uuid.UUID, int], Contest]:
    return Remembered(_KEPT, _MOST)
