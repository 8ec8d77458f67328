import threading
import time
from collections import Counter

import pytest
from flask import Flask
from sqlalchemy import event

from smartcity.core import clock
from smartcity.core.db import engine, reading, transaction
from smartcity.jobs.claim import claim, due_queues
from smartcity.jobs.service import Job, enqueue, enqueue_all
from tests.jobs.conftest import Register, finish, in_threads, on_postgresql, rows, take, until

pytestmark = pytest.mark.usefixtures("in_app")


def test_eight_threads_do_each_of_500_jobs_once(app: Flask, register: Register) -> None:
    name = register()
    with transaction() as session:
        enqueue_all(session, [Job(name, {"n": n}) for n in range(500)])
    done: Counter[int] = Counter()
    counting = threading.Lock()

    def work() -> None:
        while leases := take(name, limit=7):
            for lease in leases:
                finish(lease)
                with counting:
                    done[lease.payload["n"]] += 1

    in_threads(app, *[work] * 8)
    assert done == Counter(range(500))
    assert rows(name) == []


def test_a_lease_is_given_again_only_after_its_time(register: Register) -> None:
    name = register(lease=0.3)
    with transaction() as session:
        enqueue(session, name, {})
    began = time.monotonic()
    [first] = take(name)
    while not (again := take(name)):
        assert time.monotonic() < began + 10
    assert time.monotonic() - began >= 0.29
    assert [lease.epoch for lease in (first, *again)] == [1, 2]


def test_what_a_dead_worker_began_goes_before_what_fell_due_meanwhile(register: Register) -> None:
    name = register(lease=0.05)
    with transaction() as session:
        enqueue(session, name, {"begun": True})
    [begun] = take(name)
    with transaction() as session:
        enqueue_all(session, [Job(name, {"n": n}, priority=n % 3) for n in range(9)])
    until(lambda: rows(name)[0].run_at < clock.now())
    [again] = take(name)
    assert (again.id, again.epoch) == (begun.id, 2)
    assert len(take(name, limit=20)) == 9


def test_a_cap_holds_for_the_whole_fleet(app: Flask, register: Register) -> None:
    name = register(cap=3)
    with transaction() as session:
        enqueue_all(session, [Job(name, {}) for _ in range(40)])
    running, most = 0, 0
    counting = threading.Lock()

    def work() -> None:
        nonlocal running, most
        while rows(name):
            leases = take(name, limit=5)
            with counting:
                running += len(leases)
                most = max(most, running)
            for lease in leases:
                with counting:
                    running -= 1
                finish(lease)

    in_threads(app, *[work] * 4)
    assert most == 3


def test_only_queues_with_due_work_are_named(register: Register) -> None:
    due, later, leased, empty = (register() for _ in range(4))
    with transaction() as session:
        enqueue(session, due, {})
        enqueue(session, due, {}, queue=f"{due}:north")
        enqueue(session, later, {}, after=60)
        enqueue(session, leased, {})
    take(leased)
    with reading() as session:
        named = set(due_queues(session))
    assert {due, f"{due}:north"} <= named
    assert not {later, leased, empty} & named


def _claim_cost(name: str) -> float:
    """Seconds of the fastest of some claims that find one job."""
    costs = []
    for _ in range(15):
        with transaction() as session:
            enqueue(session, name, {})
        with transaction() as session:
            began = time.perf_counter()
            assert name in due_queues(session)
            [lease] = claim(session, name, 4, "test")
            costs.append(time.perf_counter() - began)
        finish(lease)
    return min(costs)


def _pile_up(name: str, jobs: int) -> None:
    """Half wait behind heads, half are heads that back off."""
    pile = [
        Job(name, {}, ordering_key=f"{jobs}-{n // 2}", after=3600, priority=n // 2 % 3)
        for n in range(jobs)
    ]
    with transaction() as session:
        enqueue_all(session, pile)
    with engine().connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT", reading=True)
        connection.exec_driver_sql("ANALYZE jobs")


def test_a_claim_costs_the_same_beside_100_000_jobs_that_may_not_run(register: Register) -> None:
    name = register()
    _pile_up(name, 1_000)
    few = _claim_cost(name)
    _pile_up(name, 99_000)
    assert _claim_cost(name) < 2 * few + 0.001


@on_postgresql
def test_a_claim_reads_the_partial_index(register: Register) -> None:
    name = register()
    _pile_up(name, 5_000)
    plans: list[str] = []

    def explain(connection, cursor, statement, parameters, *_rest) -> None:
        if "SKIP LOCKED" in statement and not statement.startswith("EXPLAIN"):
            found = connection.exec_driver_sql(f"EXPLAIN {statement}", parameters)
            plans.append("\n".join(row[0] for row in found))

    event.listen(engine(), "before_cursor_execute", explain)
    try:
        take(name)
    finally:
        event.remove(engine(), "before_cursor_execute", explain)
    [plan] = plans
    assert plan.count("ix_jobs_due") == 3
    assert plan.count("ix_jobs_leased") == 1
    assert "Seq Scan" not in plan
    assert plan.count("run_at <=") == plan.count("Index Cond") - plan.count("(id = ")
