"""Requests without coordinates: a token, an officer who finds the place, or says why not."""

import io
import uuid
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from smartcity.audit.models import AuditEntry
from smartcity.core import clock
from smartcity.core.db import reading
from smartcity.core.expiry import count as counted
from smartcity.reports.models import Report, ReportEvent
from smartcity.reports.relay.filing import unplaced_over
from smartcity.reports.relay.models import UnplacedReport
from tests.helpers import Headers, at_once, rows
from tests.media.pictures import jpeg
from tests.open311.geo_report import GeoReport

UNPLACED = "/api/v1/officer/open311/unplaced"
LAMP = {
    "service_code": "lighting",
    "address_string": "Đối diện chợ Phú Yên",
    "description": "Đèn tắt",
    "attribute[POLE]": "12A",
}
PLACE = {"latitude": 20.94, "longitude": 106.33}


def waiting(client: FlaskClient, officer: Headers) -> list[dict[str, Any]]:
    answer = client.get(UNPLACED, headers=officer)
    assert answer.status_code == 200, answer.json
    return answer.json["items"]


def put(client: FlaskClient, officer: Headers, token: str, noun: str, **body: Any):
    return client.put(f"{UNPLACED}/{uuid.UUID(token)}/{noun}", json=body, headers=officer)


def test_words_for_a_place_get_a_token_until_an_officer_places_them(
    app: Flask, client: FlaskClient, partner: GeoReport, operator: Headers
) -> None:
    photo = (io.BytesIO(jpeg(80, 60)), "a.jpg")
    (filed,) = partner.post("requests", **LAMP, media=photo)
    assert set(filed) == {"token", "service_notice"}
    token = filed["token"]
    assert partner.get(f"tokens/{token}") == [{"token": token}]
    assert partner.get("requests") == []
    (shown,) = waiting(client, operator)
    assert (shown["address"], shown["description"]) == (LAMP["address_string"], "Đèn tắt")
    assert shown["attributes"] == [{"code": "POLE", "values": ["12A"]}]
    assert len(shown["media"]) == 1
    placed = put(client, operator, token, "place", **PLACE)
    assert placed.status_code == 200, placed.json
    code = placed.json["code"]
    assert partner.get(f"tokens/{token}") == [{"service_request_id": code, "token": token}]
    (request,) = partner.get(f"requests/{code}", extensions="true")
    assert (request["lat"], request["address"]) == (20.94, LAMP["address_string"])
    assert len(request["extended_attributes"]["photos"]) == 1
    assert waiting(client, operator) == []
    (event,) = rows(app, ReportEvent)
    assert event.actor.startswith("partner:")
    assert event.details == {"attributes": {"POLE": "12A"}}
    (kept,) = rows(app, UnplacedReport)
    assert (kept.description, kept.address, kept.details) == (None, None, None)
    assert rows(app, AuditEntry, AuditEntry.action == "report.place")


def test_an_address_id_waits_too(
    client: FlaskClient, partner: GeoReport, operator: Headers
) -> None:
    partner.post("requests", service_code="lighting", address_id="DH-5512")
    assert [shown["address"] for shown in waiting(client, operator)] == ["DH-5512"]


def test_a_refusal_is_told_to_the_partner(
    app: Flask, client: FlaskClient, partner: GeoReport, operator: Headers
) -> None:
    token = partner.post("requests", **LAMP)[0]["token"]
    refused = put(client, operator, token, "refusal", reason="Không có chợ nào tên này.")
    assert refused.status_code == 204
    told = partner.refused(partner.ask(f"tokens/{token}"), 404)
    assert "Không có chợ nào tên này." in told
    assert waiting(client, operator) == []
    assert rows(app, Report) == []
    again = put(client, operator, token, "place", **PLACE)
    assert again.status_code == 409


def test_a_place_outside_the_province_leaves_it_waiting(
    client: FlaskClient, partner: GeoReport, operator: Headers
) -> None:
    token = partner.post("requests", **LAMP)[0]["token"]
    answer = put(client, operator, token, "place", latitude=10.0, longitude=106.0)
    assert answer.status_code == 422
    assert len(waiting(client, operator)) == 1


def test_two_officers_at_once_make_one_report(
    app: Flask, partner: GeoReport, operator: Headers
) -> None:
    token = partner.post("requests", **LAMP)[0]["token"]

    def place() -> int:
        return put(app.test_client(), operator, token, "place", **PLACE).status_code

    assert sorted(at_once(place, place, place)) == [200, 409, 409]
    assert len(rows(app, Report)) == 1


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_only_the_centre_places(
    client: FlaskClient, partner: GeoReport, me: Headers, unit: Headers, admin: Headers
) -> None:
    token = partner.post("requests", **LAMP)[0]["token"]
    for other in (me, unit, admin):
        assert client.get(UNPLACED, headers=other).status_code == 403
        assert put(client, other, token, "place", **PLACE).status_code == 403


def test_a_token_that_nobody_was_given(anyone: GeoReport) -> None:
    for token in ("x", "0" * 32, str(uuid.uuid4())):
        anyone.refused(anyone.ask(f"tokens/{token}"), 404)


def test_what_is_done_with_goes_after_its_term(
    app: Flask, client: FlaskClient, partner: GeoReport, operator: Headers
) -> None:
    for _ in range(2):
        token = partner.post("requests", **LAMP)[0]["token"]
    put(client, operator, token, "place", **PLACE)
    with app.app_context(), reading() as session:
        assert counted(session, unplaced_over(clock.now() - timedelta(days=1))) == 0
        assert counted(session, unplaced_over(clock.now() + timedelta(days=1))) == 1
