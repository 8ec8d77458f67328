"""Phones that are no longer reached: in no audience, counted, and dropped in their time."""

import uuid
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from smartcity.core import clock
from smartcity.core.db import transaction
from smartcity.privacy import retention
from smartcity.push.models import Device, DeviceChoice
from tests.helpers import rows, statements
from tests.push.phones import BODY, KEY, add_phones, phone

NOW = datetime.fromisoformat("2026-11-22T08:00:00+07:00")
MINE = {"Device-Key": KEY}


def ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


@pytest.fixture
def phones(in_app: Flask) -> None:
    made = [
        phone(1, last_seen_at=NOW, platform="ios"),
        phone(2, last_seen_at=ago(29.9)),
        phone(3, last_seen_at=ago(30.1)),
        phone(4, last_seen_at=ago(269.9), platform="web"),
        phone(5, last_seen_at=ago(270.1)),
        phone(6, last_seen_at=NOW, quarantined_at=ago(29.9)),
        phone(7, last_seen_at=NOW, quarantined_at=ago(30.1)),
    ]
    with transaction() as session:
        add_phones(session, made, [(5, "news", False), (1, "news", False)])


def test_phones_are_dropped_in_their_time(in_app: Flask, phones: None) -> None:
    with clock.frozen(NOW):
        for kind in retention.CLASSES:
            if kind.code in ("devices", "other_addresses"):
                kind.sweep(kind.over())
    assert [d.number for d in rows(in_app, Device)] == [1, 2, 3, 4, 6]
    assert [c.device for c in rows(in_app, DeviceChoice)] == [1]


def test_phones_are_counted_by_platform_and_state(
    in_app: Flask, client: FlaskClient, phones: None
) -> None:
    with clock.frozen(NOW):
        told = client.get("/metrics").get_data(as_text=True).splitlines()
        with statements(in_app) as seen:
            client.get("/metrics")
    counted = {line for line in told if line.startswith("smartcity_push_devices{")}
    assert counted == {
        'smartcity_push_devices{platform="ios",state="active"} 1.0',
        'smartcity_push_devices{platform="android",state="active"} 1.0',
        'smartcity_push_devices{platform="android",state="stale"} 2.0',
        'smartcity_push_devices{platform="web",state="stale"} 1.0',
        'smartcity_push_devices{platform="android",state="quarantined"} 2.0',
    }
    assert not any("devices" in statement for statement in seen), "counted anew at each scrape"


def test_a_phone_that_asks_was_seen_once_a_day(app: Flask, client: FlaskClient) -> None:
    path = f"/api/v1/devices/{uuid.uuid4()}"
    for hours, noted in ((0, 0), (23, 0), (25, 25), (26, 25)):
        with clock.frozen(NOW + timedelta(hours=hours)):
            if not hours:
                client.put(path, json=BODY, headers=MINE)
            assert client.get(path, headers=MINE).status_code == 200
        (device,) = rows(app, Device)
        assert device.last_seen_at == NOW + timedelta(hours=noted)
        assert device.created_at == NOW
