"""POST requests: what is taken, what is refused and how, and that a repeat files nothing twice."""

import io
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from smartcity.core.db import transaction
from smartcity.reports.models import Report, ReportEvent
from tests.helpers import Headers, at_once, bearer, citizen, count, rows
from tests.helpers import key as idempotency
from tests.media.pictures import jpeg
from tests.open311.conftest import NewKey
from tests.open311.geo_report import GeoReport

POTHOLE: dict[str, Any] = {
    "service_code": "traffic_infra.pothole",
    "lat": "20.94",
    "long": "106.33",
    "description": "Ổ gà lớn",
}
PERSON = {
    "email": "an@example.vn",
    "device_id": "tt222111",
    "account_id": "acct-778899",
    "first_name": "Quỳnhmơ",
    "last_name": "Thịẩn",
    "phone": "0903999888",
}


def test_a_request_with_coordinates_gets_its_id(app: Flask, partner: GeoReport) -> None:
    (filed,) = partner.post("requests", **POTHOLE, address_string="12 Trần Phú")
    assert set(filed) == {"service_request_id", "service_notice"}
    (report,) = rows(app, Report)
    assert filed["service_request_id"] == report.code
    assert (report.latitude, report.longitude, report.address) == (20.94, 106.33, "12 Trần Phú")
    assert (report.category, report.description) == ("traffic_infra.pothole", "Ổ gà lớn")
    assert (report.channel, report.reporter_id) == ("open311", None)
    assert report.filed_by.startswith("partner:")
    assert partner.get(f"tokens/{report.code}")[0]["service_request_id"] == report.code


def test_parameters_may_be_in_the_query(app: Flask, anyone: GeoReport, key: str) -> None:
    path = f"/open311/v2/requests.{anyone.fmt}"
    answer = anyone.client.post(path, query_string={**POTHOLE, "api_key": key})
    assert answer.status_code == 200, answer.data
    assert count(app, Report) == 1


def test_the_key_may_be_in_the_header(app: Flask, anyone: GeoReport, key: str) -> None:
    answer = anyone.send("requests", {"Authorization": f"Bearer {key}"}, **POTHOLE)
    assert answer.status_code == 200, answer.data


def test_nothing_of_the_person_is_kept(app: Flask, partner: GeoReport) -> None:
    partner.post("requests", **POTHOLE, **PERSON)
    partner.post("requests", service_code="lighting", address_string="Chợ", **PERSON)
    with app.app_context(), transaction() as session:
        kept = []
        for table in Report.metadata.sorted_tables:
            kept += [str(row) for row in session.execute(table.select())]
    for told in PERSON.values():
        assert not any(told in row for row in kept), told


def test_without_a_description_it_is_what_the_service_says(app: Flask, partner: GeoReport) -> None:
    partner.post("requests", **{**POTHOLE, "description": ""})
    assert rows(app, Report)[0].description == "Ổ gà, mặt đường hư hỏng"


def test_attributes_are_kept_with_the_first_step(app: Flask, partner: GeoReport) -> None:
    given = {"attribute[KINDS][]": ["household", "rubble"], "attribute[NOBODYS]": "x"}
    (filed,) = partner.post("requests", **{**POTHOLE, "service_code": "environment"}, **given)
    (event,) = rows(app, ReportEvent)
    assert event.details == {"attributes": {"KINDS": ["household", "rubble"]}}
    (shown,) = partner.get(f"requests/{filed['service_request_id']}", extensions="true")
    (kinds,) = shown["extended_attributes"]["attributes"]
    assert (kinds["code"], [v["key"] for v in kinds["values"]]) == (
        "KINDS",
        ["household", "rubble"],
    )


MISFITS: list[tuple[str, dict[str, Any], str]] = [
    ("noise", {}, "attribute[SOURCE]"),
    ("noise", {"attribute[SOURCE]": " "}, "attribute[SOURCE]"),
    ("noise", {"attribute[SOURCE]": "dog"}, "attribute[SOURCE]"),
    ("noise", {"attribute[SOURCE][]": ["works", "other"]}, "attribute[SOURCE]"),
    ("environment", {"attribute[KINDS][]": ["rubble", "gold"]}, "attribute[KINDS]"),
    ("traffic_infra.pothole", {"attribute[WIDTH]": "wide"}, "attribute[WIDTH]"),
    ("traffic_infra.pothole", {"attribute[WIDTH]": "nan"}, "attribute[WIDTH]"),
    ("bus", {"attribute[ROUTE]": "02", "attribute[HAPPENED]": "today"}, "attribute[HAPPENED]"),
    ("bus", {"attribute[ROUTE]": "0" * 301}, "attribute[ROUTE]"),
]


def test_attributes_that_do_not_fit_are_named(app: Flask, partner: GeoReport) -> None:
    for service, given, named in MISFITS:
        answer = partner.send("requests", **{**POTHOLE, "service_code": service}, **given)
        assert named in partner.refused(answer, 400), given
    assert count(app, Report) == 0


FAULTS: list[tuple[dict[str, Any], str]] = [
    ({"service_code": ""}, "service_code"),
    ({"lat": ""}, "lat"),
    ({"long": ""}, "long"),
    ({"lat": "", "long": ""}, "address_string"),
    ({"lat": "north"}, "lat"),
    ({"lat": "91"}, "lat"),
    ({"long": "nan"}, "long"),
    ({"lat": "10.0"}, "lat"),
    ({"description": "x" * 4001}, "description"),
    ({"media_url": ["http://example.vn/a.jpg"] * 11}, "media_url"),
    ({"media_url": "http://example.vn/" + "a" * 2048}, "media_url"),
]


