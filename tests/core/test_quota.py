"""Limits in the database: exact under concurrency, by window, without Redis."""

from datetime import UTC, datetime, timedelta

from smartcity.core import clock, quota
from smartcity.core.db import transaction
from tests.helpers import at_once, count

NOON = datetime(2026, 3, 26, 12, 0, 10, tzinfo=UTC)


def take(app, name="x", limit=3, seconds=60):
    with app.app_context(), transaction() as session:
        return quota.take(session, name, limit, seconds)


def test_a_limit_is_given_out_and_comes_back_with_the_next_window(app):
    with clock.frozen(NOON):
        assert [take(app) for _ in range(3)] == [0.0, 0.0, 0.0]
        assert take(app) == 50.0
        assert take(app, "other") == 0.0
    with clock.frozen(NOON + timedelta(seconds=49)):
        assert take(app) == 1.0
    with clock.frozen(NOON + timedelta(seconds=50)):
        assert take(app) == 0.0


def test_no_more_is_given_however_many_ask_at_once(app):
    with clock.frozen(NOON):
        waits = at_once(*[lambda: take(app, limit=5)] * 40)
    assert sum(wait == 0.0 for wait in waits) == 5


def test_what_is_rolled_back_or_given_back_does_not_count(app):
    with clock.frozen(NOON), app.app_context():
        try:
            with transaction() as session:
                quota.take(session, "x", 1, 60)
                raise LookupError
        except LookupError:
            pass
        assert take(app, limit=1) == 0.0
        assert take(app, limit=1) > 0.0
        with transaction() as session:
            quota.give_back(session, "x")
        assert take(app, limit=1) == 0.0


def test_a_clock_that_is_behind_counts_in_the_newer_window(app):
    with clock.frozen(NOON + timedelta(seconds=60)):
        assert take(app, limit=2) == 0.0
    with clock.frozen(NOON):
        assert take(app, limit=2) == 0.0
        assert take(app, limit=2) > 0.0


def test_windows_that_are_over_are_swept(app):
    with clock.frozen(NOON):
        take(app)
        take(app, "long", seconds=3600)
    with clock.frozen(NOON + timedelta(minutes=5)), app.app_context(), transaction() as session:
        quota.forget_over(session)
    assert count(app, quota.Quota) == 1
