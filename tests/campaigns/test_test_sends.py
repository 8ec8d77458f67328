"""A campaign tried on a few phones, through the real SDK, on the sandbox FCM."""

import uuid
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from smartcity.audit.models import AuditEntry
from smartcity.campaigns.models import Campaign, Count, Shard
from smartcity.sandbox.fcm import Fcm
from tests.campaigns.desk import CAMPAIGNS, WORDS, draft, phones
from tests.helpers import Headers, rows

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def app(sending_app: Flask) -> Flask:
    return sending_app


def tried(client: FlaskClient, who: Headers, campaign: dict[str, Any], *devices: str) -> Any:
    path = f"{CAMPAIGNS}/{campaign['id']}/test-send"
    return client.post(path, json={"devices": devices}, headers=who)


def shown(fcm: Fcm, address: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (
        fcm.app.test_client().get(f"/journal?address={address}").json["shown"]
    )
    return found


def test_each_phone_shows_it_marked_and_answers(
    app: Flask, client: FlaskClient, operator: Headers, fcm: Fcm
) -> None:
    (vietnamese,) = phones(app, 1)
    (english,) = phones(app, 1, prefix="english", locale="en")
    (gone,) = phones(app, 1, prefix="unregistered")
    made = draft(client, operator, tag="lu-song")
    answer = tried(client, operator, made, vietnamese, english, gone, vietnamese)
    assert [(one["device"], one["answer"]) for one in answer.json["items"]] == [
        (vietnamese, "accepted"),
        (english, "accepted"),
        (gone, "unregistered"),
    ]
    (first,), (second,) = shown(fcm, "phone-0"), shown(fcm, "english-0")
    assert first["title"] == f"[Thử] {WORDS['title']}"
    assert second["title"].startswith("[Test] Digital")
    assert first["tag"] == f"test-{made['id']}"
    (entry,) = rows(app, AuditEntry, AuditEntry.action == "campaign.test_send")
    assert entry.detail["answers"] == {
        vietnamese: "accepted",
        english: "accepted",
        gone: "unregistered",
    }


def test_it_counts_as_no_campaign(
    app: Flask, client: FlaskClient, operator: Headers, fcm: Fcm
) -> None:
    made = draft(client, operator)
    tried(client, operator, made, *phones(app, 2))
    (campaign,) = rows(app, Campaign)
    assert (campaign.state, campaign.version, campaign.recipients) == ("draft", 1, None)
    assert rows(app, Shard) == rows(app, Count) == []


def test_what_names_no_phone_is_refused(
    app: Flask, client: FlaskClient, operator: Headers, fcm: Fcm
) -> None:
    (phone,) = phones(app, 1)
    made, stranger = draft(client, operator), str(uuid.uuid4())
    answer = tried(client, operator, made, phone, stranger)
    assert (answer.status_code, stranger in answer.json["errors"]["devices"][0]) == (422, True)
    for devices in ([], [str(uuid.uuid4()) for _ in range(21)], ["phone-0"]):
        assert tried(client, operator, made, *devices).status_code == 422
    assert shown(fcm, "phone-0") == []


def test_fcm_away_is_an_answer_and_no_crash(
    app: Flask, client: FlaskClient, operator: Headers, fcm: Fcm
) -> None:
    (phone,) = phones(app, 1)
    made = draft(client, operator)
    fcm.stop()
    answer = tried(client, operator, made, phone)
    assert answer.status_code == 200
    assert answer.json["items"][0]["answer"] in ("unknown", "not_sent")
