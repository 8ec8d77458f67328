"""Events: in the order in which they begin, by day, and past ones apart."""

from datetime import UTC, datetime
from typing import Any

import marshmallow as ma
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from smartcity.core import clock
from smartcity.core.db import transaction
from smartcity.core.errors import Invalid
from smartcity.guide.events.event import EVENT
from smartcity.jobs.models import JobRow
from tests.guide.events.events_made import event, on
from tests.helpers import work
from tests.registers.records_made import drafted, published

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
NOW = datetime(2027, 5, 1, tzinfo=UTC)


def titles(client: FlaskClient, query: str = "") -> list[str]:
    answer = client.get(f"/api/v1/events?{query}")
    assert answer.status_code == 200, answer.json
    return [each["title"] for each in answer.json["items"]]


@pytest.fixture
def app(app: Flask) -> Flask:
    with clock.frozen(NOW):
        published(app, EVENT, **on("2027-05-20", title="Sau", ward="11383"))
        published(app, EVENT, **on("2027-05-10", title="Trước", category="sport"))
        three = {"starts": "2027-05-14T23:59:00+07:00", "ends": "2027-05-17T00:00:00+07:00"}
        published(app, EVENT, **event(title="Giữa", cancelled=True, **three))
        published(app, EVENT, **on("2027-04-10", title="Đã qua"))
    return app


def test_what_begins_first_comes_first_page_by_page(client: FlaskClient) -> None:
    assert titles(client) == ["Trước", "Giữa", "Sau"]
    first = client.get("/api/v1/events?limit=2").json
    assert titles(client, f"limit=2&cursor={first['next_cursor']}") == ["Sau"]
    assert [each["cancelled"] for each in first["items"]] == [False, True]


def test_by_days_here_that_an_event_touches(client: FlaskClient) -> None:
    assert titles(client, "from=2027-05-16") == ["Giữa", "Sau"]
    assert titles(client, "from=2027-05-17") == ["Sau"]  # it ends at midnight
    assert titles(client, "to=2027-05-14") == ["Trước", "Giữa"]  # it begins a minute before
    assert titles(client, "to=2027-05-13") == ["Trước"]
    assert titles(client, "from=2027-05-15&to=2027-05-15") == ["Giữa"]


@SQLITE
def test_other_filters(client: FlaskClient) -> None:
    assert titles(client, "category=sport") == ["Trước"]
    assert titles(client, "ward=11383&q=sau") == ["Sau"]
    assert titles(client, "over=true") == ["Đã qua"]


def test_an_event_is_past_once_it_has_ended(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), clock.frozen(datetime(2027, 5, 10, 14, 0, tzinfo=UTC)):
        with transaction() as session:
            session.execute(update(JobRow).values(run_at=datetime(2026, 1, 1, tzinfo=UTC)))
        work(app, "registers")
    assert titles(client) == ["Giữa", "Sau"]
    assert titles(client, "over=true") == ["Đã qua", "Trước"]


@SQLITE
def test_what_is_no_filter_is_refused(client: FlaskClient) -> None:
    for query in (
        *("from=2027-05-02&to=2027-05-01", "from=tomorrow", "to=9999-12-31", "from=0001-01-01"),
        *("category=party", "from=2027-02-29", "now=1"),
    ):
        assert client.get(f"/api/v1/events?{query}").status_code == 422, query


@pytest.mark.parametrize(
    ("fields", "refused"),
    [
        ({"starts": "0001-01-01T00:00:00+07:00"}, "starts"),
        ({"ends": "9999-12-31T23:59:00+00:00"}, "ends"),
        ({"ends": None}, "ends"),
        ({"starts": "2027-05-08"}, "starts"),
        ({"link": "javascript:alert(1)"}, "link"),
        ({"link": "data:text/html,x"}, "link"),
        ({"category": "party"}, "category"),
        ({"venue": "\u202e"}, "venue"),
    ],
)
def test_what_cannot_be_is_refused_by_its_field(fields: dict[str, Any], refused: str) -> None:
    assert list(EVENT.schema().validate(event(**fields))) == [refused]


@SQLITE
@pytest.mark.parametrize(
    ("fields", "refused"),
    [
        ({"ends": "2027-05-08T20:00:00+07:00"}, "ends"),
        ({"ends": "2027-05-08T12:59:00+00:00"}, "ends"),
        ({"latitude": 106.33, "longitude": 20.94}, "latitude"),
        ({"latitude": 20.94}, "longitude"),
    ],
)
def test_what_cannot_be_together_is_refused(
    in_app: Flask, fields: dict[str, Any], refused: str
) -> None:
    with pytest.raises((ma.ValidationError, Invalid)) as caught:
        drafted(in_app, EVENT, **event(**fields))
    told = getattr(caught.value, "errors", None) or caught.value.messages
    assert list(told) == [refused]
