"""Two people for one message: who may approve what, and that nothing else goes out."""

import uuid
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from smartcity.audit.models import AuditEntry
from smartcity.campaigns.models import Campaign, Shard
from smartcity.core.db import transaction
from smartcity.jobs.models import JobRow
from tests.campaigns.desk import (
    CAMPAIGNS,
    CONTENT,
    WORDS,
    draft,
    phones,
    scheduled,
    seen,
    step,
    taken,
    wished,
)
from tests.helpers import Headers, at_once, rows, work

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
pytestmark = pytest.mark.usefixtures("noon")


@pytest.fixture
def app(app: Flask, noon: Any) -> Flask:
    """The application, and some phones to reach."""
    phones(app, 3)
    return app


def launches(app: Flask, campaign: dict[str, Any]) -> list[JobRow]:
    return rows(app, JobRow, JobRow.queue == f"campaign:{campaign['id']}")


def change_behind_our_back(app: Flask, campaign: dict[str, Any], **values: Any) -> None:
    with app.app_context(), transaction() as session:
        which = Campaign.id == uuid.UUID(campaign["id"])
        session.execute(update(Campaign).where(which).values(**values))


def test_a_second_person_approves_what_he_saw_and_it_waits_to_be_launched(
    app: Flask, client: FlaskClient, operator: Headers, lead: Headers
) -> None:
    made = draft(client, operator)
    submitted = taken(client, operator, made, "submission")
    approved = taken(client, lead, made, "approval")
    assert (approved["state"], approved["hash"]) == ("scheduled", submitted["hash"])
    assert approved["approved_by"] not in (None, approved["made_by"])
    (job,) = launches(app, made)
    assert (job.name, job.payload) == (
        "campaigns.launch",
        {"campaign": made["id"], "hash": approved["hash"]},
    )
    assert step(client, lead, made, "approval").status_code == 409
    assert len(launches(app, made)) == 1


@SQLITE
def test_nobody_approves_what_he_wrote_edited_or_submitted(
    app: Flask, client: FlaskClient, lead: Headers, other_lead: Headers, operator: Headers
) -> None:
    third = draft(client, operator)
    for author, made in [
        (lead, draft(client, lead)),
        (other_lead, draft(client, operator)),
        (lead, third),
    ]:
        if author is other_lead:
            taken(client, other_lead, made, "", **wished(name="Khác"))
            taken(client, operator, made, "", **wished(name="Khác nữa"))  # the last to touch it
        submitter = lead if made is third else operator
        taken(client, submitter, made, "submission")
        answer = step(client, author, made, "approval")
        assert answer.status_code == 403
        assert answer.json["type"] == "urn:problem:campaign.own_work"
        assert seen(client, lead, made)["state"] == "in_review"
    assert rows(app, JobRow, JobRow.name == "campaigns.launch") == []


@SQLITE
def test_an_approval_is_of_what_was_seen(
    app: Flask, client: FlaskClient, operator: Headers, lead: Headers
) -> None:
    made = draft(client, operator)
    first = made["hash"]
    taken(client, operator, made, "submission")
    taken(client, operator, made, "submission", "DELETE")
    other = wished(content={**CONTENT, "vi": {**WORDS, "body": "Chuyển tiền ngay."}})
    taken(client, operator, made, "", **other)
    taken(client, operator, made, "submission")
    answer = step(client, lead, made, "approval", hash=first)
    assert (answer.status_code, answer.json["type"]) == (
        409,
        "urn:problem:campaign.not_what_was_seen",
    )
    path, now = f"{CAMPAIGNS}/{made['id']}/approval", seen(client, lead, made)
    for tag, status in [({}, 428), ({"If-Match": '"2"'}, 412)]:  # another version, the same words
        body = {"hash": now["hash"]}
        assert client.put(path, json=body, headers={**lead, **tag}).status_code == status
    for wrong in ("", "0" * 63, "Z" * 64):
        assert step(client, lead, made, "approval", hash=wrong).status_code == 422


@SQLITE
@pytest.mark.parametrize(
    "change",
    [
        {"content": {"vi": {**WORDS, "body": "Chuyển tiền ngay."}}},
        {"audience": {"platforms": ["ios"]}},
        {"link": "/me/"},
        {"tag": "other"},
        {"category": "warnings"},
        {"resend": True},
    ],
    ids=lambda change: next(iter(change)),
)
def test_what_was_changed_after_its_approval_is_not_launched(
    app: Flask, client: FlaskClient, operator: Headers, lead: Headers, change: dict[str, Any]
) -> None:
    made = scheduled(client, operator, lead)
    assert step(client, operator, made, "", **wished()).status_code == 409  # by the API, impossible
    change_behind_our_back(app, made, **change)
    work(app, f"campaign:{made['id']}")
    found = seen(client, lead, made)
    assert (found["state"], found["recipients"]) == ("halted", None)
    assert found["halted_reason"]
    assert rows(app, Shard) == []


