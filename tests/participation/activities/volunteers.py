"""An activity of our own, and people who register for it."""

import uuid
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pyotp
from flask import Flask
from flask.testing import FlaskClient

from smartcity.core import clock
from smartcity.core.db import transaction
from smartcity.identity.permissions import SYSTEM
from smartcity.participation.activities.activity import ACTIVITY
from smartcity.registers import service as registers
from smartcity.registers.service import Entry
from tests.helpers import Headers, bearer, citizen
from tests.registers.records_made import made, published

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def fields(**other: Any) -> dict[str, Any]:
    """A good activity of two places and two turns, that begins in two days."""
    now = clock.now()
    times = {"opens": now - HOUR, "closes": now + DAY, "starts": now + 2 * DAY}
    times["ends"] = times["starts"] + 3 * HOUR
    return {
        "title": "Nhặt rác bờ biển",
        "category": "environment",
        "organiser": "Nhóm Biển Xanh",
        "venue": "Bãi biển Đồ Sơn",
        "contact": "0225 3000 061",
        "capacity": 2,
        "waiting": 2,
        **{name: at.isoformat() for name, at in times.items()},
        **{name: at.isoformat() if hasattr(at, "isoformat") else at for name, at in other.items()},
    }


def activity(app: Flask, **other: Any) -> Entry:
    """It as the public sees it."""
    return published(app, ACTIVITY, **fields(**other))


def changed(app: Flask, entry: Entry, **other: Any) -> Entry:
    """It with other fields."""
    record = {**entry.record, **made(ACTIVITY, **{**fields(), **entry.record, **other})}
    with app.app_context(), transaction() as session:
        return registers.change(session, ACTIVITY, SYSTEM, entry.id, entry.version, record, "vì")


def withdrawn(app: Flask, entry: Entry) -> Entry:
    with app.app_context(), transaction() as session:
        deed = registers.WITHDRAW
        return registers.move(session, ACTIVITY, SYSTEM, entry.id, entry.version, deed, "bão")


def people(app: Flask, number: int) -> list[Headers]:
    """Some citizens, signed in."""
    return [bearer(citizen(app, f"+84912{n:06}")) for n in range(number)]


def register(client: FlaskClient, who: Headers, entry: Entry, **told: Any) -> dict[str, Any]:
    path = f"/api/v1/activities/{entry.id}/registration"
    answer = client.post(path, json=told, headers=who)
    assert answer.status_code == 201, answer.json
    return answer.json


def give_up(client: FlaskClient, who: Headers, entry: Entry) -> int:
    return client.delete(f"/api/v1/activities/{entry.id}/registration", headers=who).status_code


def places(client: FlaskClient, entry: Entry) -> Sequence[int]:
    """Capacity, taken, waiting, free."""
    told = client.get(f"/api/v1/activities/{entry.id}/places").json
    return [told[name] for name in ("capacity", "taken", "waiting", "free")]


def mine(client: FlaskClient, who: Headers) -> list[dict[str, Any]]:
    return client.get("/api/v1/me/registrations", headers=who).json["items"]


def qr(registered: dict[str, Any], steps: int = 0) -> str:
    """What the phone shows, made offline; `steps` its clock is off by."""
    key = registered["check_in"]
    at = clock.now() + timedelta(seconds=steps * key["seconds"])
    return key["prefix"] + pyotp.TOTP(key["secret"], digits=key["digits"]).at(at)


def inbox(client: FlaskClient, who: Headers) -> list[str]:
    """Titles of what somebody was told, the newest first."""
    return [one["title"] for one in client.get("/api/v1/me/inbox", headers=who).json["items"]]


def nobody() -> str:
    return str(uuid.uuid4())
