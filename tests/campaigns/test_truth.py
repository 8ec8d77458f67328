"""What officers read of a campaign equals its shards, byte by byte, and is cheap to ask again."""

import random
import uuid
from collections import Counter
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from smartcity.campaigns import counts
from smartcity.campaigns.models import Campaign, Outcome, Shard, State
from smartcity.core import clock
from smartcity.core.db import transaction
from smartcity.push import service as push
from tests.campaigns.counted import STARTED, Recipient, campaign
from tests.helpers import Headers, rows, statements

WARDS = ("10507", "10525", "")
PLATFORMS = ("android", "ios", "web")
SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def recipients(size: int, seed: int, *outcomes: Outcome) -> list[Recipient]:
    dice = random.Random(seed)
    drawn = [(dice.choice(outcomes), dice.choice(PLATFORMS)) for _ in range(size)]
    return [
        Recipient(number, outcome, platform, dice.choice(WARDS), dice.randrange(5))
        for number, (outcome, platform) in enumerate(drawn)
    ]


def truth(client: FlaskClient, headers: Headers, found: uuid.UUID) -> dict:
    answer = client.get(f"/api/v1/officer/campaigns/{found}/truth", headers=headers)
    assert answer.status_code == 200, answer.json
    return answer.json


def test_the_numbers_are_those_of_the_shards(
    app: Flask, client: FlaskClient, operator: Headers
) -> None:
    shards = [recipients(300, 1, *Outcome), recipients(200, 2, *Outcome)]
    found = campaign(app, *shards, window=50)
    told = truth(client, operator, found)
    sending = sum(r.outcome is Outcome.PENDING for r in shards[0][:50])  # others once more
    written = b"".join(shard.outcomes for shard in rows(app, Shard))
    bytes_of = {o.name.lower(): written.count(o) for o in Outcome}
    pending = bytes_of.pop("pending")
    assert {name: told["counts"][name] for name in bytes_of} == bytes_of
    assert (told["recipients"], told["sending"]) == (500, sending)
    assert told["pending"] == pending - sending
    assert told["sum_holds"] is True
    everybody = [r for shard in shards for r in shard if r.outcome]
    for part, key in (("by_platform", "platform"), ("by_area", "ward")):
        expected = Counter((getattr(r, key), r.outcome.name.lower()) for r in everybody)
        name = "area" if key == "ward" else key
        shown = Counter({(one[name], o): one[o] for one in told[part] for o in bytes_of})
        assert +shown == expected
    minutes = Counter(STARTED.replace(second=0) + timedelta(minutes=r.minute) for r in everybody)
    assert [sum(one[o] for o in bytes_of) for one in told["by_minute"]] == [
        minutes[minute] for minute in sorted(minutes)
    ]
    names = {one["area"]: one["area_name"] for one in told["by_area"]}
    assert names[""] is None
    assert all(names[ward] for ward in WARDS if ward)


@SQLITE
@pytest.mark.parametrize(
    ("finished", "left", "holds"),
    [
        (None, Outcome.PENDING, True),
        (STARTED, Outcome.PENDING, False),
        (STARTED, Outcome.UNKNOWN, True),
    ],
)
def test_a_sum_that_does_not_hold_is_told(
    app: Flask,
    client: FlaskClient,
    operator: Headers,
    finished: datetime | None,
    left: Outcome,
    holds: bool,
) -> None:
    found = campaign(app, [Recipient(1), Recipient(2, left)], finished_at=finished)
    assert truth(client, operator, found)["sum_holds"] is holds


@SQLITE
def test_a_lost_shard_is_told(app: Flask, client: FlaskClient, operator: Headers) -> None:
    found = campaign(app, [Recipient(1)], [Recipient(2)])
    with app.app_context(), transaction() as session:
        session.execute(update(Campaign).values(recipients=3))
    assert truth(client, operator, found)["sum_holds"] is False


