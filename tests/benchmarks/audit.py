"""The audit record: what a deed costs, sealing and verifying, and writers beside a sealer."""

import os
import statistics
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import select

from smartcity.audit import chain, service
from smartcity.audit.models import AuditEntry
from smartcity.audit.verification import Walk
from smartcity.core import clock, vault
from smartcity.core.db import engine, insert, reading, transaction
from tests.benchmarks import reports
from tests.benchmarks.house import RUNS, Bench
from tests.benchmarks.measure import load, tell

DEEDS = 2_000
LONG = 50_000  # entries of a chain
DETAIL = {"sequence": 1, "status": "submitted", "reason": None}
SEALER = """
import time
from smartcity.app import create_app
from smartcity.audit import jobs
from smartcity.settings import Settings
with create_app(Settings.from_env()).app_context():
    jobs.seal()
    print("ready", flush=True)
    while True:
        jobs.seal()
        time.sleep(1)
"""


def main(ready: Bench) -> bool:
    """Run all of it; True when every bound is met."""
    with ready.app.app_context():
        kept = [recording(), sealing_and_verifying()]
    return all([*kept, beside_writers(ready)])


def recording() -> bool:
    """A citizen's deed against a bare INSERT of the same row."""
    person, subject = uuid.uuid4(), ("report", uuid.uuid4())
    with transaction() as session:
        vault.give_key(session, person)
    values = {
        "at": clock.now(),
        "actor": f"citizen:{person}",
        "action": "report.submit",
        "subject_kind": "report",
        "subject_id": subject[1],
        "detail": DETAIL,
        "request_id": None,
        "address": None,
        **dict.fromkeys(("before", "after", "person_id", "private")),
    }
    private = {"address": "203.0.113.7"}
    least, ours = [], []
    for _ in range(RUNS):
        least.append(_timed(lambda session: insert(session, AuditEntry, **values)))
        ours.append(
            _timed(
                lambda session: service.record(
                    session, values["actor"], "report.submit", subject, private=private, **DETAIL
                )
            )
        )
    figures = statistics.median(ours), statistics.median(least)
    return tell("audit_record_time", *figures, 2, "ms/entry")


def sealing_and_verifying() -> bool:
    """Sealing a long chain against writing its entries, verifying it against reading them."""
    row = {"at": clock.now(), "actor": "officer:1", "action": "report.accept"}
    row |= {"subject_kind": "report", "subject_id": uuid.uuid4(), "detail": DETAIL}
    began = time.perf_counter()
    with transaction() as session:
        session.execute(AuditEntry.__table__.insert(), [row] * LONG)
    written = time.perf_counter()
    _through(transaction, chain.seal_next)
    sealed = time.perf_counter()
    walk = Walk()
    while not walk.over:
        with reading() as session:
            if walk.step(session):
                raise RuntimeError("the chain is broken")
    verified = time.perf_counter()
    _through(reading, _read)
    read = time.perf_counter()
    times = [(sealed - written, written - began), (verified - sealed, read - verified)]
    (seal, verify) = [[1000 * seconds / LONG for seconds in pair] for pair in times]
    kept = tell("audit_seal_time", *seal, 5, "ms/entry")
    return tell("audit_verify_time", *verify, 6, "ms/entry") and kept


def beside_writers(ready: Bench) -> bool:
    """16 clients who file reports, with a sealer at work each second and without, in turn."""
    _filing(ready)
    alone, beside = [], []
    for _ in range(RUNS):
        alone.append(_filing(ready))
        with _sealer(ready):
            beside.append(_filing(ready))
    figures = statistics.median(beside), statistics.median(alone)
    return tell("report_create_time_beside_sealing", *figures, 1.15, "ms/request")


def _timed(deed: Callable[[Any], None]) -> float:
    """Milliseconds of one of many deeds in a transaction."""
    with transaction() as session:
        began = time.perf_counter()
        for _ in range(DEEDS):
            deed(session)
        return 1000 * (time.perf_counter() - began) / DEEDS


def _through(session_of: Callable[[], Any], step: Callable[[Any, int], int | None]) -> None:
    """Take steps, each in a session of its own, until there is no next one."""
    further: int | None = 0
    while further is not None:
        with session_of() as session:
            further = step(session, further)


def _read(session: Any, first: int) -> int | None:
    page = select(chain.ENTRIES).where(chain.ENTRIES.c.number >= first).limit(chain.BATCH)
    rows = session.execute(page.order_by(chain.ENTRIES.c.number)).all()
    return rows[-1].number + 1 if rows else None


def _filing(ready: Bench) -> float:
    requests = 800
    run = load(ready.api, reports.create(ready), clients=16, requests=requests)
    return 1000 * run.elapsed / requests


@contextmanager
def _sealer(ready: Bench) -> Iterator[None]:
    with ready.app.app_context():
        url = engine().url.render_as_string(hide_password=False)
    env = {**os.environ, "SMARTCITY_DATABASE_URL": url}
    command = [sys.executable, "-c", SEALER]
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True) as process:
        try:
            if process.stdout is None or process.stdout.readline() != "ready\n":
                raise RuntimeError("the sealer did not start")
            yield
        finally:
            process.kill()
