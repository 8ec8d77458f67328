import random
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import update

from smartcity.core.db import transaction
from smartcity.core.errors import Permanent, Temporary
from smartcity.jobs.models import JobRow
from smartcity.jobs.service import Job, Lease, enqueue, enqueue_all
from smartcity.jobs.worker import SLOW, Worker
from tests.jobs import crew
from tests.jobs.conftest import Register, Working, rows, take, until

pytestmark = pytest.mark.usefixtures("in_app")


def test_what_returns_is_done_and_what_raises_is_not(
    app: Flask, register: Register, working: Working
) -> None:
    errors = {"busy": Temporary("busy"), "gone": Permanent("gone"), "bug": KeyError("secret")}

    def work(lease: Lease) -> None:
        if lease.payload["do"] in errors:
            raise errors[lease.payload["do"]]

    name = register(work)
    with transaction() as session:
        enqueue_all(session, [Job(name, {"do": do}) for do in ("well", *errors)])
    with working(app, name):
        until(lambda: all(row.last_error for row in rows(name)) and len(rows(name)) == 3)
    found = {row.payload["do"]: (row.state, row.last_error) for row in rows(name)}
    assert found == {
        "busy": ("ready", "busy"),
        "gone": ("dead", "gone"),
        "bug": ("ready", "KeyError"),
    }


def test_a_job_of_another_release_is_tried_again_later(
    app: Flask, register: Register, working: Working
) -> None:
    name = register()
    with transaction() as session:
        enqueue(session, name, {})
        session.execute(update(JobRow).where(JobRow.queue == name).values(name="next.release"))
    with working(app, name):
        until(lambda: rows(name)[0].last_error == "UnknownJob")


def test_a_handler_may_finish_with_its_effect(
    app: Flask, register: Register, working: Working
) -> None:
    effect = register()

    def work(lease: Lease) -> None:
        with transaction() as session:
            enqueue(session, effect, lease.payload)
            lease.finish(session)

    name = register(work)
    with transaction() as session:
        enqueue_all(session, [Job(name, {"n": n}, ordering_key="one") for n in range(20)])
    with working(app, name):
        until(lambda: not rows(name))
    assert [row.payload["n"] for row in rows(effect)] == list(range(20))


def test_a_finish_that_was_rolled_back_is_a_failure(
    app: Flask, register: Register, working: Working
) -> None:
    effect = register()

    def work(lease: Lease) -> None:
        with transaction() as session:
            enqueue(session, effect, {})
            lease.finish(session)
            raise Temporary("at the last moment")

    name = register(work)
    with transaction() as session:
        enqueue(session, name, {})
    with working(app, name):
        until(lambda: rows(name)[0].last_error == "at the last moment")
    assert rows(effect) == []


def test_a_slow_queue_does_not_starve_another(
    app: Flask, register: Register, working: Working
) -> None:
    free = threading.Event()
    slow = register(lambda _lease: free.wait(30) and None)
    quick = [register() for _ in range(3)]
    with transaction() as session:
        enqueue_all(session, [Job(slow, {}) for _ in range(20)])
    with working(app, slow, *quick, threads=4):
        until(lambda: sum(row.leased_by is not None for row in rows(slow)) == 3)
        with transaction() as session:
            enqueue_all(session, [Job(name, {}) for name in quick * 10])
        until(lambda: not any(rows(name) for name in quick))
        assert sum(row.leased_by is not None for row in rows(slow)) == 3
        free.set()


def test_a_slow_queue_gets_a_quarter_of_the_threads(
    app: Flask, register: Register, working: Working
) -> None:
    crawling: list[int] = []
    most: list[int] = []

    def crawl(lease: Lease) -> None:
        crawling.append(lease.id)
        most.append(len(crawling))
        time.sleep(SLOW + 0.1)
        crawling.remove(lease.id)

    name = register(crawl)
    with transaction() as session:
        enqueue(session, name, {})
    with working(app, name, threads=8):
        until(lambda: not rows(name))
        with transaction() as session:
            enqueue_all(session, [Job(name, {}) for _ in range(6)])
        until(lambda: not rows(name))
    assert max(most) == 2


