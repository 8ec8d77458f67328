"""Photos that are named by their address: fetched by the worker, and never in the report's way.

127.0.0.2 plays the public internet, as in tests/adapters/test_outbound.
"""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from smartcity.adapters import outbound
from smartcity.adapters.outbound import Guard
from smartcity.media.models import Media
from smartcity.open311.jobs import MOST_TRIES
from smartcity.reports.models import Report
from tests.adapters.wire import Speak, says, wire
from tests.helpers import Headers, rows, take, work
from tests.media.pictures import jpeg
from tests.open311.geo_report import GeoReport
from tests.open311.test_filing import POTHOLE
from tests.open311.test_unplaced import LAMP, PLACE, put

OUTSIDE, NAME = "127.0.0.2", "photos.example.vn"
QUEUE = "open311"
Host = Callable[[Speak], str]


@pytest.fixture
def host(app: Flask) -> Iterator[Host]:
    """A photo host on the internet; gives an address there."""
    opened = []

    def start(speak: Speak) -> str:
        served = wire(speak, OUTSIDE)
        opened.append(served)
        port = served.__enter__().port
        app.extensions["smartcity"]["smartcity.adapters.outbound.guard"] = Guard(
            schemes=frozenset({"http"}),
            ports=frozenset({port}),
            resolve=lambda _host, _port: [OUTSIDE],
            public=lambda address: address == OUTSIDE,
        )
        return f"http://{NAME}:{port}/a.jpg?secret=9f8e"

    yield start
    for served in opened:
        served.__exit__(None, None, None)


@pytest.fixture
def partner(client: FlaskClient, key: str) -> GeoReport:
    return GeoReport(client, "json", key)


def test_the_accessor_is_where_the_test_puts_its_guard(app: Flask) -> None:
    with app.app_context():
        outbound.guard()
    assert "smartcity.adapters.outbound.guard" in app.extensions["smartcity"]


def test_a_photo_comes_later(app: Flask, partner: GeoReport, host: Host) -> None:
    url = host(says(jpeg(80, 60), "200 OK", "Content-Type: image/jpeg"))
    (filed,) = partner.post("requests", **POTHOLE, media_url=url)
    assert partner.get("requests")[0]["media_url"] == ""
    assert work(app, QUEUE) == 1
    (shown,) = partner.get(f"requests/{filed['service_request_id']}", extensions="true")
    assert "/media/" in shown["media_url"]
    assert shown["extended_attributes"]["media_missing"] is False
    (photo,) = rows(app, Media)
    assert photo.owner.startswith("partner:")
    assert work(app, "media") == 1


@pytest.mark.parametrize(
    "speak",
    [
        says(b"<html>", "200 OK"),
        says(b"", "404 Not Found"),
        says(b"", "301 Moved", "Location: http://127.0.0.1/a.jpg"),
        says(b"x" * (15 * 1024 * 1024 + 1), "200 OK"),
    ],
    ids=["no photo", "absent", "moved inside", "too large"],
)
def test_what_will_never_do_is_noted(
    app: Flask,
    client: FlaskClient,
    partner: GeoReport,
    host: Host,
    operator: Headers,
    speak: Speak,
    caplog: pytest.LogCaptureFixture,
) -> None:
    partner.post("requests", **POTHOLE, media_url=host(speak))
    assert work(app, QUEUE) == 1
    (report,) = rows(app, Report)
    assert report.hints == [{"code": "missing_photo", "reports": []}]
    (shown,) = partner.get("requests", extensions="true")
    assert shown["extended_attributes"]["media_missing"] is True
    seen = client.get(f"/api/v1/officer/reports/{report.id}", headers=operator)
    assert seen.status_code == 200, seen.json
    assert rows(app, Media) == []
    assert "9f8e" not in caplog.text


def test_an_address_inside_is_never_asked(app: Flask, partner: GeoReport) -> None:
    urls = ["http://127.0.0.1:8000/", "http://169.254.169.254/x", "file:///etc/passwd", "nonsense"]
    partner.post("requests", **POTHOLE, media_url=urls)
    assert work(app, QUEUE) == 4
    assert rows(app, Report)[0].hints == [{"code": "missing_photo", "reports": []}]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_host_that_is_down_is_asked_again_for_some_time(
    app: Flask, partner: GeoReport, host: Host
) -> None:
    from sqlalchemy import update

    from smartcity.core.db import database_now, transaction
    from smartcity.jobs.models import JobRow

    partner.post("requests", **POTHOLE, media_url=host(says(b"", "503 Busy")))
    for _ in range(MOST_TRIES):
        assert rows(app, Report)[0].hints == []
        with app.app_context(), transaction() as session:
            session.execute(update(JobRow).values(run_at=database_now(session)))
        assert work(app, QUEUE) == 1
    assert rows(app, Report)[0].hints[0]["code"] == "missing_photo"
    with app.app_context():
        assert take(QUEUE) == []


def test_a_photo_finds_the_report_that_was_placed_meanwhile(
    app: Flask, client: FlaskClient, partner: GeoReport, host: Host, operator: Headers
) -> None:
    url = host(says(jpeg(80, 60), "200 OK"))
    token = partner.post("requests", **LAMP, media_url=url)[0]["token"]
    assert put(client, operator, token, "place", **PLACE).status_code == 200
    assert work(app, QUEUE) == 1
    assert "/media/" in partner.get("requests")[0]["media_url"]


def test_a_photo_waits_with_what_is_not_placed(
    app: Flask, client: FlaskClient, partner: GeoReport, host: Host, operator: Headers
) -> None:
    url = host(says(jpeg(80, 60), "200 OK"))
    tokens = [partner.post("requests", **LAMP, media_url=url)[0]["token"] for _ in range(2)]
    assert work(app, QUEUE) == 2
    assert put(client, operator, tokens[0], "place", **PLACE).status_code == 200
    assert "/media/" in partner.get("requests")[0]["media_url"]
    assert put(client, operator, tokens[1], "refusal", reason="Trùng").status_code == 204
    assert sorted(str(photo.subject)[:7] for photo in rows(app, Media)) == ["None", "report:"]


def test_a_photo_that_never_came_is_noted_when_it_is_placed(
    app: Flask, client: FlaskClient, partner: GeoReport, operator: Headers
) -> None:
    token = partner.post("requests", **LAMP, media_url="http://localhost/x")[0]["token"]
    assert work(app, QUEUE) == 1
    put(client, operator, token, "place", **PLACE)
    assert rows(app, Report)[0].hints[0]["code"] == "missing_photo"