def test_what_is_missing_or_wrong_is_named(app: Flask, partner: GeoReport) -> None:
    for change, named in FAULTS:
        answer = partner.send("requests", **{**POTHOLE, **change})
        assert named in partner.refused(answer, 400), change
    assert count(app, Report) == 0


def test_what_is_not_here_is_404(partner: GeoReport) -> None:
    for change in ({"service_code": "x"}, {"jurisdiction_id": "sfgov.org"}):
        partner.refused(partner.send("requests", **{**POTHOLE, **change}), 404)


def test_without_a_good_key_nothing_is_read(
    app: Flask, anyone: GeoReport, new_key: NewKey, me: Headers
) -> None:
    keys = ({}, {"api_key": "xyz"}, {"api_key": new_key()}, {"api_key": new_key("call_back")})
    for wrong in keys:
        for resource in ("requests", "servicerequestupdates"):
            answer = anyone.send(resource, **wrong)
            assert "api_key" in anyone.refused(answer, 403)
            assert "WWW-Authenticate" not in answer.headers
    anyone.refused(anyone.send("requests", me, **POTHOLE), 403)
    assert count(app, Report) == 0


def test_a_revoked_key_is_no_key(anyone: GeoReport, app: Flask, new_key: NewKey) -> None:
    from smartcity.identity import partners
    from smartcity.identity.partner_models import Partner

    key = new_key("relay_reports")
    with app.app_context(), transaction() as session:
        (partner,) = rows(app, Partner)[-1:]
        partners.revoke(session, "test", partner.id)
    anyone.refused(GeoReport(anyone.client, anyone.fmt, key).send("requests", **POTHOLE), 403)


def test_a_key_is_limited_wherever_it_stands(anyone: GeoReport, new_key: NewKey) -> None:
    by_parameter = GeoReport(anyone.client, anyone.fmt, new_key("relay_reports", per_minute=2))
    answers = [by_parameter.send("requests", **POTHOLE) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    by_parameter.refused(answers[2], 429)
    assert int(answers[2].headers["Retry-After"]) > 0
    header = {"Authorization": f"Bearer {new_key('relay_reports', per_minute=1)}"}
    answers = [anyone.send("requests", header, **POTHOLE) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 429]


def test_a_photo_comes_along(app: Flask, partner: GeoReport, client: FlaskClient) -> None:
    photos = [(io.BytesIO(jpeg(80, 60)), "a.jpg"), (io.BytesIO(jpeg(60, 80)), "b.jpg")]
    (filed,) = partner.post("requests", **POTHOLE, media=photos)
    (shown,) = partner.get(f"requests/{filed['service_request_id']}", extensions="true")
    links = [photo["media_url"] for photo in shown["extended_attributes"]["photos"]]
    assert len(links) == 2
    assert shown["media_url"] == links[0]


def test_what_is_no_photo_is_refused_with_all_that_came(app: Flask, partner: GeoReport) -> None:
    from smartcity.media.models import Media

    both = [(io.BytesIO(jpeg(80, 60)), "a.jpg"), (io.BytesIO(b"<svg/>"), "b.svg")]
    assert "media" in partner.refused(partner.send("requests", **POTHOLE, media=both), 400)
    assert count(app, Report) == count(app, Media) == 0


def test_a_body_that_is_too_large(partner: GeoReport) -> None:
    photo = (io.BytesIO(b"x" * (16 * 1024 * 1024 + 1)), "a.jpg")
    partner.refused(partner.send("requests", **POTHOLE, media=photo), 413)


def test_the_same_key_twice_files_one(app: Flask, partner: GeoReport) -> None:
    repeated = idempotency()
    photo = lambda: (io.BytesIO(jpeg(80, 60)), "a.jpg")  # noqa: E731
    first, again = (partner.send("requests", repeated, **POTHOLE, media=photo()) for _ in range(2))
    assert first.data == again.data
    assert first.headers["Content-Type"] == again.headers["Content-Type"]
    assert again.headers["Idempotency-Replayed"] == "true"
    assert count(app, Report) == 1
    other = partner.send("requests", repeated, **{**POTHOLE, "description": "Khác"})
    partner.refused(other, 400)


def test_the_same_key_twice_at_once_files_one(app: Flask, key: str) -> None:
    repeated = idempotency()

    def send() -> Any:
        return GeoReport(app.test_client(), "json", key).send("requests", repeated, **POTHOLE)

    answers = at_once(*[send] * 4)
    assert [answer.status_code for answer in answers] == [200] * 4
    assert len({answer.data for answer in answers}) == 1
    assert count(app, Report) == 1


def test_two_partners_keys_of_the_same_name_are_two(
    app: Flask, anyone: GeoReport, new_key: NewKey
) -> None:
    repeated = idempotency()
    for _ in range(2):
        key = new_key("relay_reports")
        GeoReport(anyone.client, anyone.fmt, key).send("requests", repeated, **POTHOLE)
    assert count(app, Report) == 2


def test_a_json_body_is_not_read(partner: GeoReport, key: str) -> None:
    path = f"/open311/v2/requests.{partner.fmt}"
    answer = partner.client.post(path, json=POTHOLE, query_string={"api_key": key})
    assert "service_code" in partner.refused(answer, 400)


def test_the_centre_hears_of_it_like_of_any_report(
    app: Flask, partner: GeoReport, operator: Headers
) -> None:
    (filed,) = partner.post("requests", **POTHOLE)
    listed = partner.client.get("/api/v1/officer/reports", headers=operator).json["items"]
    assert [report["code"] for report in listed] == [filed["service_request_id"]]
    stranger = bearer(citizen(app, "+84987000999"))
    path = f"/api/v1/reports/{listed[0]['id']}"
    assert partner.client.get(path, headers=stranger).status_code == 404
