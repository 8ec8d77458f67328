"""The sky over a commune: taken over once an hour, told by hours, never made up."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from smartcity.adapters.sky import AIR, OpenMeteo
from smartcity.areas.service import reference
from smartcity.changes.models import Change
from smartcity.core import clock
from smartcity.core.errors import Temporary
from smartcity.core.texts import catalogue
from smartcity.guide.models import Forecast
from smartcity.guide.sky import forecasting
from smartcity.guide.sky.aqi import vn_aqi
from smartcity.guide.sky.grid import cell_of, cells
from smartcity.guide.sky.metrics import SkyMetrics
from smartcity.sandbox.sky import Sky
from tests.conftest import MakeApp
from tests.helpers import count, rows

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
WARD = "11359"


@pytest.fixture
def server() -> Iterator[Sky]:
    with Sky() as running:
        yield running


@pytest.fixture
def app(make_app: MakeApp, server: Sky) -> Flask:
    return make_app(sky_url=server.url)


def take(app: Flask) -> None:
    with app.app_context():
        forecasting.update()


@pytest.mark.parametrize(
    ("address", "source"),
    [
        ("https://api.open-meteo.com", "Open-Meteo.com (CC BY 4.0)"),
        ("https://customer-air-quality-api.open-meteo.com/", "Open-Meteo.com (CC BY 4.0)"),
        ("https://thoitiet.haiphong.gov.vn", "thoitiet.haiphong.gov.vn"),
        ("https://notopen-meteo.com", "notopen-meteo.com"),
    ],
)
def test_whose_figures_they_are(address: str, source: str) -> None:
    assert forecasting.source_of(address) == source


def test_weather_and_air_of_a_commune(app: Flask, client: FlaskClient) -> None:
    assert client.get(f"/api/v1/weather?ward={WARD}").status_code == 404
    take(app)
    weather = client.get(f"/api/v1/weather?ward={WARD}").json
    assert (len(weather["slots"]), weather["source"]) == (48, "127.0.0.1")
    first = weather["slots"][0]
    assert datetime.fromisoformat(first["at"]) <= clock.now()
    assert first["words"] == catalogue()[f"sky.code.{first['code']}"]["vi"]
    assert 10 < first["temperature"] < 30
    air = client.get(f"/api/v1/air?ward={WARD}").json
    assert [slot["at"] for slot in air["slots"]] == [slot["at"] for slot in weather["slots"]]
    classes = {each["class"]: each for each in air["classes"]}
    assert {slot["class"] for slot in air["slots"]} <= classes.keys()
    assert classes["bad"]["title"] == "Xấu"
    assert all(0 < slot["vn_aqi"] <= 500 for slot in air["slots"])
    fresh = datetime.fromisoformat(air["fresh_until"]) - datetime.fromisoformat(air["fetched_at"])
    assert fresh == timedelta(hours=3)


@SQLITE
def test_the_index_looks_back_from_its_own_hour(
    app: Flask, client: FlaskClient, server: Sky
) -> None:
    take(app)
    with app.app_context():
        point = cells()[cell_of(reference().areas[WARD])]
    (hours,) = OpenMeteo(server.url, server.url, "").air([point])
    known = {hour.at: hour.values for hour in hours}
    slot = client.get(f"/api/v1/air?ward={WARD}").json["slots"][7]
    back = [datetime.fromisoformat(slot["at"]) - timedelta(hours=n) for n in range(12)]
    assert slot["vn_aqi"] == vn_aqi({name: [known[at][name] for at in back] for name in AIR})


@SQLITE
def test_the_whole_province_is_asked_for_in_two_requests(app: Flask, server: Sky) -> None:
    take(app)
    with app.app_context():
        points = cells()
    assert [asked["path"] for asked in server.asked()] == ["/v1/forecast", "/v1/air-quality"]
    assert server.asked()[0]["latitude"].count(",") == len(points) - 1 < 114
    assert count(app, Forecast) == 2 * len(points)


def test_phones_and_caches_hear_of_it(app: Flask, client: FlaskClient) -> None:
    take(app)
    path = f"/api/v1/weather?ward={WARD}"
    known = client.get(path).headers["ETag"]
    assert client.get(path, headers={"If-None-Match": known}).status_code == 304
    before = {change.ref: change.position for change in rows(app, Change)}
    with clock.frozen(clock.now() + timedelta(hours=1)):
        take(app)
    assert client.get(path, headers={"If-None-Match": known}).status_code == 200
    after = {change.ref: change.position for change in rows(app, Change)}
    assert after["weather"] > before["weather"]
    assert after["air"] > before["air"]


@SQLITE
def test_what_was_said_stays_while_the_source_is_away_and_goes_when_it_is_past(
    app: Flask, client: FlaskClient, server: Sky
) -> None:
    take(app)
    at = clock.now()
    told = client.get(f"/api/v1/weather?ward={WARD}").json
    server.suffer("error")
    for hours, status in ((47, 200), (49, 404)):
        with clock.frozen(at + timedelta(hours=hours)), pytest.raises(Temporary):
            take(app)
        answer = client.get(f"/api/v1/weather?ward={WARD}")
        assert answer.status_code == status
        assert status == 404 or answer.json == told  # which says since when
    assert count(app, Forecast) == 0


@SQLITE
def test_an_answer_that_only_a_person_can_mend_changes_nothing(
    app: Flask, client: FlaskClient, server: Sky
) -> None:
    take(app)
    told = client.get(f"/api/v1/air?ward={WARD}").json
    server.suffer("page")
    take(app)
    assert client.get(f"/api/v1/air?ward={WARD}").json == told


@SQLITE
def test_the_age_is_told_to_prometheus(app: Flask, make_app: MakeApp) -> None:
    def ages(of: Flask) -> dict[str, float]:
        with of.app_context():
            found = list(SkyMetrics().collect())
        return {sample.labels["kind"]: sample.value for each in found for sample in each.samples}

    assert ages(app) == {"weather": float("inf"), "air": float("inf")}
    take(app)
    with clock.frozen(clock.now() + timedelta(hours=4)):
        assert all(14_000 < age < 15_000 for age in ages(app).values())
    assert ages(make_app()) == {}


@SQLITE
@pytest.mark.parametrize("query", ["", "ward=99999", "ward=11359&hour=3"])
def test_what_is_no_commune(client: FlaskClient, query: str) -> None:
    for path in ("weather", "air"):
        assert client.get(f"/api/v1/{path}?{query}").status_code == 422


@SQLITE
def test_without_a_source_nothing_is_asked_and_nothing_told(make_app: MakeApp) -> None:
    app = make_app()
    take(app)
    assert app.test_client().get(f"/api/v1/air?ward={WARD}").status_code == 404
