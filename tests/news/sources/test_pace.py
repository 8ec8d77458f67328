"""How often a source is asked, and from when on it counts as dead."""

from datetime import UTC, datetime, timedelta

import pytest

from smartcity.core.texts import LANGUAGES, catalogue
from smartcity.news.sources import pace
from smartcity.news.sources.models import Source

NOW = datetime(2026, 11, 22, 5, tzinfo=UTC)
HTTP = "source.fault.http|status=503"


def source(**other: object) -> Source:
    plain = {"interval": 900, "interval_least": 300, "interval_most": 7200, "failures": 0}
    found = Source(**{**plain, "paused": False, **other})
    pace.trust(found, NOW)
    return found


def test_it_is_asked_more_often_while_it_brings_news() -> None:
    asked, seen = source(), []
    for brought in (True, True, True, False, False, *[False] * 6):
        pace.succeeded(asked, NOW, brought=brought)
        assert asked.due_at == NOW + timedelta(seconds=asked.interval)
        seen.append(asked.interval)
    assert seen == [450, 300, 300, 450, 675, 1012, 1518, 2277, 3416, 5124, 7200]


@pytest.mark.parametrize(
    ("retry_after", "waits"),
    [
        (None, [1800, 3600, 7200, 7200]),
        (60, [1800, 3600, 7200, 7200]),
        (5_000, [5_000, 5_000, 7200, 7200]),
        (9e9, [86_400] * 4),
    ],
)
def test_what_fails_is_asked_ever_more_seldom(retry_after, waits: list[int]) -> None:
    asked, seen = source(), []
    for _ in waits:
        pace.failed(asked, NOW, HTTP, retry_after)
        assert asked.due_at
        seen.append((asked.due_at - NOW).total_seconds())
    assert (seen, asked.failures, asked.interval) == (waits, 4, 900)
    pace.succeeded(asked, NOW, brought=True)
    assert (asked.failures, asked.fault) == (0, None)


def test_a_source_that_failed_ten_thousand_times_is_asked_still() -> None:
    asked = source(failures=10_000)
    pace.failed(asked, NOW, HTTP, None)
    assert asked.due_at == NOW + timedelta(seconds=7200)


@pytest.mark.parametrize(("most", "hours"), [(7200, 24), (8 * 3600, 24), (12 * 3600, 36)])
def test_it_is_dead_after_a_day_or_three_intervals(most: int, hours: int) -> None:
    asked = source(interval_most=most)
    pace.failed(asked, NOW, HTTP, None)
    assert pace.standing(asked, NOW + timedelta(hours=hours)) == "failing"
    assert pace.standing(asked, NOW + timedelta(hours=hours, seconds=1)) == "dead"
    pace.succeeded(asked, NOW, brought=False)
    assert pace.standing(asked, NOW) == "healthy"


def test_words_for_every_standing_and_fault() -> None:
    assert pace.standing(source(), NOW) == "new"
    assert pace.standing(source(paused=True), NOW) == "paused"
    assert pace.standing(source(paused=True, retired_at=NOW), NOW) == "retired"
    assert {f"source.state.{state}" for state in pace.STATES} <= set(catalogue())
    told = [pace.told(HTTP, language) for language in LANGUAGES]
    assert told == [
        "Máy chủ của nguồn tin trả lời lỗi 503.",
        "The feed's server answered with the error 503.",
    ]
