"""Forwarding: a backlog drained, senders side by side, a claim beside a million settled rows."""

import contextlib
import json
import os
import statistics
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from typing import Any

import psycopg
import urllib3
from sqlalchemy import func, select, text

from smartcity.adapters.centres.signatures import keys, sign
from smartcity.core.db import engine, reading, transaction
from smartcity.demo.client import wait_for
from smartcity.demo.processes import free_port
from smartcity.ioc import administration, delivering
from smartcity.ioc.models import State
from smartcity.jobs.claim import claim
from smartcity.jobs.models import JobRow
from smartcity.reports.models import Report
from tests.benchmarks import reports
from tests.benchmarks.house import RUNS, Bench
from tests.benchmarks.measure import ROOT, load, tell

SECRET = "whsec_YmVuY2htYXJrcy1vZi1mb3J3YXJkaW5nLW9ubHk="
NAME, QUEUE = "bench", "ioc:bench"
BACKLOG, BARE = 10_000, 2_000
FEW, MANY = 1_000, 1_000_000
LATENCY = 0.02  # seconds
# Each event of a report of its own, as far as the queue and the receiver can see.
FILL = """
INSERT INTO report_events (id, report_id, sequence, move, to_status, actor, at)
SELECT CAST(lpad(to_hex(n), 32, '0') AS uuid), CAST(:report AS uuid), n + 1, 'submit',
       'submitted', 'x', now()
FROM generate_series(CAST(:first AS bigint), CAST(:last AS bigint)) AS n;
INSERT INTO ioc_messages (event_id, position, report_id, code, sequence, move, body, sha256,
                          made_at)
SELECT CAST(lpad(to_hex(n), 32, '0') AS uuid), n, CAST(:report AS uuid), 'BENCH-' || n, 1, 'submit',
       replace(:body, '{n}', CAST(n AS text)), '', now()
FROM generate_series(CAST(:first AS bigint), CAST(:last AS bigint)) AS n;
INSERT INTO ioc_deliveries (destination, event_id, position, report_id, state, attempts, created_at,
                            answered_at)
SELECT 'bench', CAST(lpad(to_hex(n), 32, '0') AS uuid), n, CAST(:report AS uuid), :state, 0,
       now(), now()
FROM generate_series(CAST(:first AS bigint), CAST(:last AS bigint)) AS n
"""
JOBS = """
INSERT INTO jobs (name, queue, priority, payload, ordering_key, state, run_at, lease_epoch,
                  attempts, enqueued_at)
SELECT 'ioc.deliver', 'ioc:bench', 1,
       json_build_object('event', CAST(lpad(to_hex(n), 32, '0') AS uuid), 'destination', 'bench'),
       'ioc:bench:' || n, 'ready', now(), 0, 0, now()
FROM generate_series(CAST(:first AS bigint), CAST(:last AS bigint)) AS n
"""
LEASE = """
UPDATE bare SET run_at = clock_timestamp() + interval '1 minute', leased = true
WHERE id = (SELECT id FROM bare WHERE NOT done AND run_at <= clock_timestamp()
            ORDER BY run_at LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING id, body
"""


def main(ready: Bench) -> bool:
    """Run all of it; True when every bound is met."""
    report = _report(ready)
    with ready.app.app_context(), _sandbox() as centre:
        with transaction() as session:
            wishes = {"url": f"{centre}/events", "per_second": None, "concurrency": 1_000}
            administration.create(session, "operator:bench", NAME, SECRET, **wishes)
        return all([draining(report, centre), side_by_side(report, centre), claiming(report)])


def draining(report: str, centre: str) -> bool:
    """One worker process empties a backlog, against a bare loop of lease, POST and mark."""
    _fill(report, 1, BACKLOG)
    bare = _bare_loop(centre)
    return tell("ioc_drain_time", _drained(BACKLOG, threads=4), bare, 2, "s/delivery")


def side_by_side(report: str, centre: str) -> bool:
    """Eight senders to a centre that takes 20 ms, against one: at least five times as fast."""
    fault = {"mode": "slow", "delay": LATENCY}
    urllib3.request("PUT", f"{centre}/faults", json=fault)
    _fill(report, BACKLOG + 1, BACKLOG + 400)
    one = _drained(400, threads=2)
    _fill(report, BACKLOG + 401, BACKLOG + 2_400)
    eight = _drained(2_000, threads=9)
    urllib3.request("DELETE", f"{centre}/faults")
    return tell("ioc_eight_senders_time", eight, one, 1 / 5, "s/delivery")


def claiming(report: str) -> bool:
    """Claim and begin a delivery among a million that are settled, against a thousand."""
    _empty()
    _fill(report, 1, FEW, state="delivered", jobs=False)
    few = _claimed(report)
    _fill(report, FEW + 1, MANY, state="delivered", jobs=False)
    return tell("ioc_claim_time_1m", _claimed(report), few, 1.2, "s/claim")


def _drained(number: int, threads: int) -> float:
    """Seconds a delivery, from the worker's start of work to the last delivery."""
    with _worker(threads):
        wait_for(lambda: _left() < number, seconds=120)
        began, first = time.perf_counter(), _left()
        wait_for(lambda: not _left(), seconds=300)
        return (time.perf_counter() - began) / first


def _left() -> int:
    with reading() as session:
        return session.scalars(
            select(func.count()).select_from(JobRow).where(JobRow.queue == QUEUE)
        ).one()


