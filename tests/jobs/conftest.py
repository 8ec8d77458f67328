"""Jobs of a test: each test gets queues that no other test and no package uses."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from itertools import count
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select, update

from smartcity.core.db import engine, reading, transaction
from smartcity.jobs.claim import claim
from smartcity.jobs.models import JobRow
from smartcity.jobs.registry import Work
from smartcity.jobs.service import Lease, handler
from smartcity.jobs.worker import Worker

on_postgresql = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
Register = Callable[..., str]
Working = Callable[..., AbstractContextManager[Worker]]
_numbers = count(1)


@pytest.fixture
def register() -> Register:
    """Register a function under a name of its own, and give the name; its queue has that name."""

    def build(run: Work = lambda _lease: None, **options: Any) -> str:
        name = f"trial{next(_numbers)}"
        handler(name, **options)(run)
        return name

    return build


@pytest.fixture
def working() -> Working:
    """Run a worker in a thread for the length of a block, and see that it ends."""

    @contextmanager
    def run(app: Flask, *queues: str, threads: int = 4) -> Iterator[Worker]:
        worker = Worker(app, threads=threads, queues=queues)
        thread = threading.Thread(target=worker.run)
        thread.start()
        try:
            yield worker
        finally:
            worker.stop()
            thread.join(40)
            assert not thread.is_alive()

    return run


def until(condition: Callable[[], bool], seconds: float = 20.0) -> None:
    """Wait until something holds; fail when it does not in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come to pass"
        time.sleep(0.01)


def take(queue: str, limit: int = 1, worker: str = "test") -> list[Lease]:
    """Claim in a transaction of its own."""
    with transaction() as session:
        return claim(session, queue, limit, worker)


def finish(lease: Lease) -> None:
    with transaction() as session:
        lease.finish(session)


def rows(queue: str) -> list[JobRow]:
    """The unfinished jobs of a queue, oldest first."""
    with reading() as session:
        found = select(JobRow).where(JobRow.queue == queue).order_by(JobRow.id)
        return list(session.scalars(found))


def lapse(lease: Lease) -> None:
    """Let a lease's time be over."""
    with transaction() as session:
        over = JobRow.enqueued_at
        session.execute(update(JobRow).where(JobRow.id == lease.id).values(run_at=over))


def hurry(queue: str) -> int:
    """Let the time of every job pass that backs off; how many jobs there are still."""
    backs_off = JobRow.queue == queue, JobRow.leased_by.is_(None), JobRow.last_error.is_not(None)
    with transaction() as session:
        session.execute(update(JobRow).where(*backs_off).values(run_at=JobRow.enqueued_at))
        return session.query(JobRow).filter_by(queue=queue).count()


@contextmanager
def statements() -> Iterator[list[str]]:
    """What is sent to the database, but for the ends of transactions."""
    sent: list[str] = []

    def note(_connection, _cursor, statement, *_rest) -> None:
        sent.append(statement)

    event.listen(engine(), "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine(), "before_cursor_execute", note)


def in_threads(app: Flask, *bodies: Callable[[], None]) -> None:
    """Run bodies at once, each in a thread with an application context; raise what one raised."""
    errors: list[BaseException] = []

    def guarded(body: Callable[[], None]) -> None:
        try:
            with app.app_context():
                body()
        except BaseException as error:  # noqa: BLE001 - raised again by the caller
            errors.append(error)

    threads = [threading.Thread(target=guarded, args=(body,)) for body in bodies]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
