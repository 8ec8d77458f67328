from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from smartcity.core.db import reading, transaction
from smartcity.core.errors import Permanent
from smartcity.jobs.failure import fail
from smartcity.jobs.models import JobRow
from smartcity.jobs.service import Job, QueueStats, enqueue_all, queue_stats
from tests.jobs.conftest import Register, take

pytestmark = pytest.mark.usefixtures("in_app")


def _busy(register: Register) -> str:
    """A queue with 2 leased, 1 dead, 1 postponed, 3 due for 90 seconds, 1 waiting."""
    name = register()
    with transaction() as session:
        enqueue_all(session, [Job(name, {}) for _ in range(3)])
    dead, *_leased = take(name, 3)
    with transaction() as session:
        fail(session, dead, Permanent("no"))
        enqueue_all(session, [Job(name, {}, ordering_key=key) for key in ("a", "a", "b", "c")])
        due = JobRow.queue == name, JobRow.leased_by.is_(None), JobRow.state == "ready"
        since = session.query(JobRow.enqueued_at).filter(*due).first()[0]
        session.execute(update(JobRow).where(*due).values(run_at=since - timedelta(seconds=90)))
        enqueue_all(session, [Job(name, {}, after=60)])
    return name


def test_the_numbers_of_a_queue(register: Register) -> None:
    name = _busy(register)
    with reading() as session:
        [stats] = [found for found in queue_stats(session) if found.queue == name]
    assert 90 <= stats.oldest_s < 110
    expected = QueueStats(name, 4, 1, 2, 1, stats.oldest_s, "closed")
    assert stats == expected


def test_the_numbers_are_in_the_metrics(client: FlaskClient, register: Register) -> None:
    name = _busy(register)
    lines = client.get("/metrics").text.splitlines()
    assert f'jobs{{queue="{name}",state="leased"}} 2.0' in lines
    assert f'jobs{{queue="{name}",state="dead"}} 1.0' in lines
    assert f'jobs_queue_running{{queue="{name}"}} 1.0' in lines
    assert [line for line in lines if line.startswith(f'jobs_oldest_seconds{{queue="{name}"}} 9')]
