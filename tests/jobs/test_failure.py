from datetime import timedelta

import pytest
from sqlalchemy import select, update

from smartcity.core.db import database_now, reading, transaction
from smartcity.core.errors import Permanent, Temporary
from smartcity.jobs.failure import delay, fail
from smartcity.jobs.models import JobRow
from smartcity.jobs.service import Job, Lease, enqueue_all
from tests.jobs.conftest import Register, rows, take

pytestmark = pytest.mark.usefixtures("in_app")


def _fail(lease: Lease, error: Exception) -> float:
    """Fail a job; the seconds until it is tried again."""
    with transaction() as session:
        fail(session, lease, error)
    with reading() as session:
        wait = select(JobRow.run_at, database_now(session)).where(JobRow.id == lease.id)
        run_at, now = session.execute(wait).one()
    return (run_at - now).total_seconds()


def _made(name: str, jobs: int = 1, **values: object) -> list[Lease]:
    """Leases of new jobs whose rows have certain values."""
    mine = update(JobRow).where(JobRow.queue == name)
    with transaction() as session:
        enqueue_all(session, [Job(name, {}) for _ in range(jobs)])
        session.execute(mine.values(**{"attempts": 0, **values}))
    return take(name, jobs)


def test_the_delay_doubles_to_five_minutes() -> None:
    assert [delay(n) for n in (1, 2, 3, 8, 9, 800)] == [2, 4, 8, 256, 300, 300]


@pytest.mark.parametrize(("attempts", "seconds"), [(0, 2), (5, 64), (8, 300), (500, 300)])
def test_a_failed_job_backs_off_give_or_take_a_fifth(
    register: Register, attempts: int, seconds: float
) -> None:
    name = register()
    leases = _made(name, 30, attempts=attempts)
    waits = [_fail(lease, Temporary("busy")) for lease in leases]
    assert seconds * 0.8 - 0.5 < min(waits) < seconds < max(waits) <= seconds * 1.2
    assert all(row.attempts == attempts + 1 and row.leased_by is None for row in rows(name))
    assert rows(name)[0].last_error == "busy"


def test_it_is_not_tried_before_the_destination_asked(register: Register) -> None:
    [lease] = _made(register())
    assert 899 < _fail(lease, Temporary("busy", retry_after=900)) < 901


def test_a_short_wish_does_not_shorten_the_delay(register: Register) -> None:
    [lease] = _made(register(), attempts=5)
    assert _fail(lease, Temporary("busy", retry_after=1)) > 40


def test_a_wish_for_a_year_ends_at_72_hours(register: Register) -> None:
    [lease] = _made(register())
    assert _fail(lease, Temporary("busy", retry_after=1e300)) <= 72 * 3600


def test_a_permanent_failure_is_dead_at_once(register: Register) -> None:
    name = register()
    [lease] = _made(name)
    _fail(lease, Permanent("no such place"))
    [row] = rows(name)
    assert (row.state, row.attempts, row.last_error) == ("dead", 1, "no such place")
    assert row.first_failed_at is not None
    assert take(name) == []


@pytest.mark.parametrize(("hours", "state"), [(71.9, "ready"), (72.1, "dead")])
def test_72_hours_after_its_first_failure_a_job_is_dead(
    register: Register, hours: float, state: str
) -> None:
    name = register()
    with reading() as session:
        now = session.scalars(select(database_now(session))).one()
    first = now - timedelta(hours=hours)
    [lease] = _made(name, first_failed_at=first, attempts=400)
    _fail(lease, Temporary("still busy"))
    [row] = rows(name)
    assert row.state == state
    assert abs((row.first_failed_at - first).total_seconds()) < 0.01


def test_the_message_of_a_crash_is_not_kept(register: Register) -> None:
    name = register()
    [lease] = _made(name)
    _fail(lease, ValueError("Nguyễn Văn A, 0912345678"))
    [row] = rows(name)
    assert (row.last_error, row.state, row.attempts) == ("ValueError", "ready", 1)


@pytest.mark.parametrize(
    ("said", "kept"), [("x" * 9000, "x" * 300), ("đứt\0 mạng\ud800\n", "đứt mạng")]
)
def test_a_reason_that_no_column_holds_is_cut_to_fit(
    register: Register, said: str, kept: str
) -> None:
    name = register()
    [lease] = _made(name)
    _fail(lease, Temporary(said))
    assert rows(name)[0].last_error == kept