def test_queues_are_served_in_turn(app: Flask, register: Register, working: Working) -> None:
    order: list[str] = []
    names = [register(lambda lease: order.append(lease.queue)) for _ in range(3)]
    with transaction() as session:
        enqueue_all(session, [Job(name, {}) for name in names for _ in range(10)])
    with working(app, *names, threads=1):
        until(lambda: len(order) == 30)
    assert all(Counter(order[:n]).most_common()[0][1] <= n / 3 + 1 for n in range(1, 31))


def test_a_worker_serves_the_queues_it_is_given(
    app: Flask, register: Register, working: Working
) -> None:
    mine, other = register(), register()
    with transaction() as session:
        enqueue_all(session, [Job(other, {}), Job(mine, {}), Job(mine, {}, queue=f"{mine}:north")])
    with working(app, mine):
        until(lambda: not rows(mine) and not rows(f"{mine}:north"))
    assert len(rows(other)) == 1


def test_a_worker_that_stops_lets_running_jobs_end_and_starts_no_more(
    app: Flask, register: Register
) -> None:
    begun, may_end, ended = threading.Semaphore(0), threading.Event(), []

    def work(lease: Lease) -> None:
        begun.release()
        may_end.wait(20)
        ended.append(lease.id)

    name = register(work)
    with transaction() as session:
        enqueue_all(session, [Job(name, {}) for _ in range(9)])
    worker = Worker(app, threads=3, queues=[name])
    thread = threading.Thread(target=worker.run)
    thread.start()
    assert begun.acquire(timeout=10)
    assert begun.acquire(timeout=10)
    worker.stop()
    thread.join(0.5)
    assert thread.is_alive()
    may_end.set()
    thread.join(10)
    assert not thread.is_alive()
    left = rows(name)
    assert len(ended) == 2
    assert len(left) == 7
    assert all(row.leased_by is None and row.attempts == 0 for row in left)


def test_a_worker_outlives_a_database_that_fails(
    make_app,
    register: Register,
    working: Working,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """It polls a database without tables until they are there."""
    done = threading.Event()
    name = register(lambda _lease: done.set())
    app = make_app(database_url=f"sqlite:///{tmp_path / 'empty.sqlite3'}")
    with app.app_context(), working(app, name):
        until(lambda: "worker.database_unavailable" in capsys.readouterr().err)
        crew.make_tables()
        with transaction() as session:
            enqueue(session, name, {})
        assert done.wait(10)


@contextmanager
def _crew_member(url: str) -> Iterator[subprocess.Popen[bytes]]:
    """A worker's process that is doing its first job; it ends with the block at the latest."""
    command = [sys.executable, "-m", "tests.jobs.crew", url]
    root = Path(__file__).parents[2]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=root) as member:
        try:
            assert member.stdout.read(1) == b"."
            yield member
        finally:
            member.kill()


def test_no_job_is_lost_or_done_twice_under_kill_9(database_url: str) -> None:
    chance = random.Random(3)
    with transaction() as session:
        jobs = [Job("crew.work", {"n": n}, ordering_key=f"k{n % 7}") for n in range(120)]
        enqueue_all(session, jobs)
    killed_at_work = 0
    while killed_at_work < 2 and rows("crew"):
        with _crew_member(database_url):
            time.sleep(chance.random() / 5)  # SIGKILL at any moment
        killed_at_work += any(row.leased_by for row in rows("crew"))
    assert killed_at_work, "nobody was killed while working"
    with _crew_member(database_url) as last:
        until(lambda: not rows("crew"), 30)
        last.terminate()
        assert last.wait(10) == 0
    effects = [row.payload["n"] for row in rows("effect")]
    assert sorted(effects) == list(range(120))
    for key in range(7):
        assert [n for n in effects if n % 7 == key] == list(range(key, 120, 7))


def test_sigterm_ends_a_worker_cleanly(database_url: str) -> None:
    with transaction() as session:
        enqueue_all(session, [Job("crew.work", {"n": n}) for n in range(400)])
    with _crew_member(database_url) as member:
        member.terminate()
        assert member.wait(10) == 0
    left = rows("crew")
    assert 0 < len(left) < 400
    assert not any(row.leased_by for row in left)
    assert len(rows("effect")) == 400 - len(left)
    assert take("crew")
