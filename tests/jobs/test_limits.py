"""A queue's own limits: leases at once, and starts a second."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from smartcity.core.db import transaction
from smartcity.jobs.models import QueueRow
from smartcity.jobs.service import Job, Lease, enqueue_all, limit
from tests.jobs.conftest import Register, finish, in_threads, on_postgresql, take

pytestmark = pytest.mark.usefixtures("in_app")


def _filled(queue: str, number: int, cap: int | None = None, rate: float | None = None) -> None:
    with transaction() as session:
        limit(session, queue, cap=cap, per_second=rate)
        enqueue_all(session, [Job(queue, {"n": n}) for n in range(number)])


def _pass(seconds: float) -> None:
    """As if the bucket had been looked at so much earlier."""
    with transaction() as session:
        for row in session.query(QueueRow):
            earlier = row.filled_at and row.filled_at - timedelta(seconds=seconds)
            session.execute(update(QueueRow).values(filled_at=earlier))


def test_no_more_are_leased_than_the_cap(register: Register) -> None:
    queue = register()
    _filled(queue, 5, cap=2)
    held = take(queue, 5)
    assert len(held) == 2
    assert take(queue, 5) == []
    finish(held[0])
    assert len(take(queue, 5)) == 1


def test_the_cap_of_the_handler_and_of_the_queue_both_hold(register: Register) -> None:
    queue = register(cap=1)
    _filled(queue, 3, cap=2)
    assert len(take(queue, 3)) == 1


def test_a_backlog_leaves_at_the_rate(register: Register) -> None:
    queue = register()
    _filled(queue, 50, rate=10)
    assert len(take(queue, 50)) == 10  # one second's worth at once
    assert len(take(queue, 50)) <= 1  # and then only what time brings
    _pass(0.5)
    assert 5 <= len(take(queue, 50)) <= 7
    _pass(3600)
    assert len(take(queue, 50)) == 10  # a long rest saves nothing up


def test_what_is_not_started_is_not_spent(register: Register) -> None:
    queue = register()
    _filled(queue, 1, rate=10)
    assert len(take(queue, 10)) == 1
    _filled(queue, 20, rate=10)
    assert len(take(queue, 20)) >= 9


def test_a_slow_rate_still_lets_one_start(register: Register) -> None:
    queue = register()
    _filled(queue, 3, rate=0.1)
    assert len(take(queue, 3)) == 1
    assert take(queue, 3) == []
    _pass(11)
    assert len(take(queue, 3)) == 1


def test_a_limit_is_lifted(register: Register) -> None:
    queue = register()
    _filled(queue, 30, cap=1, rate=1)
    assert len(take(queue, 30)) == 1
    _filled(queue, 0)
    assert len(take(queue, 30)) == 29


@on_postgresql
def test_workers_that_ask_at_once_keep_the_limits_together(app: Flask, register: Register) -> None:
    queue = register()
    _filled(queue, 100, cap=30, rate=40)
    taken: list[Lease] = []
    in_threads(app, *[lambda: taken.extend(take(queue, 10))] * 8)
    assert len(taken) == 30
