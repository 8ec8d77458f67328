import random
import threading
import time
from collections import defaultdict

import pytest
from flask import Flask
from sqlalchemy import text

from smartcity.core.db import engine, is_sqlite, transaction
from smartcity.core.errors import Permanent, Temporary
from smartcity.jobs.failure import fail
from smartcity.jobs.service import Job, Lease, drop, enqueue, enqueue_all, replay
from tests.jobs.conftest import (
    Register,
    Working,
    finish,
    hurry,
    in_threads,
    on_postgresql,
    rows,
    take,
    until,
)

pytestmark = pytest.mark.usefixtures("in_app")


def test_jobs_of_a_key_run_in_order_whatever_fails(
    app: Flask, register: Register, working: Working
) -> None:
    chance = random.Random(7)
    done: dict[str, list[int]] = defaultdict(list)
    running: set[str] = set()

    def work(lease: Lease) -> None:
        key = lease.payload["key"]
        assert key not in running
        running.add(key)
        time.sleep(chance.random() / 500)
        running.remove(key)
        if chance.random() < 0.3:
            raise Temporary("by chance")
        done[key].append(lease.payload["n"])

    name = register(work)
    with transaction() as session:
        jobs = [
            Job(name, {"key": f"k{n % 10}", "n": n}, ordering_key=f"k{n % 10}") for n in range(80)
        ]
        enqueue_all(session, jobs)
    with working(app, name, threads=4), working(app, name, threads=3):
        until(lambda: hurry(name) == 0, 60)
    assert done == {f"k{k}": list(range(k, 80, 10)) for k in range(10)}


def test_a_dead_head_holds_its_key_and_no_other(register: Register) -> None:
    name = register()
    with transaction() as session:
        enqueue_all(session, [Job(name, {"n": n}, ordering_key=f"k{n % 2}") for n in range(4)])
    dead = take(name)[0]
    with transaction() as session:
        fail(session, dead, Permanent("refused"))
    other = [take(name)[0], *take(name)]
    finish(other[0])
    finish(take(name)[0])
    assert [(row.payload["n"], row.state) for row in rows(name)] == [(0, "dead"), (2, "waiting")]
    with transaction() as session:
        enqueue(session, name, {"n": 9}, ordering_key="k0")
    assert take(name) == []

    with transaction() as session:
        replay(session, dead.id)
    [again] = take(name)
    assert again.payload["n"] == 0
    with transaction() as session:
        fail(session, again, Permanent("refused again"))
    with transaction() as session:
        drop(session, again.id)
    assert take(name, 5)[0].payload["n"] == 2


def _race(app: Flask, name: str, writers: int, each: int) -> dict[int, list[int]]:
    """Enqueue to one key from several threads while two others end its jobs; what ran, by writer.

    Transactions are held open for a moment, so that the ones meet the others half-way.
    """
    ran: dict[int, list[int]] = defaultdict(list)
    at_once: list[int] = []
    held: set[int] = set()
    counting = threading.Lock()
    deadline = time.monotonic() + 60

    def write(writer: int) -> None:
        chance = random.Random(writer)
        for n in range(each):
            with transaction() as session:
                job = Job(name, {"writer": writer, "n": n}, ordering_key=name)
                enqueue_all(session, [job] if n % 3 else [job, Job(name, {"extra": 1})])
                _linger(session, chance)
            time.sleep(chance.random() / 25)  # long enough for the key to run empty

    def end() -> None:
        chance = random.Random()
        while sum(map(len, ran.values())) < writers * each:
            assert time.monotonic() < deadline, [row.state for row in rows(name)]
            for lease in take(name, 3):
                with counting:
                    if lease.ordering_key:
                        held.add(lease.id)
                        at_once.append(len(held))
                        ran[lease.payload["writer"]].append(lease.payload["n"])
                with transaction() as session:
                    held.discard(lease.id)
                    lease.finish(session)
                    _linger(session, chance)

    in_threads(app, *[lambda w=w: write(w) for w in range(writers)], end, end)
    assert max(at_once) == 1
    return ran


def _linger(session, chance: random.Random) -> None:
    if not is_sqlite(session):
        session.execute(text("SELECT pg_sleep(:s)"), {"s": chance.random() / 300})


def test_no_job_is_stuck_when_its_key_ends_as_it_is_enqueued(
    app: Flask, register: Register
) -> None:
    name = register()
    ran = _race(app, name, writers=3, each=50)
    assert ran == {writer: list(range(50)) for writer in range(3)}
    assert [row for row in rows(name) if row.ordering_key] == []


@on_postgresql
def test_an_enqueuer_waits_for_a_head_that_is_ending(app: Flask, register: Register) -> None:
    """The very moment: the head is deleted and not committed when its successor arrives."""
    name = register()
    with transaction() as session:
        enqueue(session, name, {"n": 1}, ordering_key="one")
    [lease] = take(name)
    deleted, began = threading.Event(), threading.Event()

    def end() -> None:
        with transaction() as session:
            lease.finish(session)
            deleted.set()
            assert began.wait(10)
            until(_somebody_waits)

    def follow() -> None:
        assert deleted.wait(10)
        with transaction() as session:
            began.set()
            enqueue(session, name, {"n": 2}, ordering_key="one")

    in_threads(app, end, follow)
    assert [(row.payload["n"], row.state) for row in rows(name)] == [(2, "ready")]


@on_postgresql
def test_a_head_that_ends_waits_for_an_enqueuer(app: Flask, register: Register) -> None:
    name = register()
    with transaction() as session:
        enqueue(session, name, {"n": 1}, ordering_key="one")
    [lease] = take(name)
    enqueued = threading.Event()

    def follow() -> None:
        with transaction() as session:
            enqueue(session, name, {"n": 2}, ordering_key="one")
            enqueued.set()
            until(_somebody_waits)

    def end() -> None:
        assert enqueued.wait(10)
        finish(lease)

    in_threads(app, follow, end)
    assert [(row.payload["n"], row.state) for row in rows(name)] == [(2, "ready")]


@on_postgresql
def test_two_that_find_a_key_empty_do_not_both_lead_it(app: Flask, register: Register) -> None:
    name = register()
    first = threading.Event()

    def lead() -> None:
        with transaction() as session:
            enqueue(session, name, {"n": 1}, ordering_key="one")
            first.set()
            until(_somebody_waits)

    def follow() -> None:
        assert first.wait(10)
        with transaction() as session:
            jobs = [Job(name, {"n": n}, ordering_key="one") for n in (2, 3)]
            enqueue_all(session, [*jobs, Job(name, {"n": 4})])

    in_threads(app, lead, follow)
    found = [(row.payload["n"], row.state) for row in rows(name)]
    assert found == [(1, "ready"), (2, "waiting"), (3, "waiting"), (4, "ready")]


def _somebody_waits() -> bool:
    with engine().connect() as connection:
        return bool(
            connection.scalar(
                text(
                    "SELECT count(*) FROM pg_stat_activity"
                    " WHERE wait_event_type = 'Lock' AND datname = current_database()"
                )
            )
        )
