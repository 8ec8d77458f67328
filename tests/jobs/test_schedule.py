import time
from itertools import count

import pytest
from flask import Flask
from sqlalchemy import func, select

from smartcity.core.context import settings
from smartcity.core.db import reading, transaction
from smartcity.jobs.models import SlotRow
from smartcity.jobs.registry import PERIODIC, rule
from smartcity.jobs.schedule import KEPT_SLOTS, Schedule, current_slots, take_slot
from smartcity.jobs.service import periodic
from tests.jobs.conftest import Working, finish, in_threads, rows, take, until

pytestmark = pytest.mark.usefixtures("in_app")
_numbers = count(1)


def _periodic(every: float, run=lambda: None) -> str:
    name = f"sweep{next(_numbers)}"
    periodic(name, every=every, queue=name)(run)
    return name


def _slots(name: str) -> list[int]:
    with reading() as session:
        found = select(SlotRow.slot).where(SlotRow.name == name).order_by(SlotRow.slot)
        return list(session.scalars(found))


def _take_slot(name: str, slot: int) -> None:
    with transaction() as session:
        take_slot(session, name, slot)


def test_many_schedulers_run_a_slot_once(app: Flask) -> None:
    name = _periodic(3600)
    in_threads(app, *[Schedule().tick for _ in range(6)])
    in_threads(app, *[lambda: _take_slot(name, 99)] * 6)
    assert len(rows(name)) == 1
    assert len(_slots(name)) == 2


def test_a_slot_is_a_period_since_the_epoch_by_the_databases_clock() -> None:
    name = _periodic(60)
    with reading() as session:
        slot = current_slots(session)[name]
    assert slot - 1 <= time.time() // 60 <= slot + 1


def test_each_slot_is_run_and_a_late_run_stands_for_those_it_delays() -> None:
    name = _periodic(60)
    _take_slot(name, 1)
    _take_slot(name, 2)
    [lease] = take(name, 5)
    _take_slot(name, 3)
    assert take(name, 5) == []
    finish(lease)
    _take_slot(name, 3)
    assert rows(name) == []
    _take_slot(name, 4)
    assert len(rows(name)) == 1


def test_old_slots_are_forgotten() -> None:
    name = _periodic(60)
    for slot in range(30):
        _take_slot(name, slot)
    assert _slots(name) == list(range(30 - KEPT_SLOTS, 30))


def test_a_worker_runs_what_is_periodic(app: Flask, working: Working) -> None:
    ran: list[float] = []
    name = _periodic(1, lambda: ran.append(time.monotonic()))
    with working(app, name), working(app, name):
        until(lambda: len(ran) >= 3)
    assert ran[2] - ran[0] > 0.9
    with reading() as session:
        assert session.scalar(select(func.count()).where(SlotRow.name == name)) >= 3


def test_a_dead_worker_holds_up_what_is_short_for_one_short_lease() -> None:
    assert rule(PERIODIC).lease == settings().job_lease
    with pytest.raises(ValueError, match="a queue of its own"):
        periodic("sweep.of_hours", every=86_400, lease=3_600)
