"""A database that is away, or a row that others hold: told plainly, without a word of it."""

import sqlite3
from pathlib import Path
from typing import Any

import psycopg
from flask import Flask
from sqlalchemy import event, make_url

from smartcity.core.db import engine
from tests.conftest import MakeApp
from tests.helpers import bearer, citizen, file_report
from tests.refusals import refused

REPORTS = "/api/v1/reports"


def test_a_database_that_is_away_is_told_without_a_word_of_it(
    make_app: MakeApp, database_url: str, tmp_path: Path
) -> None:
    at_work = make_app()
    me = bearer(citizen(at_work))
    away = (
        f"sqlite:///{tmp_path}"  # a folder is no database
        if database_url.startswith("sqlite")
        else "postgresql+psycopg://postgres@127.0.0.1:1/none"
    )
    client = make_app(database_url=away).test_client()
    for path in ("/api/v1/me", "/api/v1/areas", "/readyz"):
        answer = client.get(path, headers=me)
        assert refused(answer, 503) is None, path
        assert int(answer.headers["Retry-After"]) > 0, path


def test_a_row_that_others_hold_too_long_is_a_conflict(app: Flask, database_url: str) -> None:
    patience = {"sqlite": "PRAGMA busy_timeout = 100", "postgresql": "SET lock_timeout = '100ms'"}
    with app.app_context():
        bound = engine()
    hurry = lambda connection, _record: connection.execute(patience[bound.dialect.name])  # noqa: E731
    event.listen(bound, "connect", hurry)
    bound.dispose()
    client, me = app.test_client(), bearer(citizen(app))
    report = file_report(client, me)
    path = f"{REPORTS}/{report['id']}/withdrawal"
    url = make_url(database_url)
    if url.get_backend_name() == "sqlite":
        holder: Any = sqlite3.connect(str(url.database), isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
    else:
        holder = psycopg.connect(url.set(drivername="postgresql").render_as_string(False))
        holder.execute("SELECT 1 FROM reports FOR UPDATE")
    try:
        answer = client.put(path, headers=me)
    finally:
        holder.rollback()
        holder.close()
    assert refused(answer, 409) is None
    assert client.put(path, headers=me).status_code == 200
