from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from smartcity.core.db import database_now, reading, transaction
from smartcity.core.errors import Permanent, Temporary
from smartcity.jobs.claim import due_queues
from smartcity.jobs.failure import fail
from smartcity.jobs.models import JobRow, QueueRow
from smartcity.jobs.service import (
    URGENT,
    Job,
    Lease,
    disable,
    enqueue,
    enqueue_all,
    pause,
    queue_stats,
    resume,
)
from tests.jobs.conftest import Register, finish, in_threads, rows, statements, take

pytestmark = pytest.mark.usefixtures("in_app")
DOWN = Temporary("connection refused")


def _fail(lease: Lease, error: Exception = DOWN) -> None:
    with transaction() as session:
        fail(session, lease, error)


def _standing(queue: str) -> QueueRow | None:
    with reading() as session:
        return session.get(QueueRow, queue)


def _is_open(queue: str) -> bool:
    row = _standing(queue)
    return row is not None and row.opened_at is not None


def _let_probe(queue: str) -> None:
    """Let the time to the next probe pass."""
    with transaction() as session:
        due = {"next_probe_at": QueueRow.opened_at}
        session.execute(update(QueueRow).where(QueueRow.name == queue).values(**due))


def _opened(register: Register, jobs: int = 8, **options: object) -> str:
    """The name of a queue whose breaker five failures have opened, with jobs left over."""
    name = register(breaker=True, **options)
    with transaction() as session:
        enqueue_all(session, [Job(name, {"n": n}, ordering_key=str(n)) for n in range(jobs)])
    for lease in take(name, 5):
        _fail(lease)
    assert _is_open(name)
    return name


def test_four_failures_and_a_success_leave_it_closed(register: Register) -> None:
    name = register(breaker=True)
    with transaction() as session:
        enqueue_all(session, [Job(name, {}) for _ in range(9)])
    for _ in range(2):
        leases = take(name, 4)
        for lease in leases:
            _fail(lease)
    assert _is_open(name)  # eight in a row, five are enough

    other = register(breaker=True)
    with transaction() as session:
        enqueue_all(session, [Job(other, {}) for _ in range(9)])
    leases = take(other, 9)
    for lease in leases[:4]:
        _fail(lease)
    finish(leases[4])
    for lease in leases[5:]:
        _fail(lease)
    assert not _is_open(other)


def test_five_failures_open_it_and_nothing_but_a_probe_is_claimed(register: Register) -> None:
    name = _opened(register)
    assert take(name, 8) == []
    with reading() as session:
        assert name not in due_queues(session)
    _let_probe(name)
    with reading() as session:
        assert name in due_queues(session)
    [_probe] = take(name, 8)
    assert take(name, 8) == []


def test_a_probe_is_due_after_its_interval(make_app, register: Register) -> None:
    with make_app(breaker_probe_every=0.4).app_context():
        name = _opened(register)
        opened = _standing(name).opened_at
        while not take(name):
            pass
        with reading() as session:
            now = session.scalars(select(database_now(session))).one()
        assert timedelta(seconds=0.4) <= now - opened < timedelta(seconds=10)


def test_no_probe_comes_before_the_destination_asked(register: Register) -> None:
    name = _opened(register)
    _let_probe(name)
    [probe] = take(name)
    _fail(probe, Temporary("busy", retry_after=900))
    row = _standing(name)
    assert timedelta(seconds=899) < row.next_probe_at - row.opened_at < timedelta(seconds=960)


def test_one_worker_of_many_gets_the_probe(app: Flask, register: Register) -> None:
    name = _opened(register)
    found: list[Lease] = []
    for turn in range(1, 6):
        _let_probe(name)
        in_threads(app, *[lambda: found.extend(take(name, 3))] * 6)
        assert len(found) == turn


def test_a_failed_probe_spends_nothing(register: Register) -> None:
    name = _opened(register, jobs=5)
    before = {row.id: (row.attempts, row.first_failed_at) for row in rows(name)}
    for _ in range(20):
        _let_probe(name)
        [lease] = take(name)
        _fail(lease)
    assert {row.id: (row.attempts, row.first_failed_at) for row in rows(name)} == before
    assert _is_open(name)


def test_probes_go_round_the_jobs_whatever_their_priority(register: Register) -> None:
    name = _opened(register, jobs=6)
    with transaction() as session:
        enqueue(session, name, {"n": 6}, priority=URGENT)
    tried = []
    for _ in range(7):
        _let_probe(name)
        [lease] = take(name)
        tried.append(lease.payload["n"])
        _fail(lease)
    assert sorted(tried) == list(range(7))


