"""The database: one engine an application, transactions at the edge only.

SQLite: `isolation_level=None` and an explicit BEGIN IMMEDIATE. Without it concurrent writers lose
updates silently. PostgreSQL: short lock and statement time-outs.
"""

import sqlite3
import uuid
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast

from sqlalchemy import (
    JSON,
    BigInteger,
    ColumnElement,
    DateTime,
    Engine,
    Insert,
    Integer,
    MetaData,
    Select,
    Sequence,
    SQLColumnExpression,
    Table,
    Uuid,
    bindparam,
    create_engine,
    event,
    func,
    literal_column,
    make_url,
    select,
)
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator

from smartcity.core.context import per_app
from smartcity.settings import Settings

T = TypeVar("T")
# PostgreSQL after lock_timeout, and in a deadlock; SQLite after busy_timeout.
_HELD_BY_OTHERS = {"55P03", "40P01", "SQLITE_BUSY"}
_in_transaction: ContextVar[bool] = ContextVar("in_transaction", default=False)
_POSTGRES_OPTIONS = (  # the last: how long one frozen in a transaction keeps its locks
    "-c timezone=UTC -c lock_timeout=5s -c statement_timeout=15s"
    " -c idle_in_transaction_session_timeout=30s"
)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware instant; stored in UTC on every database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without an offset")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        return value and value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value


# SQLite gives a rising key only to an INTEGER column.
RowNumber = BigInteger().with_variant(Integer, "sqlite")


class Base(DeclarativeBase):
    """Mother of all tables."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012
        datetime: UtcDateTime(),
        uuid.UUID: Uuid(),
        dict[str, Any]: JSON(),
        list[Any]: JSON(),
    }


def open_engine(url: str, pool: int = 10) -> Engine:
    """An engine with the recipe of its database applied to every connection.

    Its errors do not tell a statement's values: they go to the log, and may be a citizen's words.
    """
    if make_url(url).get_backend_name() == "sqlite":
        return _open_sqlite(url, pool)
    return create_engine(
        url,
        pool_size=pool,
        max_overflow=0,
        pool_timeout=10,
        pool_pre_ping=False,
        hide_parameters=True,
        connect_args={"options": _POSTGRES_OPTIONS, "connect_timeout": 5},
    )


def _open_sqlite(url: str, pool: int) -> Engine:
    file = make_url(url).database
    if file:
        Path(file).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        url,
        pool_size=pool,
        max_overflow=0,
        hide_parameters=True,
        connect_args={"timeout": 15, "isolation_level": None},
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    for pragma in (
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "foreign_keys=ON",
        "busy_timeout=15000",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Any) -> None:
    reading = connection.get_execution_options().get("reading")
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


@per_app
def engine(settings: Settings) -> Engine:
    """The application's engine."""
    return open_engine(settings.database, settings.database_pool)


@contextmanager
def one_look() -> Iterator[Session]:
    """A session for a single SELECT: without a transaction, whose ends cost as much as it does."""
    with Session(_looking_engine(), expire_on_commit=False) as session:
        yield session


@per_app
def _looking_engine(_settings: Settings) -> Engine:
    if engine().dialect.name == "sqlite":  # there BEGIN is no round trip
        return _reading_engine()
    return engine().execution_options(isolation_level="AUTOCOMMIT")


@per_app
def _reading_engine(_settings: Settings) -> Engine:
    """The same engine and pool; options set at each use would cost a tenth of a short request."""
    return engine().execution_options(reading=True, postgresql_readonly=True)


@contextmanager
def transaction() -> Iterator[Session]:
    """One change, whole or not at all: commits at the end of the block, rolls back on any error.

    Opened at the edge only (route, console view, job handler, command); refuses to nest.
    """
    if _in_transaction.get():
        raise RuntimeError("transactions do not nest: pass the session")
    entered = _in_transaction.set(True)
    try:
        with Session(engine(), expire_on_commit=False) as session, session.begin():
            yield session
    finally:
        _in_transaction.reset(entered)


@contextmanager
def reading() -> Iterator[Session]:
    """A session to read with; the database refuses a write on PostgreSQL, and nothing is kept."""
    with Session(_reading_engine(), expire_on_commit=False) as session:
        yield session  # closing it rolls back, and leaves the rows readable


