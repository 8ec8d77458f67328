"""The database's shape: bring it up to date, take it back, ask whether it is current."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import cast

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from smartcity.settings import ROOT


def migrate(engine: Engine, revision: str = "head") -> None:
    """Upgrade to a revision; several processes may call it at once and one does the work."""
    with _changing(engine) as connection:
        _alone(connection)
        command.upgrade(_config(connection), revision)


def downgrade(engine: Engine, revision: str) -> None:
    """Take the database back to a revision; `base` empties it."""
    with _changing(engine) as connection:
        command.downgrade(_config(connection), revision)


def check(engine: Engine) -> None:
    """Raise when the tables and the models differ."""
    with engine.connect() as connection:
        command.check(_config(connection))


def is_current(connection: Connection) -> bool:
    """Whether this release may serve the database: migrated as far as it knows, or further."""
    found = set(MigrationContext.configure(connection).get_current_heads())
    head, known = _own_revisions()
    return bool(found) and (found == {head} or not found <= known)


@cache
def _own_revisions() -> tuple[str | None, set[str]]:
    script = ScriptDirectory(str(ROOT / "migrations"))
    return script.get_current_head(), {found.revision for found in script.walk_revisions()}


@contextmanager
def _changing(engine: Engine) -> Iterator[Connection]:
    """A connection whose changes are committed at the end.

    SQLite changes a table by making it anew, which its foreign keys would refuse: they are held
    off meanwhile, and judged before the commit (https://www.sqlite.org/lang_altertable.html#otheralter).
    """
    with engine.connect() as connection:
        if engine.dialect.name != "sqlite":
            yield connection
            connection.commit()
            return
        sqlite = cast(sqlite3.Connection, connection.connection.driver_connection)
        sqlite.execute("PRAGMA foreign_keys=OFF")  # has no effect once a transaction has begun
        try:
            yield connection
            if broken := connection.exec_driver_sql("PRAGMA foreign_key_check").all():
                raise RuntimeError(f"rows would refer to nothing: {broken[:5]}")
            connection.commit()
        finally:
            connection.rollback()
            sqlite.execute("PRAGMA foreign_keys=ON")


def _alone(connection: Connection) -> None:
    """Wait, however long it takes, until nobody else migrates."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL lock_timeout = 0")
        connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(20260326)")


def _config(connection: Connection) -> Config:
    config = Config(ROOT / "config" / "alembic.ini")
    config.attributes["connection"] = connection
    return config