def _claimed(report: str) -> float:
    """Seconds of claiming one job and beginning its delivery, the median of many."""
    _fill(report, MANY + 1, MANY + FEW)
    _tidy()
    times = []
    for _ in range(RUNS * 60):
        began = time.perf_counter()
        with transaction() as session:
            (lease,) = claim(session, QUEUE, 1, "bench")
        with transaction() as session:
            delivering.begin(session, NAME, uuid.UUID(lease.payload["event"]), None)
        times.append(time.perf_counter() - began)
    _empty(above=MANY)
    return statistics.median(times)


def _bare_loop(centre: str) -> float:
    """Seconds of one round: lease a row, POST it signed, mark it; one connection to each side."""
    signing = keys([SECRET])
    with _connection() as database, urllib3.connection_from_url(centre, maxsize=1) as http:
        _fill_bare(database)
        began = time.perf_counter()
        for _ in range(BARE):
            (row,) = database.execute(LEASE).fetchall()
            headers = {"Content-Type": "application/cloudevents+json"}
            headers |= sign(signing, str(row[0]), row[1])
            answer = http.request("POST", "/events", body=row[1].encode(), headers=headers)
            if answer.status != 202:
                raise RuntimeError(answer.data.decode())
            database.execute("UPDATE bare SET done = true WHERE id = %s", [row[0]])
        return (time.perf_counter() - began) / BARE


def _fill_bare(database: psycopg.Connection[Any]) -> None:
    database.execute("DROP TABLE IF EXISTS bare")
    database.execute(
        "CREATE TABLE bare (id bigint PRIMARY KEY, body text, leased boolean DEFAULT false,"
        " run_at timestamptz DEFAULT now(), done boolean DEFAULT false)"
    )
    database.execute("CREATE INDEX ON bare (run_at) WHERE NOT done")
    database.execute(
        "INSERT INTO bare (id, body) SELECT n, replace(%s, '{n}', 'bare-' || n)"
        " FROM generate_series(1, %s) AS n",
        [_body(), BARE],
    )


def _body() -> str:
    """A CloudEvent of usual length; `{n}` is its number."""
    data = {"description": "Ổ gà lớn trước số 12 Trần Phú, xe máy rất dễ ngã khi trời mưa. " * 5}
    event = {
        "specversion": "1.0",
        "id": "{n}",
        "source": "https://api.example.gov.vn",
        "type": "vn.smartcity.report.submit",
        "subject": "BENCH-{n}",
        "sequence": "0000000001",
        "data": data,
    }
    return json.dumps(event, ensure_ascii=False)


def _report(ready: Bench) -> str:
    """The report that all events hang on, as far as the database sees."""
    load(ready.api, reports.create(ready), clients=1, requests=1)
    with ready.app.app_context(), reading() as session:
        return str(session.scalars(select(Report.id).limit(1)).one())


def _fill(
    report: str, first: int, last: int, state: str = State.PENDING, jobs: bool = True
) -> None:
    values = {"report": report, "first": first, "last": last, "state": state, "body": _body()}
    bind = engine().execution_options(isolation_level="AUTOCOMMIT")
    with bind.connect() as connection:
        connection.execute(text("SET statement_timeout = 0"))
        for statement in [*FILL.split(";"), *([JOBS] if jobs else [])]:
            connection.execute(text(statement), values)


def _empty(above: int = 0) -> None:
    named = "id >= CAST(lpad(to_hex(CAST(:above AS bigint) + 1), 32, '0') AS uuid) AND actor = 'x'"
    with transaction() as session:
        session.execute(text("SET LOCAL statement_timeout = 0"))
        session.execute(text("DELETE FROM jobs WHERE queue = 'ioc:bench'"))
        for table in ("ioc_deliveries", "ioc_messages"):
            session.execute(text(f"DELETE FROM {table} WHERE position > :above"), {"above": above})
        session.execute(text(f"DELETE FROM report_events WHERE {named}"), {"above": above})


def _tidy() -> None:
    bind = engine().execution_options(isolation_level="AUTOCOMMIT")
    with bind.connect() as connection:
        connection.execute(text("SET statement_timeout = 0"))
        connection.execute(text("VACUUM ANALYZE jobs, ioc_deliveries, ioc_messages"))


def _connection() -> psycopg.Connection[Any]:
    url = engine().url.set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(url, autocommit=True)


@contextlib.contextmanager
def _sandbox() -> Iterator[str]:
    """A sandbox centre in a process of its own."""
    port = free_port()
    command = ["-m", "smartcity.sandbox", "ioc", "--secret", SECRET, "--port", str(port)]
    with _process(command, {}):
        url = f"http://127.0.0.1:{port}"
        wait_for(lambda: _answers(url), seconds=30)
        yield url


@contextlib.contextmanager
def _worker(threads: int) -> Iterator[None]:
    """One worker process for the centres' queues alone."""
    env = {
        "SMARTCITY_DATABASE_URL": engine().url.render_as_string(hide_password=False),
        "SMARTCITY_LOG_LEVEL": "ERROR",
    }
    command = ["-m", "smartcity.cli", "worker", "--queue", "ioc", "--threads", str(threads)]
    with _process(command, env):
        yield


@contextlib.contextmanager
def _process(arguments: list[str], env: dict[str, str]) -> Iterator[None]:
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(
        [sys.executable, *arguments], cwd=ROOT, env={**os.environ, **env}, **quiet
    ) as process:
        try:
            yield
        finally:
            process.terminate()


def _answers(url: str) -> bool:
    try:
        return urllib3.request("GET", f"{url}/healthz", retries=False).status == 200
    except urllib3.exceptions.HTTPError:
        return False
