import pytest
from sqlalchemy import select

from smartcity.core.db import reading, transaction
from smartcity.core.errors import NotFound, Permanent, Temporary
from smartcity.core.texts import text
from smartcity.jobs.failure import fail
from smartcity.jobs.models import JobRow
from smartcity.jobs.service import Job, dead_letters, drop, enqueue, enqueue_all, replay
from tests.jobs.conftest import Register, rows, take

pytestmark = pytest.mark.usefixtures("in_app")


def _buried(name: str, jobs: int) -> None:
    with transaction() as session:
        enqueue_all(session, [Job(name, {"phone": "0912345678"}) for _ in range(jobs)])
    for lease in take(name, jobs):
        with transaction() as session:
            fail(session, lease, Permanent("no such place"))


def test_letters_are_read_page_by_page_without_their_payloads(register: Register) -> None:
    name, other = register(), register()
    _buried(name, 5)
    _buried(other, 1)
    with reading() as session:
        seen, before = [], None
        while page := dead_letters(session, queue=name, before=before, limit=2):
            seen += page
            before = page[-1].id
        assert len(dead_letters(session)) == 6
    assert [letter.id for letter in seen] == [row.id for row in reversed(rows(name))]
    assert "0912345678" not in repr(seen)
    assert (seen[0].last_error, seen[0].attempts) == ("no such place", 1)


def test_a_replayed_letter_has_all_its_attempts_again(register: Register) -> None:
    name = register()
    _buried(name, 1)
    [row] = rows(name)
    with transaction() as session:
        replay(session, row.id)
    [lease] = take(name)
    assert (lease.id, lease.attempts) == (row.id, 0)
    with reading() as session:
        row = session.scalars(select(JobRow).where(JobRow.id == lease.id)).one()
    assert (row.first_failed_at, row.last_error) == (None, None)


def test_only_the_dead_are_replayed(register: Register) -> None:
    name = register()
    with transaction() as session:
        enqueue(session, name, {})
    [row] = rows(name)
    for job in (row.id, row.id + 1000):
        with pytest.raises(NotFound) as refused, transaction() as session:
            replay(session, job)
        assert text(refused.value.code, "vi")


def test_a_stuck_head_may_be_dropped_and_a_waiting_job_not(register: Register) -> None:
    name = register()
    with transaction() as session:
        enqueue_all(session, [Job(name, {"n": n}, ordering_key="one") for n in range(2)])
    [stuck] = take(name)
    with transaction() as session:
        fail(session, stuck, Temporary("busy"))
    waiting = rows(name)[1]
    with pytest.raises(NotFound) as refused, transaction() as session:
        drop(session, waiting.id)
    assert text(refused.value.code, "en")
    with transaction() as session:
        drop(session, stuck.id)
    assert [lease.id for lease in take(name)] == [waiting.id]
