from contextlib import suppress

import pytest
from flask import Flask

from smartcity.core.db import transaction
from smartcity.jobs.service import BULK, URGENT, Job, UnknownJob, enqueue, enqueue_all, handler
from tests.jobs.conftest import Register, finish, rows, statements, take

pytestmark = pytest.mark.usefixtures("in_app")


def test_a_job_keeps_what_it_was_given(register: Register) -> None:
    name = register()
    payload = {
        "text": "Ổ gà “lớn”\n\t\\ 🚧",
        "big": 2**62,
        "real": 0.1,
        "deep": {"no": None, "l": [1, "\0"]},
    }
    with transaction() as session:
        enqueue(session, name, payload, priority=URGENT)
    [lease] = take(name)
    assert lease.payload == payload
    assert (lease.name, lease.queue, lease.attempts, lease.ordering_key) == (name, name, 0, None)


def test_several_jobs_cost_one_statement_and_keep_their_order(register: Register) -> None:
    name = register()
    jobs = [Job(name, {"n": n}, ordering_key=f"key {n % 3}") for n in range(9)]
    with transaction() as session:
        session.connection()
        with statements() as sent:
            enqueue_all(session, jobs)
    assert len([s for s in sent if not s.startswith("BEGIN")]) == 1
    assert [row.payload["n"] for row in rows(name)] == list(range(9))
    assert [row.state for row in rows(name)] == ["ready"] * 3 + ["waiting"] * 6


def test_no_jobs_cost_no_statement() -> None:
    with transaction() as session, statements() as sent:
        enqueue_all(session, [])
    assert sent == []


def test_a_job_behind_another_of_its_key_waits(register: Register) -> None:
    name = register()
    for _ in range(2):
        with transaction() as session:
            enqueue(session, name, {}, ordering_key="one")
    with transaction() as session:
        enqueue(session, name, {}, ordering_key="two")
        enqueue(session, name, {})
    assert [row.state for row in rows(name)] == ["ready", "waiting", "ready", "ready"]


def test_a_job_may_follow_itself_in_the_transaction_that_ends_it(register: Register) -> None:
    name = register()
    with transaction() as session:
        enqueue(session, name, {"n": 1}, ordering_key="one")
    [lease] = take(name)
    with transaction() as session:
        enqueue(session, name, {"n": 2}, ordering_key="one")
        lease.finish(session)
    [lease] = take(name)
    with transaction() as session:
        lease.finish(session)
        enqueue(session, name, {"n": 3}, ordering_key="one")
    [lease] = take(name)
    assert lease.payload == {"n": 3}
    finish(lease)
    assert rows(name) == []


def test_a_postponed_job_is_not_claimed_before_its_time(register: Register) -> None:
    name = register()
    with transaction() as session:
        enqueue(session, name, {}, after=3600)
    assert take(name) == []
    [row] = rows(name)
    assert 3599 < (row.run_at - row.enqueued_at).total_seconds() < 3601


def test_urgent_jobs_come_first_and_bulk_last(register: Register) -> None:
    name = register()
    with transaction() as session:
        for priority in (BULK, 1, URGENT):
            enqueue(session, name, {"p": priority}, priority=priority)
    assert [take(name)[0].payload["p"] for _ in range(3)] == [URGENT, 1, BULK]


def test_a_name_without_a_handler_is_refused(app: Flask) -> None:
    with pytest.raises(UnknownJob), transaction() as session:
        enqueue(session, "nobody.does_this", {})


def test_a_destination_has_a_queue_of_its_own(register: Register) -> None:
    name = register()
    with transaction() as session:
        enqueue(session, name, {}, queue=f"{name}:province")
    assert len(rows(f"{name}:province")) == 1
    with pytest.raises(ValueError, match="belongs to the queue"), transaction() as session:
        enqueue(session, name, {}, queue="another:province")


def test_a_job_of_a_transaction_that_fails_never_was(register: Register) -> None:
    name = register()
    with suppress(ZeroDivisionError), transaction() as session:
        enqueue(session, name, {})
        raise ZeroDivisionError
    assert rows(name) == []


@pytest.mark.parametrize("payload", [{"at": object()}, {"x": float("nan")}])
def test_a_payload_that_is_no_json_is_refused(register: Register, payload: dict) -> None:
    name = register()
    with pytest.raises((TypeError, ValueError)), transaction() as session:
        enqueue(session, name, payload)


def test_a_name_has_one_handler(register: Register) -> None:
    name = register()
    with pytest.raises(ValueError, match="handler already"):
        handler(name)(lambda _lease: None)
