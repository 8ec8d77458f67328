"""mySociety's servicerequestupdates: what became of requests, and words that a partner adds."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from smartcity.core import clock
from smartcity.reports.models import Report, ReportEvent
from tests.helpers import Headers, file_report, moved, rows
from tests.helpers import key as idempotency
from tests.open311.conftest import NewKey
from tests.open311.geo_report import UPDATE, GeoReport, assert_fits
from tests.open311.test_filing import POTHOLE

SENT_BY_FIXMYSTREET = {
    "updated_datetime": "2026-11-22T08:00:00+07:00",
    "status": "OPEN",
    "last_name": "-",
    "first_name": "An",
    "email": "an@example.vn",
    "update_id": "123",
}


@pytest.fixture
def asked(app: Flask, client: FlaskClient, partner: GeoReport, operator: Headers) -> str:
    """A partner's request about which something was asked."""
    (filed,) = partner.post("requests", **POTHOLE)
    (row,) = rows(app, Report)
    report = {"id": str(row.id), "version": row.sequence}
    moved(client, operator, report, "question", public_text="Ở làn đường nào?")
    return str(filed["service_request_id"])


def test_every_step_of_a_public_request_is_an_update(
    anyone: GeoReport, public: dict[str, Any]
) -> None:
    found = anyone.get("servicerequestupdates")
    for update in found:
        assert_fits(UPDATE, update)
    assert [u["external_status_code"] for u in found] == ["submitted", "accepted"]
    assert [u["description"] for u in found] == ["Chờ tiếp nhận", "Đã ghi nhận."]
    assert {u["service_request_id"] for u in found} == {public["code"]}
    assert len({u["update_id"] for u in found}) == 2


def test_a_partner_reads_what_is_meant_for_the_reporter_too(partner: GeoReport, asked: str) -> None:
    found = partner.get("servicerequestupdates")
    assert [u["description"] for u in found] == ["Chờ tiếp nhận", "Ở làn đường nào?"]
    assert {u["service_request_id"] for u in found} == {asked}


def test_updates_of_a_time(app: Flask, anyone: GeoReport, public: dict[str, Any]) -> None:
    def at(minutes: int) -> str:
        return (clock.now() + timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%SZ")

    def between(start: int, end: int) -> int:
        found = anyone.get("servicerequestupdates", start_date=at(start), end_date=at(end))
        return len(found)

    assert (between(-9, 9), between(1, 9), between(-9, -1)) == (2, 0, 0)
    told = anyone.refused(anyone.ask("servicerequestupdates", start_date="x"), 400)
    assert "start_date" in told


def test_what_was_asked_is_answered(app: Flask, partner: GeoReport, asked: str) -> None:
    words = {"service_request_id": asked, "description": "Làn xe máy."}
    (added,) = partner.post("servicerequestupdates", **SENT_BY_FIXMYSTREET, **words)
    last = rows(app, ReportEvent)[-1]
    assert added == {"update_id": last.id.hex}
    assert (last.move, last.public_text) == ("answer_info", "Làn xe máy.")
    assert rows(app, Report)[0].status == "submitted"
    again = partner.send("servicerequestupdates", **SENT_BY_FIXMYSTREET, **words)
    partner.refused(again, 400)


def test_an_answer_that_is_repeated_counts_once(app: Flask, partner: GeoReport, asked: str) -> None:
    words = {"service_request_id": asked, "description": "Làn xe máy."}
    repeated = idempotency()
    first, again = (partner.send("servicerequestupdates", repeated, **words) for _ in range(2))
    assert first.status_code == again.status_code == 200
    assert first.data == again.data
    assert len(rows(app, ReportEvent)) == 3


def test_anothers_request_cannot_be_added_to(
    anyone: GeoReport, client: FlaskClient, asked: str, new_key: NewKey, me: Headers
) -> None:
    another = GeoReport(anyone.client, anyone.fmt, new_key("relay_reports"))
    own = file_report(client, me)
    for named in (asked, own["code"], own["id"], "HP-2026-999999"):
        answer = another.send("servicerequestupdates", service_request_id=named, description="x")
        assert named in another.refused(answer, 404)


@pytest.mark.parametrize("missing", ["service_request_id", "description"])
def test_what_is_missing_is_named(partner: GeoReport, asked: str, missing: str) -> None:
    words = {"service_request_id": asked, "description": "x", missing: ""}
    answer = partner.send("servicerequestupdates", **words)
    assert missing in partner.refused(answer, 400)
