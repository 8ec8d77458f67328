"""Limits that hold with Redis or without: counted in the database, by fixed windows."""

from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import BigInteger, String, Table, case, delete, or_, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from smartcity.core import clock
from smartcity.core.db import Base, is_sqlite
from smartcity.core.expiry import Over


class Quota(Base):
    """How much of something was taken in its present window."""

    __tablename__ = "quotas"

    name: Mapped[str] = mapped_column(String(120), primary_key=True)
    window: Mapped[int] = mapped_column(BigInteger)  # its running number since 1970
    used: Mapped[int]
    expires_at: Mapped[datetime] = mapped_column(index=True)


def take(session: Session, name: str, limit: int, seconds: int) -> float:
    """Take one of `limit` in the present window of `seconds`: 0.0, or the seconds to wait.

    However many take at once, no more than `limit` are given. It counts when the caller commits;
    until then others who take the same wait. `name` holds nothing personal in clear.
    """
    now = clock.now()
    window = int(now.timestamp()) // seconds
    ends = (window + 1) * seconds
    values = {"name": name, "window": window, "used": 1, "expires_at": now + timedelta(0, seconds)}
    given = session.execute(_upsert(session, values, limit)).first()
    return 0.0 if given else max(1.0, ends - now.timestamp())


def used(session: Session, name: str, seconds: int) -> int:
    """How many were taken in the present window."""
    window = int(clock.now().timestamp()) // seconds
    taken = select(Quota.used).where(Quota.name == name, Quota.window == window)
    return session.scalar(taken) or 0


def give_back(session: Session, name: str) -> None:
    """Count one taken under a name as not taken."""
    taken = update(Quota).where(Quota.name == name, Quota.used > 0)
    session.execute(taken.values(used=Quota.used - 1))


def forget(session: Session, name: str) -> None:
    """Drop what is counted under a name: of a person who is gone."""
    session.execute(delete(Quota).where(Quota.name == name))


def forget_over(session: Session) -> None:
    """Drop the windows that are over."""
    session.execute(delete(Quota).where(*over().where))


def over() -> Over:
    """The windows that are over."""
    return Over(Quota, (Quota.expires_at < clock.now(),))


def _upsert(session: Session, values: dict[str, Any], limit: int) -> Any:
    build = sqlite_insert if is_sqlite(session) else postgresql_insert
    statement = build(cast(Table, Quota.__table__)).values(**values)
    new = statement.excluded
    begins = Quota.window < new.window  # a machine whose clock is behind counts in the newer one
    return statement.on_conflict_do_update(
        index_elements=["name"],
        set_={
            "used": case((begins, 1), else_=Quota.used + 1),
            "window": case((begins, new.window), else_=Quota.window),
            "expires_at": new.expires_at,
        },
        where=or_(begins, Quota.used < limit),
    ).returning(Quota.used)
