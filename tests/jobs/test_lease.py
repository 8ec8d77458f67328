import pytest
from flask import Flask

from smartcity.core.db import transaction
from smartcity.core.errors import Temporary
from smartcity.jobs.failure import fail
from smartcity.jobs.service import Lease, LeaseLost, enqueue
from tests.jobs.conftest import Register, finish, lapse, rows, take

pytestmark = pytest.mark.usefixtures("in_app")


def _taken_twice(name: str) -> tuple[Lease, Lease]:
    with transaction() as session:
        enqueue(session, name, {}, ordering_key="one")
        enqueue(session, name, {}, ordering_key="one")
    [late] = take(name)
    lapse(late)
    [holder] = take(name)
    assert holder.id == late.id
    return late, holder


def _fail(lease: Lease) -> None:
    with transaction() as session:
        fail(session, lease, Temporary("late"))


def _release(lease: Lease) -> None:
    with transaction() as session:
        lease.release(session)


@pytest.mark.parametrize("change", [finish, _fail, _release, Lease.renew])
def test_a_worker_that_woke_late_changes_nothing(register: Register, change) -> None:
    name = register(breaker=True)
    late, holder = _taken_twice(name)
    before = [vars(row) for row in rows(name)]
    with pytest.raises(LeaseLost):
        change(late)
    assert [{**vars(row), "_sa_instance_state": 0} for row in rows(name)] == [
        {**row, "_sa_instance_state": 0} for row in before
    ]
    finish(holder)
    with pytest.raises(LeaseLost):
        change(late)
    assert [row.state for row in rows(name)] == ["ready"]


def test_a_late_worker_does_not_undo_what_its_transaction_did_not_finish(
    register: Register,
) -> None:
    name, effect = register(), register()
    late, holder = _taken_twice(name)
    for lease in (holder, late):
        try:
            with transaction() as session:
                enqueue(session, effect, {"by": lease.epoch})
                lease.finish(session)
        except LeaseLost:
            assert lease is late
    assert [row.payload for row in rows(effect)] == [{"by": 2}]


def test_a_renewed_lease_holds_from_now_on(register: Register) -> None:
    name = register(lease=100)
    with transaction() as session:
        enqueue(session, name, {})
    [lease] = take(name)
    lapse(lease)
    lease.renew()
    assert take(name) == []
    [row] = rows(name)
    assert 99 < (row.run_at - row.enqueued_at).total_seconds() < 130


def test_a_released_job_is_as_if_never_leased(register: Register) -> None:
    name = register()
    with transaction() as session:
        enqueue(session, name, {})
    [lease] = take(name)
    _release(lease)
    [again] = take(name)
    assert (again.id, again.attempts) == (lease.id, 0)


def test_an_id_is_never_used_again(app: Flask, register: Register) -> None:
    name = register()
    seen = set()
    for _ in range(3):
        with transaction() as session:
            enqueue(session, name, {})
        [lease] = take(name)
        finish(lease)
        seen.add(lease.id)
    assert len(seen) == 3
