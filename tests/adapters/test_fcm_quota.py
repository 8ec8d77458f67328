"""The project's quota: no 60 seconds hold more than our share, whoever takes and however."""

import os
import socket
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest
from redis import Redis
from structlog.testing import capture_logs

from smartcity.adapters.fcm.bucket import Limits, OwnBucket
from smartcity.adapters.fcm.quota import Granted, Lane, Quota
from smartcity.settings import Settings

PER_MINUTE = 48_000
CAMPAIGN, TRANSACTIONAL, URGENT = Lane


class Clock:
    """Moved by hand."""

    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def redis_url(request: pytest.FixtureRequest) -> str:
    """A database of the server that nobody else uses."""
    number = 5 + hash(request.node.name) % 8
    url = urlsplit(os.environ["TEST_REDIS_URL"])._replace(path=f"/{number}").geturl()
    with Redis.from_url(url) as store:
        store.flushdb()
    return url


@pytest.mark.parametrize("per_minute", [30, 600, PER_MINUTE, 480_000])
@pytest.mark.parametrize("idle", [0, 3600])
def test_no_60_seconds_hold_more(clock: Clock, per_minute: int, idle: int) -> None:
    bucket = OwnBucket(per_minute, clock)
    clock.at += idle
    granted: list[tuple[float, int]] = []
    while clock.at < idle + 180:
        given = bucket.take(URGENT, 200, 200)
        granted.append((clock.at, given.count))
        clock.at += given.wait
    for begin, _ in granted[:: len(granted) // 100 + 1]:
        # As late as a lease and the way let them be: the first at once, the last two seconds later.
        assert sum(n for at, n in granted if begin <= at < begin + 62) <= per_minute
    used = sum(n for at, n in granted if idle + 60 <= at < idle + 180)
    assert used >= 0.9 * 2 * per_minute


def test_a_campaign_leaves_a_reserve_and_may_use_all_that_grows(clock: Clock) -> None:
    bucket, full = OwnBucket(PER_MINUTE, clock), Limits(PER_MINUTE).full
    clock.at = 10
    taken = dict.fromkeys(Lane, 0)
    for lane in Lane:
        while bucket.take(lane, 1, 1).count:
            taken[lane] += 1
    assert [round(taken[lane] / full, 2) for lane in Lane] == [0.6, 0.2, 0.2]

    clock.at += 100
    steady = 0
    while clock.at < 170:
        given = bucket.take(CAMPAIGN, 200, 200)
        steady, clock.at = steady + given.count, clock.at + given.wait
    assert steady >= 0.95 * PER_MINUTE


def test_a_window_is_worth_waiting_for(clock: Clock) -> None:
    bucket = OwnBucket(PER_MINUTE, clock)
    refused = bucket.take(CAMPAIGN, 200, 200)
    assert refused.count == 0
    clock.at += refused.wait
    assert bucket.take(CAMPAIGN, 200, 200).count == 200


def test_all_who_share_a_redis_share_the_bucket(redis_url: str) -> None:
    settings = Settings(redis_url=redis_url, fcm_per_minute=60_000, fcm_senders=4)
    limits = Limits(0.8 * 60_000)
    begin = time.monotonic()

    def campaign(_number: int) -> int:
        quota = Quota(settings)  # connections of its own, as another process has
        return taken_until(begin + 1.5, lambda: quota.take(CAMPAIGN, 90))

    with ThreadPoolExecutor(4) as senders:
        total = sum(senders.map(campaign, range(4)))
    passed = time.monotonic() - begin
    assert total <= limits.rate * passed  # it begins empty
    assert total >= 0.6 * limits.rate * 1.5 - limits.floor(CAMPAIGN)


def test_what_is_urgent_passes_a_campaign_that_drains_the_bucket(redis_url: str) -> None:
    quota = Quota(Settings(redis_url=redis_url, fcm_per_minute=60_000))
    deadline = time.monotonic() + 3
    while not quota.take(CAMPAIGN, 50).count:
        assert time.monotonic() < deadline
    while quota.take(CAMPAIGN, 250).count:
        assert time.monotonic() < deadline
    assert quota.take(TRANSACTIONAL, 50).count == 50
    assert quota.take(URGENT, 50).count == 50


def test_without_redis_each_process_takes_its_part() -> None:
    begin = time.monotonic()
    quota = Quota(Settings(fcm_per_minute=600_000, fcm_senders=8))
    total = taken_until(begin + 0.4, lambda: quota.take(URGENT, 200))
    assert 0 < total <= 600_000 * 0.8 / 8 / 60 * (time.monotonic() - begin)


@pytest.mark.parametrize("is_silent", [True, False])
def test_with_redis_away_the_quota_is_not_open(is_silent: bool) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        if not is_silent:
            listener.close()
        settings = Settings(
            redis_url=f"redis://127.0.0.1:{port}/0", fcm_per_minute=600_000, fcm_senders=8
        )
        quota = Quota(settings)
        with capture_logs() as logs:
            assert quota.take(URGENT, 200).count == 0  # its own part begins empty
            begin = time.monotonic()  # and Redis is not waited for again
            total = taken_until(begin + 0.3, lambda: quota.take(URGENT, 200))
            passed = time.monotonic() - begin
    assert [line["event"] for line in logs] == ["fcm.quota_without_redis"]
    assert 0 < total <= 1000 * (passed + 0.1)
    assert passed < 1


def taken_until(end: float, take: Callable[[], Granted]) -> int:
    """How many a greedy taker got who waits as long as he is told."""
    total = 0
    while time.monotonic() < end:
        granted = take()
        total += granted.count
        time.sleep(min(granted.wait, 0.05))
    return total
