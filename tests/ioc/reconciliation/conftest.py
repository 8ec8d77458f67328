"""A centre that keeps a journal, and a run that compares it with what we delivered."""

import json
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from smartcity.core import clock
from smartcity.core.db import transaction
from smartcity.ioc.models import Delivery, Reconciliation
from smartcity.ioc.reconciliation import runs
from smartcity.jobs.models import JobRow, QueueRow
from smartcity.sandbox.ioc import Ioc
from tests.conftest import MakeApp
from tests.helpers import Headers, file_report, moved, rows, work
from tests.ioc.conftest import SECRET, add_destination, forward

RUNS = "/api/v1/officer/reconciliations"
COUNTS = ("missing", "different", "extra", "repaired")


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    return tmp_path / "received.jsonl"


@pytest.fixture
def ioc(journal: Path) -> Iterator[Ioc]:
    with Ioc([SECRET], journal=journal) as server:
        yield server


@pytest.fixture
def app(make_app: MakeApp, ioc: Ioc) -> Flask:
    app = make_app()
    told = {"reconcile_url": f"{ioc.url}/reconciliation"}
    add_destination(app, f"{ioc.url}/events", options=told, per_second=None)
    return app


@pytest.fixture
def delivered(
    app: Flask, client: FlaskClient, me: Headers, operator: Headers
) -> list[dict[str, Any]]:
    """Three reports of two steps each, all of them delivered."""
    filed = [file_report(client, me) for _ in range(3)]
    for report in filed:
        moved(client, operator, report, "acceptance")
    assert forward(app) == 6
    return filed


def age(app: Flask) -> None:
    """As if all had been written out two hours ago: old enough to be compared."""
    with app.app_context(), transaction() as session:
        written = clock.now() - timedelta(hours=2)
        session.execute(update(Delivery).values(created_at=written))


def start(app: Flask, name: str = "ioc") -> uuid.UUID:
    age(app)
    with app.app_context(), transaction() as session:
        return runs.start(session, name, "operator:test").id


def make_due(app: Flask) -> None:
    with app.app_context(), transaction() as session:
        session.execute(update(JobRow).values(run_at=JobRow.enqueued_at))
        session.execute(update(QueueRow).values(next_probe_at=QueueRow.opened_at))


def carry_out(app: Flask) -> None:
    """All the jobs of the run, its repairs and its second look."""
    make_due(app)
    while work(app, "reconciliation:ioc", "ioc:ioc"):
        make_due(app)


def run(app: Flask, run_id: uuid.UUID) -> Reconciliation:
    (found,) = rows(app, Reconciliation, Reconciliation.id == run_id)
    return found


def counts(app: Flask, run_id: uuid.UUID) -> tuple[int, ...]:
    found = run(app, run_id)
    assert found.ended_at, found.last_error
    return tuple(getattr(found, name) for name in COUNTS)


def reconciled(app: Flask) -> tuple[int, ...]:
    run_id = start(app)
    carry_out(app)
    return counts(app, run_id)


def states(app: Flask) -> list[str]:
    return [d.state for d in sorted(rows(app, Delivery), key=lambda d: d.position)]


def damage(ioc: Ioc, journal: Path, *change: Callable[[list[dict[str, Any]]], Any]) -> Ioc:
    """The same centre, restarted on a journal that somebody laid hands on."""
    ioc.stop()
    lines = [json.loads(line) for line in journal.read_text().splitlines()]
    for each in change:
        each(lines)
    journal.write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    return Ioc([SECRET], ioc.port, journal)


def altered(line: dict[str, Any]) -> None:
    line["body"] = line["body"].replace("Ổ gà lớn", "Ổ gà nhỏ")


def added(lines: list[dict[str, Any]]) -> None:
    sequence, extra = "0000000007", json.loads(lines[0]["body"])
    extra |= {"id": "not-ours", "sequence": sequence}
    lines.append({**lines[0], "id": "not-ours", "sequence": sequence, "body": json.dumps(extra)})
