"""What officers do with campaigns over the API, and phones in numbers to send them to."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from smartcity.core import clock
from smartcity.core.db import insert_all, transaction
from smartcity.push.models import Device
from tests.helpers import Headers

CAMPAIGNS = "/api/v1/officer/campaigns"
TEMPLATES = "/api/v1/officer/push-templates"
WORDS = {"title": "Ngày Chuyển đổi số", "body": "Mời bạn dự ngày hội công nghệ tại phường mình."}
ENGLISH = {"title": "Digital Transformation Day", "body": "Join the fair in your ward."}
CONTENT = {"vi": WORDS, "en": ENGLISH}


def wished(**other: Any) -> dict[str, Any]:
    """A good campaign for everybody, sent at once and at full speed."""
    asked = {"name": "Ngày Chuyển đổi số", "category": "events", "content": CONTENT}
    return {**asked, "canary": 0, "ramp": 0, **other}


def draft(client: FlaskClient, author: Headers, **other: Any) -> dict[str, Any]:
    answer = client.post(CAMPAIGNS, json=wished(**other), headers=author)
    assert answer.status_code == 201, answer.json
    return answer.json


def seen(client: FlaskClient, who: Headers, campaign: dict[str, Any]) -> dict[str, Any]:
    """A campaign as it is now."""
    return client.get(f"{CAMPAIGNS}/{campaign['id']}", headers=who).json


def step(
    client: FlaskClient,
    who: Headers,
    campaign: dict[str, Any],
    noun: str,
    method: str = "PUT",
    **body: Any,
) -> TestResponse:
    """One step on the version that stands now; an approval of what stands now."""
    now = seen(client, who, campaign)
    if noun == "approval":
        body = {"hash": now["hash"], **body}
    path = f"{CAMPAIGNS}/{campaign['id']}/{noun}".rstrip("/")
    headers = {**who, "If-Match": f'"{now["version"]}"'}
    return client.open(path, method=method, json=body or None, headers=headers)


def taken(
    client: FlaskClient, who: Headers, campaign: dict[str, Any], *told: Any, **body: Any
) -> Any:
    """The same, when it has to go well: the campaign afterwards."""
    answer = step(client, who, campaign, *told, **body)
    assert answer.status_code == 200, answer.json
    return answer.json


def scheduled(client: FlaskClient, author: Headers, lead: Headers, **other: Any) -> dict[str, Any]:
    """A campaign that was submitted by one and approved by another."""
    campaign = draft(client, author, **other)
    taken(client, author, campaign, "submission")
    return taken(client, lead, campaign, "approval")


def phones(app: Flask, number: int, *, seen_at: datetime | None = None, **other: Any) -> list[str]:
    """So many phones in one insert, their addresses `phone-0`, `phone-1` …; installation ids."""
    installations = [uuid.uuid4() for _ in range(number)]
    at = seen_at or clock.now()
    common = {
        "kind": "token",
        "platform": "android",
        "app_version": "3.2.0",
        "app_number": 3_002_000,
        "locale": "vi",
        "ward": "10507",
        "last_seen_at": at,
        "created_at": at - timedelta(days=1),
        **other,
    }
    prefix = common.pop("prefix", "phone")
    made = [
        {"installation_id": installation, "value": f"{prefix}-{n}", **common}
        for n, installation in enumerate(installations)
    ]
    with app.app_context(), transaction() as session:
        insert_all(session, Device, made)
    return [str(installation) for installation in installations]