def test_a_poll_costs_little_until_something_happens(
    app: Flask, client: FlaskClient, operator: Headers
) -> None:
    found = campaign(app, [Recipient(1), Recipient(2, Outcome.PENDING)])
    path = f"/api/v1/officer/campaigns/{found}/truth"
    tag = client.get(path, headers=operator).headers["ETag"]
    known = {**operator, "If-None-Match": tag}
    assert tag.startswith('"')
    again = client.get(path, headers=known)
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag)
    with statements(app) as seen:
        client.get(path, headers=known)
    counted = [s for s in seen if "campaign" in s]
    assert len(counted) == 5
    assert not any("devices" in s for s in counted)
    with app.app_context(), transaction() as session:
        session.execute(update(Shard).values(sending_from=1, sending_to=2))
    changed = client.get(path, headers=known)
    assert (changed.status_code, changed.json["sending"]) == (200, 1)
    with app.app_context(), transaction() as session:
        session.execute(update(Shard).values(sending_from=None, sending_to=None))
        counts.add(session, found, [(STARTED, "ios", "10507", "accepted", 1)])
    ended = client.get(path, headers=known)
    assert (ended.status_code, ended.json["pending"]) == (200, 0)
    assert len({tag, changed.headers["ETag"], ended.headers["ETag"]}) == 3


def test_what_holds_it_back_is_told(app: Flask, client: FlaskClient, operator: Headers) -> None:
    found = campaign(app, [Recipient(1), Recipient(2, Outcome.PENDING)])
    path = f"/api/v1/officer/campaigns/{found}/truth"
    before = client.get(path, headers=operator)
    assert (before.json["brakes"], before.json["unknown_are"]) == ([], "kept")
    with app.app_context(), transaction() as session:
        push.brakes.brake(session, "ios", None, "THIRD_PARTY_AUTH_ERROR")
    told = client.get(path, headers={**operator, "If-None-Match": before.headers["ETag"]})
    assert told.json["brakes"] == [
        {"scope": "ios", "until": None, "reason": "THIRD_PARTY_AUTH_ERROR"}
    ]


@SQLITE
def test_the_end_is_estimated_from_what_was_done(
    app: Flask, client: FlaskClient, operator: Headers
) -> None:
    quarter = [Recipient(n, minute=4) for n in range(25)]
    rest = [Recipient(n, Outcome.PENDING) for n in range(25, 100)]
    found = campaign(app, [*quarter, *rest])
    ends = truth(client, operator, found)["ends_at"]
    took = timedelta(minutes=5) - timedelta(seconds=30)  # it began half a minute late
    assert ends == (STARTED + 4 * took).isoformat(timespec="milliseconds")
    with app.app_context(), transaction() as session:
        session.execute(update(Campaign).values(state=State.PAUSED))
    assert truth(client, operator, found)["ends_at"] is None


@SQLITE
def test_the_counts_as_a_file(app: Flask, client: FlaskClient, operator: Headers) -> None:
    found = campaign(
        app, [Recipient(1), Recipient(2), Recipient(3, Outcome.PRUNED, "ios", "", minute=1)]
    )
    answer = client.get(f"/api/v1/officer/campaigns/{found}/truth.csv", headers=operator)
    lines = answer.data.decode("utf-8-sig").splitlines()
    assert answer.content_type == "text/csv; charset=utf-8"
    assert lines[0] == '"phút","mã địa bàn","địa bàn","nền tảng","kết quả","số máy"'
    assert lines[1].startswith('"2026-03-26T08:00+07:00","10507","')
    assert lines[1].endswith('","android","accepted","2"')
    assert lines[2:] == ['"2026-03-26T08:01+07:00","","","ios","pruned","1"']


@SQLITE
def test_no_such_campaign(client: FlaskClient, operator: Headers) -> None:
    for name in ("truth", "truth.csv"):
        path = f"/api/v1/officer/campaigns/{uuid.uuid4()}/{name}"
        assert client.get(path, headers=operator).status_code == 404


@SQLITE
def test_nothing_changes_with_the_clock_alone(
    app: Flask, client: FlaskClient, operator: Headers
) -> None:
    found = campaign(app, [Recipient(1), Recipient(2, Outcome.PENDING)])
    first = client.get(f"/api/v1/officer/campaigns/{found}/truth", headers=operator)
    with clock.frozen(clock.now() + timedelta(seconds=40)):
        later = client.get(f"/api/v1/officer/campaigns/{found}/truth", headers=operator)
    assert (later.json, later.headers["ETag"]) == (first.json, first.headers["ETag"])
