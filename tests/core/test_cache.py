"""A refreshed value: read once, shared while it is read anew, kept when the database is away."""

from concurrent.futures import ThreadPoolExecutor
from itertools import count
from threading import Event

import pytest
from sqlalchemy.exc import TimeoutError as PoolTimeout

from smartcity.core.cache import Refreshed


def test_a_value_is_read_once() -> None:
    numbers = count(1)
    value = Refreshed(lambda _: next(numbers), every=60)
    assert [value(), value(), value()] == [1, 1, 1]
    value.forget()
    assert value() == 2


def test_an_old_value_is_read_anew_from_what_it_was() -> None:
    value = Refreshed[int](lambda before: (before or 0) + 1, every=0)
    assert [value(), value(), value()] == [1, 2, 3]


def test_many_first_readers_read_once() -> None:
    numbers, started, go_on = count(1), Event(), Event()

    def read(_before: int | None) -> int:
        started.set()
        assert go_on.wait(5)
        return next(numbers)

    value = Refreshed(read, every=60)
    with ThreadPoolExecutor(8) as threads:
        answers = [threads.submit(value) for _ in range(8)]
        assert started.wait(5)
        go_on.set()
        assert {answer.result(5) for answer in answers} == {1}


def test_nobody_waits_for_one_who_reads_anew() -> None:
    reading, go_on = Event(), Event()

    def read(before: int | None) -> int:
        if before is None:
            return 1
        reading.set()
        assert go_on.wait(5)
        return before + 1

    value = Refreshed(read, every=0)
    assert value() == 1
    with ThreadPoolExecutor(1) as threads:
        anew = threads.submit(value)
        assert reading.wait(5)
        assert value() == 1
        go_on.set()
        assert anew.result(5) == 2


def test_where_it_is_strict_nobody_gets_an_old_value() -> None:
    reading, go_on = Event(), Event()

    def read(before: int | None) -> int:
        if before is not None:
            reading.set()
            assert go_on.wait(5)
        return (before or 0) + 1

    value = Refreshed(read, every=0, strict=True)
    assert value() == 1
    with ThreadPoolExecutor(2) as threads:
        anew = threads.submit(value)
        assert reading.wait(5)
        beside = threads.submit(value)
        assert not beside.done()
        go_on.set()
        assert {anew.result(5), beside.result(5)} == {2, 3}


def test_the_old_value_stays_while_the_database_is_away() -> None:
    def read(before: int | None) -> int:
        if before is None:
            return 1
        raise PoolTimeout("no connection")

    value = Refreshed(read, every=0)
    assert [value(), value()] == [1, 1]


def test_without_an_old_value_the_fault_is_told() -> None:
    def read(_before: int | None) -> int:
        raise PoolTimeout("no connection")

    value = Refreshed(read, every=60)
    with pytest.raises(PoolTimeout):
        value()
    with pytest.raises(PoolTimeout):
        value()
