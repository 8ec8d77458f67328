"""Drafts: written, written anew, copied, given up."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from smartcity.audit.models import AuditEntry
from smartcity.campaigns.models import Campaign
from tests.campaigns.desk import CAMPAIGNS, CONTENT, WORDS, draft, phones, step, taken, wished
from tests.helpers import Headers, at_once, key, rows

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_a_draft_has_what_was_asked_and_what_follows(
    client: FlaskClient, operator: Headers
) -> None:
    answer = client.post(CAMPAIGNS, json=wished(name="  Lũ trên sông "), headers=operator)
    made = answer.json
    assert (answer.status_code, answer.headers["ETag"], made["version"]) == (201, '"1"', 1)
    assert (made["state"], made["name"], made["audience"]) == ("draft", "Lũ trên sông", {})
    assert made["tag"] == made["id"]
    assert (made["resend"], draft(client, operator, category="warnings")["resend"]) == (False, True)
    assert draft(client, operator, category="warnings", resend=False)["resend"] is False
    assert made["moves"] == ["edit", "discard", "submit"]
    assert client.get(f"{CAMPAIGNS}/{made['id']}", headers=operator).json == made


def test_a_repeat_makes_no_second_draft(app: Flask, client: FlaskClient, operator: Headers) -> None:
    again = {**operator, **key()}
    first, second = (client.post(CAMPAIGNS, json=wished(), headers=again) for _ in range(2))
    assert first.json["id"] == second.json["id"]
    assert len(rows(app, Campaign)) == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"category": "weddings"}, "category"),
        ({"content": None}, "content"),
        ({"content": {"en": WORDS}}, "content"),
        ({"template": {"name": "x"}}, "content"),
        ({"content": {**CONTENT, "fr": WORDS}}, "content"),
        ({"audience": {"areas": ["99999"]}}, "audience"),
        ({"audience": {"everybody": True}}, "audience"),
        ({"tag": "hai từ"}, "tag"),
        ({"spread": -1}, "spread"),
        ({"canary": 100_001}, "canary"),
        ({"recurs": "weekly"}, "recurs"),
        ({"recurs": "yearly"}, "recurs"),
        ({"starts_at": "2026-03-26T08:00:00"}, "starts_at"),
        ({"name": "\u202e"}, "name"),
        ({"made_by": "officer:x"}, "made_by"),
    ],
)
def test_what_could_never_be_sent_is_refused(
    client: FlaskClient, operator: Headers, wrong: dict[str, Any], field: str
) -> None:
    answer = client.post(CAMPAIGNS, json=wished(**wrong), headers=operator)
    assert (answer.status_code, field in answer.json["errors"]) == (422, True), answer.json


def test_a_draft_is_written_anew_on_the_version_that_was_seen(
    app: Flask, client: FlaskClient, operator: Headers, editor: Headers
) -> None:
    made = draft(client, operator, tag="lu-song")
    path, body = f"{CAMPAIGNS}/{made['id']}", wished(name="Khác", audience={"platforms": ["ios"]})
    assert client.put(path, json=body, headers=editor).status_code == 428
    changed = client.put(path, json=body, headers={**editor, "If-Match": '"1"'})
    assert (changed.status_code, changed.headers["ETag"]) == (200, '"2"')
    assert (changed.json["name"], changed.json["tag"]) == ("Khác", "lu-song")
    assert changed.json["hash"] != made["hash"]
    assert client.put(path, json=body, headers={**editor, "If-Match": '"1"'}).status_code == 412
    (edit,) = rows(app, AuditEntry, AuditEntry.action == "campaign.edit")
    assert edit.detail["changes"] == {
        "name": ["Ngày Chuyển đổi số", "Khác"],
        "audience": [{}, {"platforms": ["ios"]}],
    }


def test_of_two_who_write_at_once_one_has_to_look_again(
    app: Flask, client: FlaskClient, operator: Headers
) -> None:
    path = f"{CAMPAIGNS}/{draft(client, operator)['id']}"
    headers = {**operator, "If-Match": '"1"'}

    def put() -> int:
        return app.test_client().put(path, json=wished(), headers=headers).status_code

    assert sorted(at_once(*[put] * 4)) == [200, 412, 412, 412]


def test_what_was_submitted_is_no_draft(app: Flask, client: FlaskClient, operator: Headers) -> None:
    phones(app, 1)
    made = draft(client, operator)
    taken(client, operator, made, "submission")
    assert step(client, operator, made, "", **wished()).status_code == 409
    assert step(client, operator, made, "", "DELETE").status_code == 409
    taken(client, operator, made, "submission", "DELETE")
    assert step(client, operator, made, "", **wished()).status_code == 200


def test_a_draft_is_given_up_and_a_copy_brings_it_back(
    client: FlaskClient, operator: Headers
) -> None:
    made = draft(client, operator, tag="lu-song", audience={"locales": ["en"]}, canary=50)
    assert taken(client, operator, made, "", "DELETE")["state"] == "cancelled"
    assert step(client, operator, made, "", "DELETE").status_code == 409
    answer = client.post(f"{CAMPAIGNS}/{made['id']}/copy", headers=operator)
    copy = answer.json
    assert (answer.status_code, copy["state"], copy["version"]) == (201, "draft", 1)
    for same in ("name", "content", "audience", "canary", "category"):
        assert copy[same] == made[same], same
    assert (copy["tag"], copy["starts_at"]) == (copy["id"], None)  # it takes nobody's place


def test_the_history_tells_who_did_what_and_why(
    app: Flask, client: FlaskClient, operator: Headers, lead: Headers
) -> None:
    phones(app, 1)
    made = draft(client, operator)
    taken(client, operator, made, "submission")
    taken(client, lead, made, "correction", reason="Sai ngày.")
    path = f"{CAMPAIGNS}/{made['id']}/steps"
    steps = client.get(path, headers=lead).json["items"]
    assert [(s["action"], s["state"], s["reason"]) for s in steps] == [
        ("create", "draft", ""),
        ("submit", "in_review", ""),
        ("send_back", "draft", "Sai ngày."),
    ]
    assert steps[0]["actor"] == steps[1]["actor"] == made["made_by"] != steps[2]["actor"]
    audited = rows(app, AuditEntry, AuditEntry.subject_kind == "campaign")
    assert [entry.action for entry in audited] == [
        "campaign.create",
        "campaign.submit",
        "campaign.send_back",
    ]
    assert audited[2].detail["reason"] == "Sai ngày."
