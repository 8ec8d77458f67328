"""Alive, ready, and numbers that add up over several processes."""

import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
import urllib3
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import make_url, text

from smartcity.core.db import transaction
from tests.conftest import MakeApp
from tests.helpers import bearer, citizen, file_report, statements, until

ROOT = Path(__file__).parents[2]


def value(page: str, name: str, **labels: str) -> float:
    """One number of a Prometheus page; 0 when it is not there."""
    for line in page.splitlines():
        if re.match(rf"{name}[{{ ]", line) and all(f'{k}="{v}"' in line for k, v in labels.items()):
            return float(line.rpartition(" ")[2])
    return 0.0


def test_a_good_server_is_alive_and_ready(client: FlaskClient) -> None:
    assert client.get("/healthz").json == {"status": "alive"}
    assert client.get("/readyz").json == {"status": "ready"}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_without_its_database_it_is_alive_but_not_ready(make_app: MakeApp, tmp_path: Path) -> None:
    away = [f"sqlite:///{tmp_path}", "postgresql+psycopg://postgres@127.0.0.1:1/none"]
    for url in away:
        client = make_app(database_url=url).test_client()
        assert client.get("/healthz").status_code == 200
        answer = client.get("/readyz")
        assert (answer.status_code, answer.json["type"]) == (
            503,
            "urn:problem:health.no_database",
        )
        assert int(answer.headers["Retry-After"]) > 0


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_before_its_migrations_it_is_not_ready(make_app: MakeApp, tmp_path: Path) -> None:
    client = make_app(database_url=f"sqlite:///{tmp_path / 'bare.sqlite3'}").test_client()
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json["type"]) == (503, "urn:problem:health.not_migrated")


def test_an_older_database_is_not_ready(app: Flask, client: FlaskClient) -> None:
    def stand_at(revision: str) -> None:
        with app.app_context(), transaction() as session:
            session.execute(text(f"UPDATE alembic_version SET version_num = '{revision}'"))

    with app.app_context(), transaction() as session:
        newest = str(session.scalar(text("SELECT version_num FROM alembic_version")))
    stand_at("0001")
    try:
        assert client.get("/readyz").status_code == 503
    finally:
        stand_at(newest)
    assert client.get("/readyz").status_code == 200


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_asking_whether_it_is_ready_waits_for_no_writer(
    app: Flask, client: FlaskClient, database_url: str
) -> None:
    with closing(sqlite3.connect(str(make_url(database_url).database))) as writer:
        writer.isolation_level = None
        writer.execute("BEGIN IMMEDIATE")
        assert client.get("/readyz").status_code == 200
    with statements(app) as seen:
        client.get("/readyz")
    assert len(seen) <= 3, seen


def test_numbers_are_by_route_rule_and_tell_the_queue(app: Flask, client: FlaskClient) -> None:
    me = bearer(citizen(app))
    before = client.get("/metrics").text
    report = file_report(client, me)
    client.get(f"/api/v1/reports/{report['id']}", headers=me)
    for method in ("GET", "BREW", "X" * 50):
        client.open(f"/nothing/{method}", method=method)
    page = client.get("/metrics").text
    rule = "/api/v1/reports/<uuid:report_id>"
    for labels, grown in [
        ({"method": "GET", "route": rule, "status": "200"}, 1),
        ({"method": "GET", "route": "unmatched", "status": "404"}, 1),
        ({"method": "other", "route": "unmatched", "status": "404"}, 2),
    ]:
        name = "http_requests_total"
        assert value(page, name, **labels) - value(before, name, **labels) == grown, labels
    assert value(page, "http_request_seconds_count", route=rule) > 0
    assert value(page, "jobs", queue="events", state="ready") == 1
    assert "jobs_oldest_seconds" in page
    assert report["id"] not in page
    assert "BREW" not in page


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_numbers_are_for_who_has_the_key(make_app: MakeApp) -> None:
    client = make_app(metrics_key="the-key").test_client()
    for given in ("", "the-key", "Bearer ", "Bearer the-kez", "Bearer thé-key"):
        answer = client.get("/metrics", headers={"Authorization": given})
        assert answer.status_code == 401, given
        assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert client.get("/metrics", headers={"Authorization": "Bearer the-key"}).status_code == 200


# ---- two processes of gunicorn


@contextmanager
def served(database_url: str, folder: Path) -> Iterator[str]:
    """The application as production serves it, by two processes of two threads."""
    with closing(socket.socket()) as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    env = {
        **os.environ,
        "BIND": f"127.0.0.1:{port}",
        "WEB_CONCURRENCY": "2",
        "WEB_THREADS": "2",
        "TMPDIR": str(folder),
        "SMARTCITY_DATABASE_URL": database_url,
        "SMARTCITY_VAR_DIR": str(folder),
        "SMARTCITY_LOG_LEVEL": "WARNING",
    }
    env.pop("PROMETHEUS_MULTIPROC_DIR", None)
    command = [sys.executable, "-m", "gunicorn", "--config", "config/gunicorn.conf.py", "wsgi:app"]
    with (folder / "gunicorn.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=log, stderr=log)
    try:
        until(lambda: listens(port) or process.poll() is not None)
        assert process.poll() is None, (folder / "gunicorn.log").read_text()
        yield f"http://127.0.0.1:{port}"
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(40)
    assert not list(folder.glob("smartcity-metrics-*"))


def listens(port: int) -> bool:
    with closing(socket.socket()) as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_numbers_of_two_processes_add_up(app: Flask, database_url: str, tmp_path: Path) -> None:
    with served(database_url, tmp_path) as base:

        def ask(path: str) -> Any:  # a new connection each time, so that both processes answer
            return urllib3.request("GET", base + path, headers={"Connection": "close"}, timeout=20)

        assert ask("/readyz").status == 200
        for _ in range(60):
            assert ask("/healthz").status == 200
        pages = [ask("/metrics").data.decode() for _ in range(3)]
        files = {p.name.rpartition("_")[2] for p in tmp_path.glob("smartcity-metrics-*/counter_*")}
    assert len(files) == 2, "only one process answered"
    for page in pages:
        labels = {"method": "GET", "route": "/healthz", "status": "200"}
        assert value(page, "http_requests_total", **labels) == 60
        assert value(page, "http_request_seconds_count", route="/healthz") == 60
