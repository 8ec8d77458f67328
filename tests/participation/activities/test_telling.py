"""Told when it is off, and reminded on the evening before, never in the night."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from smartcity.core import clock
from smartcity.core.db import transaction
from smartcity.identity.permissions import SYSTEM
from smartcity.jobs.models import JobRow
from smartcity.participation.activities import telling
from smartcity.participation.activities.activity import ACTIVITY
from smartcity.registers import service as registers
from tests.helpers import bearer, citizen, rows, work
from tests.participation.activities.volunteers import (
    DAY,
    activity,
    changed,
    give_up,
    inbox,
    people,
    register,
    withdrawn,
)

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
OFF, TOMORROW = "Hoạt động tạm dừng", "Ngày mai bạn đi tình nguyện"


def told(app: Flask, client: FlaskClient, who: Any) -> list[str]:
    work(app, "volunteers", "inbox")
    return inbox(client, who)


def reminders(app: Flask) -> list[Any]:
    return [job for job in rows(app, JobRow) if job.name == telling.REMIND]


def do_at(app: Flask, at: datetime) -> None:
    """Do the reminders due by then, as if it were then; whoever reads afterwards reads today."""
    with app.app_context(), transaction() as session:
        for job in session.query(JobRow).filter(JobRow.name == telling.REMIND, JobRow.run_at <= at):
            job.run_at = datetime.now(UTC) - timedelta(seconds=1)
    with clock.frozen(at):
        work(app, "volunteers")


def test_all_who_registered_are_told_that_it_is_off(app, client, monkeypatch) -> None:
    monkeypatch.setattr(telling, "AT_ONCE", 2)
    entry = activity(app)
    everybody = people(app, 5)
    for who in everybody[:4]:
        register(client, who, entry)
    give_up(client, everybody[0], entry)
    work(app, "inbox")
    withdrawn(app, entry)
    assert [told(app, client, who)[:1] for who in everybody] == [[], [OFF], [OFF], [OFF], []]
    assert client.get("/api/v1/me/registrations", headers=everybody[1]).json["items"][0][
        "withdrawn"
    ]


def test_nobody_is_told_of_what_is_public_again_or_past(app, client, me) -> None:
    entry = activity(app)
    register(client, me, entry)
    entry = withdrawn(app, entry)
    with app.app_context(), transaction() as session:
        registers.move(session, ACTIVITY, SYSTEM, entry.id, entry.version, registers.PUBLISH)
    assert told(app, client, me) == []
    past = activity(app)
    register(client, me, past)
    with clock.frozen(clock.now() + 4 * DAY):
        withdrawn(app, past)
    assert told(app, client, me) == []


def test_a_reminder_on_the_evening_before(app, client, me) -> None:
    starts = (clock.now().astimezone(clock.LOCAL) + 2 * DAY).replace(hour=6, minute=30, second=0)
    entry = activity(app, starts=starts, ends=starts + timedelta(hours=3))
    first, second = people(app, 2)
    register(client, first, entry)
    give_up(client, first, entry)
    register(client, second, entry)
    (job,) = reminders(app)
    evening = (starts - DAY).replace(hour=18, minute=0, second=0, microsecond=0)
    assert abs(job.run_at - evening) < timedelta(seconds=5)
    do_at(app, evening)
    assert (told(app, client, first), told(app, client, second)) == ([], [TOMORROW])


def test_a_late_reminder_waits_for_the_morning(app, client, me) -> None:
    starts = (clock.now().astimezone(clock.LOCAL) + 2 * DAY).replace(hour=9, minute=0, second=0)
    entry = activity(app, starts=starts, ends=starts + timedelta(hours=3))
    register(client, me, entry)
    night = (starts - DAY).replace(hour=23, minute=30)
    do_at(app, night)
    (job,) = reminders(app)
    six = datetime.now(UTC) + timedelta(hours=6, minutes=30)
    assert abs(job.run_at - six) < timedelta(minutes=2)
    do_at(app, starts.replace(hour=6, minute=1))
    assert told(app, client, me) == [TOMORROW]


def test_only_the_newest_time_reminds_and_none_that_is_past(app, client, me) -> None:
    entry = activity(app)
    register(client, me, entry)
    later = clock.now() + 5 * DAY
    entry = changed(app, entry, starts=later.isoformat(), ends=(later + DAY).isoformat())
    first, last = sorted(job.run_at for job in reminders(app))
    do_at(app, first)
    assert told(app, client, me) == []
    do_at(app, last)
    assert told(app, client, me) == [TOMORROW]
    assert reminders(app) == []
    soon = clock.now() + timedelta(minutes=5)
    activity(app, closes=soon, starts=soon, ends=soon + DAY)
    assert reminders(app) == []
    assert told(app, client, bearer(citizen(app, "+84912000777"))) == []
