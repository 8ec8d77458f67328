"""What phones tell of messages: counted once, by the right phone, whoever tells at once."""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from smartcity.campaigns.models import Count, Receipts
from smartcity.core import clock
from smartcity.core.db import reading
from smartcity.push.models import Device
from tests.campaigns.counted import STARTED, Recipient, campaign
from tests.helpers import Headers, at_once, rows

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
KEY = "kR2mP0v7ZqX4cT9wLf1sYbN6hJ3eUa8D"
PATH = "/api/v1/me/push-receipts"
Phone = tuple[str, int]  # installation, number


@pytest.fixture
def phone(client: FlaskClient, app: Flask, me: Headers) -> Callable[..., Phone]:
    """Register a phone of the citizen, or of another."""

    def register(headers: Headers = me, platform: str = "android") -> Phone:
        installation = str(uuid.uuid4())
        body = {"kind": "token", "value": installation, "app_version": "3.2.1"}
        answer = client.put(
            f"/api/v1/me/devices/{installation}",
            json={**body, "platform": platform},
            headers=headers,
        )
        assert answer.status_code == 200, answer.json
        return installation, number_of(app, installation)

    return register


def number_of(app: Flask, installation: str) -> int:
    with app.app_context(), reading() as session:
        query = select(Device.number).where(Device.installation_id == uuid.UUID(installation))
        return session.scalars(query).one()


def receipt(mid: str, event: str = "received", at: datetime = STARTED) -> dict[str, str]:
    return {"mid": mid, "event": event, "at": at.isoformat()}


def tell(
    client: FlaskClient, headers: Headers, installation: str, *receipts: dict[str, str]
) -> list[str]:
    body = {"installation_id": installation, "receipts": receipts}
    answer = client.post(PATH, json=body, headers=headers)
    assert answer.status_code == 200, answer.json
    assert [one["mid"] for one in answer.json["items"]] == [r["mid"] for r in receipts]
    return [one["result"] for one in answer.json["items"]]


def counted(app: Flask) -> dict[str, int]:
    found = rows(app, Count, Count.outcome.in_(("received", "opened")))
    sums: dict[str, int] = {}
    for row in found:
        sums[row.outcome] = sums.get(row.outcome, 0) + row.count
    return sums


def test_a_receipt_counts_once(
    app: Flask, client: FlaskClient, me: Headers, phone: Callable[..., Phone]
) -> None:
    installation, number = phone()
    found = campaign(app, [Recipient(number + 1), Recipient(number)])
    mid = f"{found}.0.1"
    assert tell(client, me, installation, receipt(mid), receipt(mid)) == ["noted", "repeated"]
    assert counted(app) == {"received": 1}
    assert tell(client, me, installation, receipt(mid, "opened")) == ["noted"]
    assert tell(client, me, installation, receipt(mid, "opened")) == ["repeated"]
    assert counted(app) == {"received": 1, "opened": 1}
    (marks,) = rows(app, Receipts)
    assert (marks.received, marks.opened, marks.told) == (b"\2", b"\2", 2)


@SQLITE
def test_opened_implies_received(
    app: Flask, client: FlaskClient, me: Headers, phone: Callable[..., Phone]
) -> None:
    installation, number = phone()
    mid = f"{campaign(app, [Recipient(number)])}.0.0"
    told = receipt(mid, "opened"), receipt(mid)
    assert tell(client, me, installation, *told) == ["noted", "repeated"]
    assert counted(app) == {"received": 1, "opened": 1}


@SQLITE
def test_a_receipt_for_anothers_message_counts_nowhere(
    app: Flask, client: FlaskClient, me: Headers, stranger: Headers, phone: Callable[..., Phone]
) -> None:
    (mine, number), (_, other) = phone(), phone(stranger)
    found = campaign(app, [Recipient(number), Recipient(other)])
    mid = f"{found}.0.1"
    told = [receipt(mid, "opened"), receipt(f"{found}.0.0")]
    assert tell(client, me, mine, *told) == ["not_yours", "noted"]
    assert counted(app) == {"received": 1}


@SQLITE
def test_what_is_no_message_of_a_campaign(
    app: Flask, client: FlaskClient, me: Headers, phone: Callable[..., Phone]
) -> None:
    installation, number = phone()
    found = campaign(app, [Recipient(number)])
    absent = [
        f"{found}.0.1",
        f"{found}.1.0",
        f"{uuid.uuid4()}.0.0",
        f"{found}.0",
        "x",
        f"{found}.-1.0",
    ]
    strange = [f"{found}.999999.9999", f"{found}.٠.٠", f"{'-' * 36}.0.0"]
    told = [receipt(mid) for mid in (*absent, *strange)]
    assert set(tell(client, me, installation, *told)) == {"unknown"}
    of_the_inbox = receipt(str(uuid.uuid4()), "opened")
    assert tell(client, me, installation, of_the_inbox) == ["noted"]
    assert rows(app, Receipts) == []
    assert counted(app) == {}


