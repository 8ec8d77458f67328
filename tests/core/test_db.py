"""The edge's transaction, on both databases."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import text

from smartcity.core.clock import now
from smartcity.core.db import (
    database_now,
    engine,
    insert_if_absent,
    reading,
    seconds_from_now,
    transaction,
)
from smartcity.core.idempotency import IdempotencyKey


def test_transactions_do_not_nest(in_app: Flask) -> None:
    with transaction(), pytest.raises(RuntimeError), transaction():
        pass


def test_concurrent_writers_lose_nothing(in_app: Flask) -> None:
    with engine().begin() as connection:
        connection.execute(text("DROP TABLE IF EXISTS counter"))
        connection.execute(text("CREATE TABLE counter (value integer)"))
        connection.execute(text("INSERT INTO counter VALUES (0)"))

    def add_up() -> None:
        with in_app.app_context():
            for _ in range(25):
                with transaction() as session:
                    lock = "" if engine().dialect.name == "sqlite" else " FOR UPDATE"
                    value = session.scalar(text(f"SELECT value FROM counter{lock}"))
                    session.execute(text(f"UPDATE counter SET value = {value + 1}"))

    writers = [threading.Thread(target=add_up) for _ in range(8)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    with reading() as session:
        assert session.scalar(text("SELECT value FROM counter")) == 200


def test_the_database_clock_is_ours_and_moves_by_seconds(in_app: Flask) -> None:
    with reading() as session:
        now, later = session.query(database_now(session), seconds_from_now(session, 90)).one()
    assert abs(now - datetime.now(UTC)) < timedelta(seconds=5)
    assert timedelta(seconds=89) < later - now < timedelta(seconds=91)


def test_a_row_is_inserted_once_and_the_second_is_told(in_app: Flask) -> None:
    key = {"caller": "a", "route": "b", "key": "c", "fingerprint": "d", "created_at": now()}
    with transaction() as session:
        assert insert_if_absent(session, IdempotencyKey, **key)
        assert not insert_if_absent(session, IdempotencyKey, **key)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_nobody_waits_for_long_for_one_who_was_frozen(in_app: Flask) -> None:
    limits = ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout")
    for one in (transaction, reading):
        with one() as session:
            told = [session.scalar(text(f"SHOW {limit}")) for limit in limits]
        assert told == ["5s", "15s", "30s"]
