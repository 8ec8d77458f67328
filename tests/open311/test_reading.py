"""GET requests: who sees what, every element, every filter."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from smartcity.core import clock
from smartcity.core.db import transaction
from smartcity.core.text import clean
from smartcity.open311.wire import JSON, XML, written
from smartcity.reports.models import Report
from smartcity.reports.workflow import Status
from tests.helpers import Headers, file_report, moved, rows
from tests.helpers import statements as sql
from tests.open311.conftest import NewKey, Publish
from tests.open311.geo_report import REQUEST, GeoReport, assert_fits, read
from tests.open311.test_filing import POTHOLE

OPTIONAL = ("expected_datetime",)


def ids(found: list[dict[str, Any]]) -> list[str]:
    return [request["service_request_id"] for request in found]


def change(app: Flask, code: str, **values: Any) -> None:
    """Change a report's row by the back door."""
    (row,) = [report for report in rows(app, Report) if report.code == code]
    with app.app_context(), transaction() as session:
        session.execute(update(Report).where(Report.id == row.id).values(**values))


def test_a_public_request_has_every_element(anyone: GeoReport, public: dict[str, Any]) -> None:
    (listed,) = anyone.get("requests")
    assert_fits(REQUEST, listed, OPTIONAL)
    assert listed["service_request_id"] == public["code"]
    assert listed["status"] == "open"
    assert listed["status_notes"] == "Đã ghi nhận."
    assert listed["service_name"] == "Hạ tầng giao thông"
    assert listed["description"] == public["description"]
    assert listed["requested_datetime"].endswith("+07:00")
    assert (listed["address_id"], listed["zipcode"], listed["media_url"]) == ("", "", "")
    assert anyone.get(f"requests/{public['code']}") == [listed]
    assert anyone.get(f"requests/{public['id']}") == [listed]


def test_extensions_are_told_when_they_are_asked_for(
    anyone: GeoReport, public: dict[str, Any]
) -> None:
    (listed,) = anyone.get("requests", extensions="true")
    own = listed.pop("extended_attributes")
    assert_fits(REQUEST, listed, OPTIONAL)
    assert (own["status"], own["status_name"]) == ("accepted", "Đã tiếp nhận")
    assert (own["supporters"], own["photos"], own["area"]) == (0, [], public["area"])
    assert "attributes" not in own


def test_what_is_hidden_is_not_there(
    client: FlaskClient, anyone: GeoReport, partner: GeoReport, me: Headers
) -> None:
    report = file_report(client, me)
    for reader in (anyone, partner):
        assert reader.get("requests") == []
        assert reader.get("servicerequestupdates") == []
        for named in (report["code"], report["id"]):
            hidden = reader.refused(reader.ask(f"requests/{named}"), 404)
            reader.refused(reader.ask(f"tokens/{named}"), 404)
            assert hidden.replace(named, "") == reader.refused(
                reader.ask("requests/HP-2026-999999"), 404
            ).replace("HP-2026-999999", "")


def test_a_partner_sees_what_he_filed_and_no_other_does(
    anyone: GeoReport, partner: GeoReport, new_key: NewKey
) -> None:
    (filed,) = partner.post("requests", **POTHOLE)
    assert ids(partner.get("requests")) == [filed["service_request_id"]]
    another = GeoReport(anyone.client, anyone.fmt, new_key("relay_reports"))
    for reader in (anyone, another):
        assert reader.get("requests") == []
        reader.refused(reader.ask(f"requests/{filed['service_request_id']}"), 404)


def test_the_public_reads_the_moderated_side_alone(
    client: FlaskClient, anyone: GeoReport, me: Headers, publish: Publish
) -> None:
    publish(
        file_report(client, me, description="Nhà bà Ẩn ném rác", address="7 ngõ Kín"),
        description="Rác trước nhà",
        address="Ngõ Kín",
    )
    (listed,) = anyone.get("requests", extensions="true")
    assert (listed["description"], listed["address"]) == ("Rác trước nhà", "Ngõ Kín")
    assert "Ẩn" not in str(listed)
    assert "7 ngõ" not in str(listed)


def test_words_of_a_reporter_and_a_result_to_come_are_not_notes(
    app: Flask, partner: GeoReport, client: FlaskClient, operator: Headers
) -> None:
    (filed,) = partner.post("requests", **POTHOLE)
    (row,) = rows(app, Report)
    report = {"id": str(row.id), "version": row.sequence}
    moved(client, operator, report, "question", public_text="Ở làn đường nào?")
    (asked,) = partner.get("requests")
    assert asked["status_notes"] == "Ở làn đường nào?"
    own = {"service_request_id": filed["service_request_id"], "description": "Làn xe máy."}
    partner.post("servicerequestupdates", **own)
    (answered,) = partner.get("requests")
    assert answered["status_notes"] == "Ở làn đường nào?"


OPEN = {
    *("submitted", "need_info", "accepted", "assigned", "returned", "in_progress"),
    *("pending_approval", "pending_publication", "reopened"),
}
CLOSED = {"resolved", "closed", "rejected", "duplicate", "withdrawn"}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_every_state_is_open_or_closed(app: Flask, partner: GeoReport) -> None:
    (filed,) = partner.post("requests", **POTHOLE)
    assert set(Status) == OPEN | CLOSED
    for state in Status:
        status, other = ("open", "closed") if state in OPEN else ("closed", "open")
        change(app, filed["service_request_id"], status=state)
        assert [r["status"] for r in partner.get("requests", status=status)] == [status]
        assert partner.get("requests", status=other) == []
        assert len(partner.get("requests", status="open,closed")) == 1