def test_the_first_good_probe_closes_it_and_releases_the_backlog(register: Register) -> None:
    name = _opened(register, jobs=9)
    with transaction() as session:
        enqueue(session, name, {"n": "later"}, after=600)
    _let_probe(name)
    [probe] = take(name)
    finish(probe)
    assert not _is_open(name)
    assert len(take(name, 20)) == 8
    assert [row.payload["n"] for row in rows(name) if row.leased_by is None] == ["later"]


def test_a_probe_that_asked_nobody_closes_nothing(register: Register) -> None:
    queue = _opened(register)
    _let_probe(queue)
    [probe] = take(queue)
    probe.reached = False
    finish(probe)
    assert _is_open(queue)


def test_the_time_of_an_outage_is_not_counted_to_72_hours(register: Register) -> None:
    name = _opened(register, jobs=6)
    long_ago = timedelta(hours=100)
    with transaction() as session:
        now = session.scalars(select(database_now(session))).one()
        opened = update(QueueRow).where(QueueRow.name == name)
        session.execute(opened.values(opened_at=now - long_ago))
        failed = update(JobRow).where(JobRow.queue == name, JobRow.first_failed_at.is_not(None))
        session.execute(failed.values(first_failed_at=now - long_ago - timedelta(hours=1)))
    _let_probe(name)
    [probe] = take(name)
    assert probe.payload["n"] == 5  # never tried, so due for longest
    finish(probe)
    failed_for = {round((now - row.first_failed_at) / timedelta(hours=1), 1) for row in rows(name)}
    assert failed_for == {1.0}


def test_a_refused_credential_opens_it_at_once_and_spends_nothing(register: Register) -> None:
    name = register(breaker=True)
    with transaction() as session:
        enqueue(session, name, {})
    [lease] = take(name)
    _fail(lease, Temporary("401", opens_breaker=True))
    assert _is_open(name)
    [row] = rows(name)
    assert (row.attempts, row.first_failed_at, row.last_error) == (0, None, "401")


@pytest.mark.parametrize("error", [Permanent("422"), ZeroDivisionError()])
def test_what_is_not_the_destinations_fault_opens_nothing(
    register: Register, error: Exception
) -> None:
    name = register(breaker=True)
    with transaction() as session:
        enqueue_all(session, [Job(name, {}) for _ in range(6)])
    for lease in take(name, 6):
        _fail(lease, error)
    assert not _is_open(name)


def test_a_queue_without_a_breaker_never_opens(register: Register) -> None:
    name = register()
    with transaction() as session:
        enqueue_all(session, [Job(name, {}) for _ in range(6)])
    for lease in take(name, 6):
        _fail(lease, Temporary("401", opens_breaker=True))
    assert _standing(name) is None


def test_destinations_of_one_handler_break_apart(register: Register) -> None:
    name = register(breaker=True)
    north, south = f"{name}:north", f"{name}:south"
    with transaction() as session:
        enqueue_all(session, [Job(name, {}, queue=queue) for queue in [north] * 6 + [south] * 6])
    for lease in take(north, 5):
        _fail(lease)
    assert take(north, 6) == []
    assert len(take(south, 6)) == 6


def test_a_success_of_a_healthy_queue_writes_nothing_more(register: Register) -> None:
    name = register(breaker=True)
    with transaction() as session:
        enqueue(session, name, {})
    [lease] = take(name)
    with statements() as sent:
        finish(lease)
    assert [s.split()[0] for s in sent if not s.startswith("BEGIN")] == ["DELETE", "SELECT"]


def test_a_paused_queue_stands_until_it_is_resumed(register: Register) -> None:
    name = register()
    with transaction() as session:
        enqueue(session, name, {})
        pause(session, name, by="officer:7")
    assert take(name) == []
    with reading() as session:
        assert name not in due_queues(session)
        [stats] = [stats for stats in queue_stats(session) if stats.queue == name]
    assert (stats.breaker, stats.ready) == ("paused", 1)
    assert _standing(name).paused_by == "officer:7"
    with transaction() as session:
        resume(session, name)
    assert len(take(name)) == 1


def test_a_disabled_queue_stands_until_it_is_resumed(register: Register) -> None:
    name = register()
    with transaction() as session:
        enqueue(session, name, {})
        disable(session, name, "410 Gone")
    assert take(name) == []
    with reading() as session:
        assert [s.breaker for s in queue_stats(session) if s.queue == name] == ["disabled"]
    with transaction() as session:
        resume(session, name)
    assert len(take(name)) == 1


def test_a_resumed_queue_whose_breaker_is_open_is_probed_at_once(register: Register) -> None:
    name = _opened(register)
    with transaction() as session:
        pause(session, name, by="officer:7")
    _let_probe(name)
    assert take(name) == []
    with transaction() as session:
        resume(session, name)
    assert len(take(name, 5)) == 1
