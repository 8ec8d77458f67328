"""When campaigns go out: the times that may be asked for, holding on, ending, the next year."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from smartcity.campaigns import counts, scheduling
from smartcity.campaigns.models import Campaign
from smartcity.campaigns.scheduling import next_year
from smartcity.campaigns.successors import repeat
from smartcity.core import clock
from smartcity.core.db import transaction
from smartcity.jobs.models import JobRow, QueueRow
from tests.campaigns.desk import (
    CAMPAIGNS,
    draft,
    phones,
    scheduled,
    seen,
    step,
    taken,
    wished,
)
from tests.helpers import Headers, rows, work

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def app(app: Flask, noon: Any) -> Flask:
    """The application, and some phones to reach."""
    phones(app, 3)
    return app


def local(*at: int) -> str:
    return datetime(*at, tzinfo=clock.LOCAL).isoformat()


def queue(campaign: dict[str, Any]) -> str:
    return f"campaign:{campaign['id']}"


@pytest.mark.parametrize(
    "starts_at",
    [
        local(2026, 3, 10, 12, 4),  # a minute ago
        "2026-03-10T05:04:59Z",
        local(2028, 3, 13, 12, 0),  # beyond two years
        local(2026, 3, 10, 22, 0),  # quiet hours
        local(2026, 3, 11, 5, 59),
    ],
)
@SQLITE
def test_a_time_that_may_not_be_is_named(
    client: FlaskClient, operator: Headers, starts_at: str
) -> None:
    answer = client.post(CAMPAIGNS, json=wished(starts_at=starts_at), headers=operator)
    assert (answer.status_code, answer.json["errors"].keys()) == (422, {"starts_at"})


@SQLITE
def test_quiet_hours_have_two_ends_and_urgent_warnings_pass(
    client: FlaskClient, operator: Headers
) -> None:
    for good in (local(2026, 3, 10, 21, 59), local(2026, 3, 11, 6, 0)):
        draft(client, operator, starts_at=good)
    draft(client, operator, starts_at=local(2026, 3, 11, 2, 0), category="warnings")


@SQLITE
def test_a_time_that_passed_meanwhile_is_refused_at_each_step(
    client: FlaskClient, operator: Headers, lead: Headers, noon: datetime
) -> None:
    made = draft(client, operator, starts_at=(noon + timedelta(minutes=5)).isoformat())
    other = draft(client, operator, starts_at=(noon + timedelta(minutes=5)).isoformat())
    taken(client, operator, other, "submission")
    with clock.frozen(noon + timedelta(minutes=6)):
        for who, campaign, noun in [(operator, made, "submission"), (lead, other, "approval")]:
            answer = step(client, who, campaign, noun)
            assert (answer.status_code, answer.json["errors"].keys()) == (422, {"starts_at"})


@SQLITE
def test_it_is_launched_at_its_time(
    app: Flask, client: FlaskClient, operator: Headers, lead: Headers
) -> None:
    made = scheduled(client, operator, lead, starts_at=local(2026, 3, 10, 14, 5))
    (job,) = rows(app, JobRow, JobRow.queue == queue(made))
    assert job.run_at - job.enqueued_at == pytest.approx(
        timedelta(hours=2), abs=timedelta(seconds=1)
    )
    assert work(app, queue(made)) == 0
    glass = draft(client, lead, category="warnings", starts_at=local(2026, 3, 10, 14, 5))
    sent = taken(client, lead, glass, "emergency", reason="Vỡ đê.")
    assert sent["starts_at"] is None  # at once, whatever was planned
    (job,) = rows(app, JobRow, JobRow.queue == queue(glass))
    assert job.run_at - job.enqueued_at < timedelta(seconds=1)


@SQLITE
def test_a_pause_holds_the_queue_until_it_is_resumed(
    app: Flask, client: FlaskClient, operator: Headers, lead: Headers
) -> None:
    made = scheduled(client, operator, lead)
    assert step(client, lead, made, "pause").status_code == 422  # without a reason
    path, why = f"{CAMPAIGNS}/{made['id']}", {"reason": "Chờ kiểm tra."}
    assert client.put(f"{path}/pause", json=why, headers=lead).json["state"] == "paused"
    (held,) = rows(app, QueueRow, QueueRow.name == queue(made))
    assert held.paused_reason == "Chờ kiểm tra."
    assert work(app, queue(made)) == 0
    assert step(client, lead, made, "pause", **why).status_code == 409
    resumed = taken(client, lead, made, "resumption", **why)
    assert resumed["state"] == "scheduled"
    assert len(rows(app, JobRow, JobRow.queue == queue(made))) == 1
    assert step(client, lead, made, "resumption", **why).status_code == 409


@SQLITE
def test_a_second_cancellation_is_told_so_and_changes_nothing(
    app: Flask, client: FlaskClient, operator: Headers, lead: Headers
) -> None:
    made = scheduled(client, operator, lead)
    assert step(client, operator, made, "cancellation", reason="Nhầm.").status_code == 403
    first = taken(client, lead, made, "cancellation", reason="Nhầm.")
    again = step(client, lead, made, "cancellation", reason="Nhầm nữa.")
    assert (first["state"], again.status_code) == ("cancelled", 409)
    assert "Đã hủy" in again.json["detail"]
    assert seen(client, lead, made) == {**first, "moves": seen(client, lead, made)["moves"]}
    work(app, queue(made))
    assert seen(client, lead, made)["recipients"] is None
    assert rows(app, JobRow, JobRow.queue == queue(made)) == []


@SQLITE
def test_a_dry_run_counts_and_sends_nothing(
    app: Flask, client: FlaskClient, operator: Headers
) -> None:
    phones(app, 7, platform="ios", locale="en", prefix="ios")
    made = draft(client, operator, spread=15, starts_at=local(2026, 3, 10, 21, 40))
    path = f"{CAMPAIGNS}/{made['id']}/dry-run"
    told = client.post(path, headers=operator).json
    assert told["audience"]["total"] == 10
    assert told["audience"]["platforms"] == {"android": 3, "ios": 7}
    assert told["audience"]["locales"] == {"vi": 3, "en": 7}
    assert (told["minutes"], told["quiet_hours"]) == (15, False)
    taken(client, operator, made, "", **wished(spread=20, starts_at=local(2026, 3, 10, 21, 40)))
    assert client.post(path, headers=operator).json["quiet_hours"] is True
    assert rows(app, JobRow, JobRow.queue == queue(made)) == []


@pytest.mark.parametrize(
    ("quota", "ramp", "minutes"), [(1, 0, 13), (10, 0, 2), (10, 120, 3), (600_000, 0, 1)]
)
@SQLITE
def test_a_dry_run_knows_our_share_of_the_quota(
    make_app: Any, noon: datetime, quota: int, ramp: int, minutes: int
) -> None:
    """Ten phones at 80 % of the quota."""
    app = make_app(fcm_per_minute=quota)
    phones(app, 10)
    campaign = Campaign(
        category="events", audience={}, spread=0, ramp=ramp, starts_at=None, recall_of=None
    )
    with app.app_context(), transaction() as session:
        assert scheduling.dry_run(session, campaign)["minutes"] == minutes


def test_the_next_year_is_the_same_day_and_hour_here() -> None:
    def after(*at: int) -> datetime:
        return next_year(datetime(*at, tzinfo=clock.LOCAL))

    assert after(2026, 3, 26, 8, 5) == datetime(2027, 3, 26, 8, 5, tzinfo=clock.LOCAL)
    assert after(2028, 2, 29, 8, 5) == datetime(2029, 2, 28, 8, 5, tzinfo=clock.LOCAL)
    assert after(2027, 2, 28, 8, 5) == datetime(2028, 2, 28, 8, 5, tzinfo=clock.LOCAL)
    # In UTC both are of the day before: 28 February, and New Year's Eve.
    early = datetime(2028, 2, 28, 23, 30, tzinfo=UTC)
    assert next_year(early) == datetime(2029, 2, 27, 23, 30, tzinfo=UTC)
    eve = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
    assert next_year(eve) == datetime(2027, 12, 31, 23, 30, tzinfo=UTC)


@SQLITE
def test_what_recurs_is_a_draft_of_the_next_year_that_takes_two_again(
    app: Flask, client: FlaskClient, operator: Headers, lead: Headers, other_lead: Headers
) -> None:
    plan = {"recurs": "yearly", "starts_at": local(2026, 3, 26, 8, 5), "spread": 30, "tag": "dx"}
    made = scheduled(client, operator, lead, **plan)
    with app.app_context(), transaction() as session:
        repeat(session, session.get_one(Campaign, rows(app, Campaign)[0].id))
    again = client.get(f"{CAMPAIGNS}?state=draft", headers=lead).json["items"][0]
    found = seen(client, lead, again)
    assert (found["starts_at"], found["recurs"]) == ("2027-03-26T01:05:00.000+00:00", "yearly")
    assert (found["recurrence_of"], found["made_by"]) == (made["id"], "system:system")
    assert (found["content"], found["spread"]) == (made["content"], 30)
    assert (found["approved_by"], found["tag"]) == (None, found["id"])
    taken(client, lead, found, "submission")
    assert step(client, lead, found, "approval").status_code == 403
    taken(client, other_lead, found, "approval")


@SQLITE
def test_a_recall_takes_the_first_ones_place_where_it_was_seen(
    app: Flask, client: FlaskClient, operator: Headers, lead: Headers
) -> None:
    made = scheduled(client, operator, lead, tag="lu-song", canary=500)
    path = f"{CAMPAIGNS}/{made['id']}/recall"
    early = client.post(path, headers=operator)
    assert (early.status_code, early.json["type"]) == (409, "urn:problem:campaign.not_over")
    _ended(app)
    recall = client.post(path, headers=operator).json
    assert (recall["recall_of"], recall["tag"], recall["canary"]) == (made["id"], "lu-song", 0)
    assert (recall["state"], recall["approved_by"]) == ("draft", None)
    for fixed in ({"audience": {"platforms": ["ios"]}}, {"tag": "khac"}):
        answer = step(client, operator, recall, "", **wished(**fixed))
        assert (answer.status_code, answer.json["errors"].keys()) == (422, set(fixed))
    kept = taken(client, operator, recall, "", **wished(name="Đính chính"))
    assert (kept["tag"], kept["recall_of"]) == ("lu-song", made["id"])
    told = client.post(f"{CAMPAIGNS}/{recall['id']}/dry-run", headers=operator).json
    assert told["audience"]["total"] == 5  # three accepted, two unknown; not the one pruned
    assert taken(client, operator, recall, "submission")["state"] == "in_review"


def _ended(app: Flask) -> None:
    """As the engine leaves a campaign that reached some and missed one."""
    with app.app_context(), transaction() as session:
        campaign = session.get_one(Campaign, rows(app, Campaign)[0].id)
        campaign.state, campaign.finished_at = "finished", clock.now()
        each = [("accepted", 3), ("unknown", 2), ("pruned", 1), ("received", 3)]
        added = [(clock.now(), "android", "10507", outcome, n) for outcome, n in each]
        counts.add(session, campaign.id, added)