def is_sqlite(session: Session) -> bool:
    """Whether the session speaks to SQLite, where BEGIN IMMEDIATE stands in for row locks."""
    return session.get_bind().dialect.name == "sqlite"


def insert(session: Session, model: type[Base], **values: Any) -> None:
    """Insert a row that nobody needs as an object: a statement built once, without the ORM."""
    session.connection().execute(_insert(model), values)


def insert_all(session: Session, model: type[Base], rows: Collection[Mapping[str, Any]]) -> None:
    """Insert rows of the same columns, in one round trip."""
    if rows:
        session.connection().execute(_insert(model), list(rows))


def insert_numbered(session: Session, model: type[Base], numbers: Sequence, **values: Any) -> int:
    """Insert a row under the next running number, and return that: its column `number`.

    From a sequence, so numbers may have gaps; on SQLite, where writers queue, the largest + 1.
    """
    statement = _insert_numbered(model, numbers, tuple(values), is_sqlite(session))
    number: int = session.connection().execute(statement, values).scalar_one()
    return number


def insert_if_absent(session: Session, model: type[Base], **values: Any) -> bool:
    """Insert a row unless its key is taken; True when it was inserted.

    On PostgreSQL it waits for another transaction that is inserting the same key.
    """
    statement = _insert_if_absent(model, is_sqlite(session))
    options = {"preserve_rowcount": True}
    result = session.connection().execute(statement, values, execution_options=options)
    return result.rowcount == 1


def insert_missing(
    session: Session, model: type[Base], rows: Collection[Mapping[str, Any]]
) -> None:
    """Insert those of some rows of the same columns whose keys are not taken, in one round trip.

    Sort them by their keys: writers of the same ones wait for each other in that order.
    """
    if rows:
        session.connection().execute(_insert_if_absent(model, is_sqlite(session)), list(rows))


@cache
def _insert(model: type[Base]) -> Insert:
    return cast(Table, model.__table__).insert().inline()  # nobody asks for its keys


@cache
def _insert_numbered(
    model: type[Base], numbers: Sequence, columns: tuple[str, ...], sqlite: bool
) -> Insert:
    table = cast(Table, model.__table__)
    largest = select(func.coalesce(func.max(table.c.number), 0)).scalar_subquery()
    number = largest + 1 if sqlite else numbers.next_value()
    given: dict[str, Any] = {name: bindparam(name) for name in columns}
    return table.insert().values(number=number, **given).returning(table.c.number)


@cache
def _insert_if_absent(model: type[Base], sqlite: bool) -> Insert:
    table = cast(Table, model.__table__)
    build = sqlite_insert if sqlite else postgresql_insert
    return build(table).on_conflict_do_nothing()


def lock_row(session: Session, query: Select[T], *where: ColumnElement[bool]) -> T | None:
    """The one row of a query, held against other writers until the transaction ends."""
    return session.scalar(query.where(*where).with_for_update())  # SQLite: BEGIN IMMEDIATE holds


def one_at_a_time(session: Session, name: str) -> None:
    """Let transactions that name the same thing wait for each other until they end."""
    session.connection()  # SQLite: BEGIN IMMEDIATE
    if not is_sqlite(session):
        session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))


def is_held(error: Exception) -> bool:
    """Whether others held what a statement wanted: the same may go well later."""
    original = getattr(error, "orig", None)
    told = {getattr(original, "sqlstate", None), getattr(original, "sqlite_errorname", None)}
    return bool(told & _HELD_BY_OTHERS)


def database_now(session: Session) -> SQLColumnExpression[datetime]:
    """The database's own clock as an expression: one time for all machines' leases."""
    if is_sqlite(session):  # SQLite 3.40 knows milliseconds only through %f
        return literal_column("strftime('%Y-%m-%d %H:%M:%f000', 'now')", UtcDateTime())
    return func.clock_timestamp(type_=UtcDateTime())


def seconds_from_now(session: Session, seconds: float) -> SQLColumnExpression[datetime]:
    """The database's clock moved by a number of seconds."""
    if is_sqlite(session):
        shift = f"{seconds:+.3f} seconds"
        return literal_column(f"strftime('%Y-%m-%d %H:%M:%f000', 'now', '{shift}')", UtcDateTime())
    shifted = f"clock_timestamp() + interval '{seconds:.3f} seconds'"
    return literal_column(shifted, UtcDateTime())