def test_filters(app: Flask, partner: GeoReport) -> None:
    noon = datetime(2026, 11, 20, 5, tzinfo=UTC)
    codes = []
    for days, service in ((0, "lighting"), (1, "drainage"), (2, "lighting.dark_road")):
        with clock.frozen(noon - timedelta(days=days)):
            answer = partner.post("requests", **{**POTHOLE, "service_code": "lighting"})
        codes.append(answer[0]["service_request_id"])
        change(app, codes[-1], category=service)
    with clock.frozen(noon + timedelta(hours=1)):
        get = partner.get
        assert ids(get("requests")) == codes
        assert ids(get("requests", service_code="lighting")) == codes[:1]
        assert ids(get("requests", service_code="lighting, drainage")) == codes[:2]
        assert ids(get("requests", service_code="nothing")) == []
        day_before = "2026-11-19T12:00:00+07:00"
        assert ids(get("requests", start_date=day_before)) == codes[:2]
        assert ids(get("requests", start_date="2026-11-19T05:00:00Z")) == codes[:2]
        assert ids(get("requests", end_date=day_before)) == codes[1:]
        assert ids(get("requests", start_date=day_before, end_date=day_before)) == codes[1:2]
        named = f"{codes[2]},{codes[0]},HP-2026-999999,nonsense"
        assert ids(get("requests", service_request_id=named, status="closed")) == [
            codes[0],
            codes[2],
        ]
        pages = [get("requests", page=page, page_size=2) for page in (1, 2, 3)]
        assert [ids(page) for page in pages] == [codes[:2], codes[2:], []]


def test_the_plus_of_an_offset_may_have_become_a_space(partner: GeoReport) -> None:
    path = f"/open311/v2/requests.{partner.fmt}?start_date=2026-11-19T12:00:00+07:00"
    assert partner.client.get(path).status_code == 200


def test_what_changed_is_found_however_old_it_is(app: Flask, partner: GeoReport) -> None:
    long_ago = clock.now() - timedelta(days=300)
    with clock.frozen(long_ago):
        old = partner.post("requests", **POTHOLE)[0]["service_request_id"]
    assert partner.get("requests") == []
    assert partner.get(f"requests/{old}")
    change(app, old, updated_at=clock.now())
    since, until = (
        (clock.now() + timedelta(minutes=m)).strftime("%Y-%m-%dT%H:%M:%SZ") for m in (-9, 9)
    )
    assert ids(partner.get("requests", updated_after=since)) == [old]
    assert ids(partner.get("requests", updated_after=since, updated_before=until)) == [old]
    assert partner.get("requests", updated_before=since) == []


FAULTS: list[tuple[dict[str, str], str]] = [
    ({"start_date": "yesterday"}, "start_date"),
    ({"start_date": "2026-01-01T00:00:00"}, "start_date"),
    ({"start_date": "2026-01-01T00:00:00Z", "end_date": "2026-05-01T00:00:00Z"}, "start_date"),
    ({"start_date": "2026-05-01T00:00:00Z", "end_date": "2026-01-01T00:00:00Z"}, "end_date"),
    ({"status": "fixed"}, "status"),
    ({"page": "0"}, "page"),
    ({"page_size": "1001"}, "page_size"),
    ({"page_size": "many"}, "page_size"),
    ({"service_request_id": ",".join(["HP-2026-000001"] * 101)}, "service_request_id"),
    ({"updated_after": "2026"}, "updated_after"),
    ({"page": "9" * 400}, "page"),
]


def test_filters_that_do_not_fit_are_named(anyone: GeoReport) -> None:
    for query, named in FAULTS:
        assert named in anyone.refused(anyone.ask("requests", **query), 400), query


def test_many_take_as_many_statements_as_one(app: Flask, partner: GeoReport) -> None:
    partner.post("requests", **POTHOLE)
    partner.get("requests")
    with sql(app) as one:
        partner.get("requests")
    for _ in range(5):
        partner.post("requests", **POTHOLE)
    with sql(app) as many:
        assert len(partner.get("requests")) == 6
    assert len(many) == len(one)


@settings(max_examples=300)
@given(st.text(alphabet=st.characters(codec=None)))
def test_both_formats_carry_the_same_text(words: str) -> None:
    """Whatever the words, surrogates and control characters too, both are readable and agree."""
    value = [{"description": words}]
    xml = read(ElementTree.fromstring(written("service_requests", value, XML)))
    plain = json.loads(written("service_requests", value, JSON))
    assert xml[0]["description"].replace("\r", "\n") == (
        plain[0]["description"].replace("\r\n", "\n").replace("\r", "\n")
    )


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(words=st.text(alphabet=st.characters(codec="utf-8"), min_size=1, max_size=200))
def test_a_description_comes_back_as_it_was_kept(client: FlaskClient, key: str, words: str) -> None:
    kept = clean(words, lines=True)
    json_client, xml_client = (GeoReport(client, fmt, key) for fmt in ("json", "xml"))
    answer = json_client.send("requests", **{**POTHOLE, "description": words})
    if "\x00" in words or (words.strip() and not kept):
        json_client.refused(answer, 400)
        return
    assert answer.status_code == 200, answer.data
    code = answer.json[0]["service_request_id"]
    told = [c.get(f"requests/{code}")[0]["description"] for c in (json_client, xml_client)]
    assert told == [kept or "Ổ gà, mặt đường hư hỏng"] * 2
