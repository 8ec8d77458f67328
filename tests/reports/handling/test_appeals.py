"""Appeals: once for each verdict, in time, decided by a lead."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.helpers import Headers, file_report, move, moved, upload
from tests.reports.handling.ways import later, moves, put, seen

REFUSAL = {"reason": "outside_area", "public_text": "Ngoài địa bàn."}
APPEAL = {"public_text": "Vẫn là địa bàn thành phố."}
VERDICT = {"public_text": "Đã xem xét lại."}
OFFICERS = "/api/v1/officer/reports"


@pytest.fixture
def refused(client: FlaskClient, me: Headers, operator: Headers) -> dict:
    return moved(client, operator, file_report(client, me), "rejection", **REFUSAL)


def test_a_lead_grants_what_was_appealed(
    client: FlaskClient,
    me: Headers,
    stranger: Headers,
    operator: Headers,
    lead: Headers,
    refused: dict,
) -> None:
    assert seen(client, lead, refused)["allowed_moves"] == []
    assert put(client, stranger, refused, "appeal", **APPEAL).status_code == 404
    assert put(client, me, refused, "appeal").json["errors"].keys() == {"public_text"}
    photo = upload(client, me)
    answer = put(client, me, refused, "appeal", **APPEAL, media_ids=[photo])
    assert (answer.status_code, answer.json["status"]) == (200, "rejected")
    assert [p["id"] for p in answer.json["media"]] == [photo]
    waiting = client.get(f"{OFFICERS}?appealed=true", headers=operator).json["items"]
    assert [r["id"] for r in waiting] == [refused["id"]]
    open_ = seen(client, lead, refused)
    assert open_["appealed_at"]
    assert open_["allowed_moves"] == ["grant_appeal", "deny_appeal"]
    assert move(client, operator, open_, "appeal", **VERDICT).status_code == 403
    granted = moved(client, lead, open_, "appeal", **VERDICT)
    assert (granted["status"], granted["appealed_at"]) == ("submitted", None)
    again = moved(client, operator, granted, "rejection", **REFUSAL)  # another verdict
    assert put(client, me, again, "appeal", **APPEAL).status_code == 200


def test_a_verdict_is_appealed_once(
    client: FlaskClient, me: Headers, operator: Headers, lead: Headers, refused: dict
) -> None:
    assert put(client, me, refused, "appeal", **APPEAL).status_code == 200
    twice = put(client, me, refused, "appeal", public_text="Lần nữa.")
    assert (twice.status_code, twice.json["type"]) == (409, "urn:problem:report.appealed_already")
    denied = moved(client, lead, seen(client, lead, refused), "appeal-denial", **VERDICT)
    assert (denied["status"], denied["appealed_at"]) == ("rejected", None)
    last = moves(client, me, refused)[-1]
    assert (last["move"], last["public_text"]) == ("deny_appeal", "Đã xem xét lại.")
    third = put(client, me, refused, "appeal", **APPEAL)
    assert (third.status_code, third.json["type"]) == (409, "urn:problem:report.appealed_already")
    none = move(client, lead, denied, "appeal", **VERDICT)
    assert (none.status_code, none.json["type"]) == (409, "urn:problem:report.no_open_appeal")


def test_an_appeal_has_thirty_days(app: Flask, client: FlaskClient, refused: dict) -> None:
    with later(app, days=30, minutes=1) as me:
        late = put(client, me, refused, "appeal", **APPEAL)
        assert (late.status_code, late.json["type"]) == (409, "urn:problem:report.appeal_late")
        assert "30" in late.json["detail"]
    with later(app, days=29, hours=23) as me:
        assert put(client, me, refused, "appeal", **APPEAL).status_code == 200