@SQLITE
def test_an_approved_campaign_is_sent_back_and_never_launched(
    app: Flask, client: FlaskClient, operator: Headers, lead: Headers
) -> None:
    made = scheduled(client, operator, lead)
    assert step(client, lead, made, "correction").status_code == 422  # without a reason
    back = taken(client, lead, made, "correction", reason="Sai ngày.")
    assert (back["state"], back["approved_by"], back["approved_at"]) == ("draft", None, None)
    assert launches(app, made) == []
    assert step(client, lead, made, "correction", reason="Nữa.").status_code == 409
    taken(client, operator, made, "submission")
    taken(client, lead, made, "approval")
    assert len(launches(app, made)) == 1


def test_of_many_who_approve_at_once_one_does(
    app: Flask, client: FlaskClient, operator: Headers, lead: Headers, other_lead: Headers
) -> None:
    made = draft(client, operator)
    now = taken(client, operator, made, "submission")
    body, path = {"hash": now["hash"]}, f"{CAMPAIGNS}/{made['id']}/approval"

    def approve(who: Headers) -> int:
        headers = {**who, "If-Match": f'"{now["version"]}"'}
        return app.test_client().put(path, json=body, headers=headers).status_code

    answers = at_once(*(lambda w=who: approve(w) for who in (lead, other_lead) * 2))
    assert sorted(answers) == [200, 412, 412, 412]
    assert len(launches(app, made)) == 1


@SQLITE
def test_an_audience_of_nobody_is_refused(
    client: FlaskClient, operator: Headers, lead: Headers
) -> None:
    made = draft(client, operator, audience={"platforms": ["ios"]})
    answer = step(client, operator, made, "submission")
    assert (answer.status_code, answer.json["errors"].keys()) == (422, {"audience"})
    urgent = draft(client, lead, category="warnings", audience={"platforms": ["web"]})
    answer = step(client, lead, urgent, "emergency", reason="Vỡ đê.")
    assert (answer.status_code, answer.json["errors"].keys()) == (422, {"audience"})
    assert seen(client, lead, urgent)["emergency"] is False


@SQLITE
def test_an_emergency_goes_out_on_one_persons_word_and_is_reviewed_by_another(
    app: Flask, client: FlaskClient, lead: Headers, other_lead: Headers, operator: Headers
) -> None:
    made = draft(client, lead, category="warnings")
    assert step(client, lead, made, "emergency").status_code == 422  # without a reason
    assert step(client, operator, made, "emergency", reason="Vỡ đê.").status_code == 403
    sent = taken(client, lead, made, "emergency", reason="Vỡ đê.")
    assert (sent["state"], sent["emergency"], sent["approved_by"]) == ("scheduled", True, None)
    (job,) = launches(app, made)
    assert job.payload["hash"] == sent["hash"]
    unreviewed = f"{CAMPAIGNS}?unreviewed=true"
    assert len(client.get(unreviewed, headers=lead).json["items"]) == 1
    review = {"reason": "Đúng thẩm quyền."}
    assert step(client, lead, made, "review", **review).status_code == 403
    assert taken(client, other_lead, made, "review", **review)["reviewed_by"]
    assert step(client, other_lead, made, "review", **review).status_code == 409
    assert client.get(unreviewed, headers=lead).json["items"] == []
    (glass,) = rows(app, AuditEntry, AuditEntry.action == "campaign.break_glass")
    assert glass.detail["reason"] == "Vỡ đê."


@SQLITE
def test_only_a_critical_category_breaks_the_glass(
    app: Flask, client: FlaskClient, operator: Headers, lead: Headers, other_lead: Headers
) -> None:
    ordinary = draft(client, operator, category="events")
    answer = step(client, lead, ordinary, "emergency", reason="Gấp.")
    assert (answer.status_code, answer.json["errors"].keys()) == (422, {"category"})
    taken(client, operator, ordinary, "submission")
    taken(client, lead, ordinary, "approval")
    answer = step(client, other_lead, ordinary, "review", reason="Tốt.")
    assert answer.status_code == 409  # it was no emergency
