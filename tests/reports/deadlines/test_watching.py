"""When steps are due: in their order, each once, whatever the clock does."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smartcity.core.datafile import BadFile
from smartcity.reports.categories import Limit, Unit
from smartcity.reports.deadlines.limits import end_of
from smartcity.reports.deadlines.policy import Step, read_policy
from smartcity.reports.deadlines.watching import latest, steps_of, watch
from smartcity.reports.workflow import Status

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
SOME = settings(
    max_examples=100,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
STARTS = st.datetimes(datetime(2025, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))
LIMITS = st.builds(Limit, st.integers(1, 60), st.sampled_from(Unit))
PHASES = st.sampled_from([Status.SUBMITTED, Status.ASSIGNED])
# A clock that jumps, mostly on, sometimes back.
JUMPS = st.lists(st.timedeltas(timedelta(days=-2), timedelta(days=6)), min_size=1, max_size=25)


def taken(
    status: Status, start: datetime, due: datetime, looks: Sequence[datetime]
) -> list[tuple[Step, datetime]]:
    """The steps that a sweep takes when it looks at these times."""
    found: list[tuple[Step, datetime]] = []
    step, at = 0, watch(status, start, due)
    for now in looks:
        if at is None or at > now:
            continue
        due_now = latest(status, step, at, due, now)
        assert due_now is not None
        found.append((due_now.step, now))
        step, at = due_now.next_step, due_now.next_at
    return found


@ON_SQLITE
@SOME
@given(start=STARTS, limit=LIMITS, more=st.integers(1, 30))
def test_a_limit_ends_after_it_began_and_a_longer_one_later(
    in_app: Flask, start: datetime, limit: Limit, more: int
) -> None:
    ends = end_of(limit, start)
    assert ends > start
    assert end_of(Limit(limit.amount + more, limit.unit), start) > ends


@ON_SQLITE
@SOME
@given(start=STARTS, limit=LIMITS, status=PHASES)
def test_steps_come_in_their_order_and_never_before_the_limit_began(
    in_app: Flask, start: datetime, limit: Limit, status: Status
) -> None:
    due = end_of(limit, start)
    times = [watch(status, start, due, number) for number in range(len(steps_of(status)) + 1)]
    assert times.pop() is None
    assert all(at is not None and at >= start for at in times)
    assert all(a < b for a, b in pairwise(times))
    assert due in times


@ON_SQLITE
@SOME
@given(start=STARTS, limit=LIMITS, status=PHASES)
def test_a_sweep_at_each_moment_takes_each_step_at_its_own(
    in_app: Flask, start: datetime, limit: Limit, status: Status
) -> None:
    due, steps = end_of(limit, start), steps_of(status)
    times = [watch(status, start, due, number) for number in range(len(steps))]
    looks = [at for at in times if at is not None]
    rounded = timedelta(microseconds=len(looks))
    assert taken(status, start, due, [at + rounded for at in looks]) == [
        (step, at + rounded) for step, at in zip(steps, looks, strict=True)
    ]


@ON_SQLITE
@SOME
@given(start=STARTS, limit=LIMITS, status=PHASES, jumps=JUMPS)
def test_no_step_is_taken_twice_nor_too_early_by_any_clock(
    in_app: Flask, start: datetime, limit: Limit, status: Status, jumps: list[timedelta]
) -> None:
    due, now, looks = end_of(limit, start), start, []
    for jump in jumps:
        now += jump
        looks.append(now)
    order = steps_of(status)
    found = [(order.index(step), at) for step, at in taken(status, start, due, looks)]
    assert all(a < b for (a, _), (b, _) in pairwise(found))
    rounded = timedelta(microseconds=len(order))
    for number, at in found:
        begins = watch(status, start, due, number)
        assert begins is not None
        assert begins <= at + rounded


@ON_SQLITE
def test_a_server_that_was_off_takes_the_last_step_only(in_app: Flask) -> None:
    start = datetime(2026, 11, 2, 8, tzinfo=UTC)
    due = start + timedelta(hours=4)
    [(step, _)] = taken(Status.SUBMITTED, start, due, [due + timedelta(days=9)] * 3)
    assert step == steps_of(Status.SUBMITTED)[-1]


@pytest.mark.parametrize(
    "steps",
    [
        "{left: 0, to: [holder]}, {left: 25, to: [holder]}",
        '{after: "2h", to: [holder]}, {after: "1h", to: [holder]}',
        "{left: 25, to: [holder]}, {left: 25, to: [holder]}",
        '{left: 25, after: "1h", to: [holder]}',
        "{to: [holder]}",
        "{left: 25, to: []}",
        "{left: 25, to: [mayor]}",
        "{left: 100, to: [holder]}",
    ],
)
def test_steps_that_cannot_be_meant_are_refused(tmp_path: Path, steps: str) -> None:
    text = f'accept: [{steps}]\nresolve: []\nlongest_extension: "15d"\n'
    (tmp_path / "deadlines.yaml").write_text(text)
    with pytest.raises(BadFile, match=r"deadlines\.yaml: accept"):
        read_policy(tmp_path)
