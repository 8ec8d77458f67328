"""Open-Meteo's protocol, spoken with the sandbox that speaks it too."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise

import httpx
import pytest

from smartcity.adapters.sky import AIR, HOURS, HOURS_BEFORE, MOST_POINTS, WEATHER, OpenMeteo
from smartcity.core.errors import Permanent, Temporary
from smartcity.sandbox.sky import Sky

HERE, THERE = (20.9, 106.7), (20.9, 106.3)


@pytest.fixture
def server() -> Iterator[Sky]:
    with Sky("the-key") as running:
        yield running


@pytest.fixture
def source(server: Sky) -> OpenMeteo:
    return OpenMeteo(server.url, f"{server.url}/", "the-key")


def test_weather_of_two_places_in_one_request(server: Sky, source: OpenMeteo) -> None:
    here, there = source.weather([HERE, THERE])
    assert len(here) == len(there) == HOURS
    assert {later.at - at.at for at, later in pairwise(here)} == {timedelta(hours=1)}
    assert set(here[0].values) == set(WEATHER)
    assert [hour.values for hour in here] != [hour.values for hour in there]
    (asked,) = server.asked()
    assert (asked["latitude"], asked["longitude"]) == ("20.9,20.9", "106.7,106.3")
    assert (asked["wind_speed_unit"], asked["apikey"]) == ("kmh", "the-key")


def test_air_begins_with_the_hours_before(source: OpenMeteo) -> None:
    (weather,), (air,) = source.weather([HERE]), source.air([HERE])
    assert len(air) == HOURS_BEFORE + HOURS
    assert air[HOURS_BEFORE].at == weather[0].at
    assert set(air[0].values) == set(AIR)


def test_many_places_take_a_few_requests(server: Sky, source: OpenMeteo) -> None:
    points = [(20.0 + n / 100, 106.0) for n in range(MOST_POINTS + 1)]
    assert len(source.air(points)) == len(points)
    assert [ask["latitude"].count(",") + 1 for ask in server.asked()] == [MOST_POINTS, 1]


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_busy_source_is_asked_again(server: Sky, source: OpenMeteo, status: int) -> None:
    server.suffer("error", status=status, retry_after=7)
    with pytest.raises(Temporary) as fault:
        source.weather([HERE])
    assert fault.value.retry_after == 7


@pytest.mark.parametrize("mode", ["page", "short"])
def test_an_answer_of_another_form_is_for_a_person(
    server: Sky, source: OpenMeteo, mode: str
) -> None:
    server.suffer(mode)
    with pytest.raises(Permanent):
        source.weather([HERE, THERE])


def test_a_refused_key_is_for_a_person(server: Sky) -> None:
    with pytest.raises(Permanent, match="401") as fault:
        OpenMeteo(server.url, server.url, "another").weather([HERE])
    assert "another" not in str(fault.value)


def test_a_source_that_is_away(server: Sky, source: OpenMeteo) -> None:
    server.stop()
    with pytest.raises(Temporary):
        source.air([HERE])
    server.start()


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("latitude=20.9,21&longitude=106.7&hourly=temperature_2m&timeformat=unixtime", "same"),
        ("latitude=20.9&longitude=106.7&hourly=warmth&timeformat=unixtime", "warmth"),
        ("latitude=20.9&longitude=106.7&hourly=temperature_2m", "unixtime"),
        ("longitude=106.7&hourly=temperature_2m&timeformat=unixtime", "latitude"),
    ],
)
def test_the_sandbox_refuses_as_the_real_one(server: Sky, query: str, says: str) -> None:
    answer = httpx.get(f"{server.url}/v1/forecast?{query}&apikey=the-key", timeout=10)
    assert (answer.status_code, answer.json()["error"]) == (400, True)
    assert says in answer.json()["reason"]


def test_the_sandbox_says_the_same_of_an_hour_each_time(source: OpenMeteo) -> None:
    first, second = (source.weather([HERE])[0] for _ in range(2))
    known = {hour.at: hour.values for hour in first}
    shared = [hour for hour in second if hour.at in known]
    assert len(shared) >= HOURS - 1
    assert all(known[hour.at] == hour.values for hour in shared)