@SQLITE
def test_a_phone_without_an_account_tells_by_its_key(app: Flask, client: FlaskClient) -> None:
    installation = str(uuid.uuid4())
    device = {"kind": "fid", "value": "f1", "platform": "ios", "app_version": "3.2.1"}
    path, headers = f"/api/v1/devices/{installation}", {"Device-Key": KEY}
    assert client.put(path, json=device, headers=headers).status_code == 200
    found = campaign(app, [Recipient(number_of(app, installation))])
    body = {"receipts": [receipt(f"{found}.0.0")]}
    wrong = client.post(f"{path}/push-receipts", json=body, headers={"Device-Key": KEY[::-1]})
    assert (wrong.status_code, counted(app)) == (404, {})
    assert client.post(f"{path}/push-receipts", json=body).status_code == 422
    answer = client.post(f"{path}/push-receipts", json=body, headers=headers)
    assert (answer.status_code, answer.json["items"][0]["result"]) == (200, "noted")
    (row,) = rows(app, Count, Count.outcome == "received")
    assert (row.platform, row.ward) == ("ios", "")


@SQLITE
def test_anothers_phone_tells_nothing(
    client: FlaskClient, stranger: Headers, phone: Callable[..., Phone]
) -> None:
    installation, _ = phone()
    body: dict[str, Any] = {"installation_id": installation, "receipts": [receipt("x")]}
    assert client.post(PATH, json=body, headers=stranger).status_code == 404


@SQLITE
def test_a_batch_is_taken_whole_or_not_at_all(
    app: Flask, client: FlaskClient, me: Headers, phone: Callable[..., Phone]
) -> None:
    installation, number = phone()
    mid = f"{campaign(app, [Recipient(number)])}.0.0"
    for receipts, field in (
        ([receipt(mid), receipt(mid, "seen")], "receipts"),
        ([receipt(mid)] * 101, "receipts"),
        ([], "receipts"),
        ([receipt(mid), {"mid": mid, "event": "opened"}], "receipts"),
    ):
        body = {"installation_id": installation, "receipts": receipts}
        answer = client.post(PATH, json=body, headers=me)
        assert (answer.status_code, [*answer.json["errors"]]) == (422, [field])
    assert counted(app) == {}
    assert tell(client, me, installation, *[receipt(mid)] * 100).count("noted") == 1


@SQLITE
@pytest.mark.parametrize(
    ("told", "shown"),
    [
        (timedelta(days=-3), 0),  # the phone's clock is wrong: not before the first message
        (timedelta(minutes=7, seconds=40), 8),
        (timedelta(minutes=44), 40),  # ten minutes together
        (timedelta(hours=5, minutes=50), 300),  # an hour together
        (timedelta(days=300), 360),  # not to come: it is six hours later
    ],
)
def test_when_it_counts(
    app: Flask,
    client: FlaskClient,
    me: Headers,
    phone: Callable[..., Phone],
    told: timedelta,
    shown: int,
) -> None:
    begun = clock.now().replace(second=30) - timedelta(hours=6)
    installation, number = phone()
    mid = f"{campaign(app, [Recipient(number)], launched_at=begun)}.0.0"
    assert tell(client, me, installation, receipt(mid, at=begun + told)) == ["noted"]
    (row,) = rows(app, Count, Count.outcome == "received")
    minute = begun.replace(second=0, microsecond=0)
    assert row.minute == minute + timedelta(minutes=shown)


def test_phones_that_tell_at_once(
    app: Flask, me: Headers, stranger: Headers, phone: Callable[..., Phone]
) -> None:
    phones = [(me, *phone()), (me, *phone()), (stranger, *phone(stranger))]
    first = campaign(app, [Recipient(number) for _, _, number in phones])
    second = campaign(app, [Recipient(number) for _, _, number in reversed(phones)])

    def call(place: int) -> list[str]:
        headers, installation, _ = phones[place]
        mids = [f"{first}.0.{place}", f"{second}.0.{2 - place}"]
        told = [receipt(mid, "opened") for mid in (mids if place % 2 else mids[::-1])]
        return tell(app.test_client(), headers, installation, *told)

    results = at_once(*(lambda place=place: call(place) for place in (0, 1, 2) * 3))
    assert sum(result.count("noted") for result in results) == 6
    assert counted(app) == {"received": 6, "opened": 6}
    assert [(m.received, m.opened, m.told) for m in rows(app, Receipts)] == [(b"\7", b"\7", 6)] * 2


@SQLITE
def test_a_receipt_changes_the_page(
    app: Flask, client: FlaskClient, me: Headers, operator: Headers, phone: Callable[..., Phone]
) -> None:
    installation, number = phone()
    later = [Recipient(n, minute=50) for n in range(number + 1, number + 4)]
    found = campaign(app, [Recipient(number), *later])
    path = f"/api/v1/officer/campaigns/{found}/truth"
    mid = f"{found}.0.0"
    tell(client, me, installation, receipt(mid))  # of a minute long ago
    before = client.get(path, headers=operator)
    assert (before.json["received_rate"], before.json["opened_rate"]) == (0.25, 0.0)
    tell(client, me, installation, receipt(mid, "opened"))
    after = client.get(path, headers={**operator, "If-None-Match": before.headers["ETag"]})
    assert (after.status_code, after.json["opened_rate"]) == (200, 1.0)
