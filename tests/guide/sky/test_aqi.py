"""VN_AQI as Decision 1459/QĐ-TCMT tells it: its table, its mean, its classes."""

import pytest

from smartcity.guide.sky.aqi import class_of, nowcast, vn_aqi


@pytest.mark.parametrize(
    ("pm2_5", "pm10", "index"),
    [
        (0.0, 0.0, 0),
        (25.0, 0.0, 50),
        (50.0, 0.0, 100),
        (80.0, 0.0, 150),
        (150.0, 0.0, 200),
        (250.0, 0.0, 300),
        (350.0, 0.0, 400),
        (500.0, 0.0, 500),
        (900.0, 0.0, 500),
        (20.5, 0.0, 41),
        (0.0, 150.0, 100),
        (0.0, 385.0, 250),
        (30.0, 250.0, 150),  # the larger one of the two
    ],
)
def test_the_index_of_air_that_stays_as_it_is(pm2_5: float, pm10: float, index: int) -> None:
    assert vn_aqi({"pm2_5": [pm2_5] * 12, "pm10": [pm10] * 12}) == index


def test_the_newer_hours_weigh_more() -> None:
    falling = [10.0, *[40.0] * 11]  # w = max(10/40, ½)
    told = sum(0.5**n * c for n, c in enumerate(falling, 1))  # as the guide writes it
    assert nowcast(falling) == pytest.approx(told, rel=3e-4)
    steady = [36.0, 40.0] * 6  # w = 0.9
    weights = [0.9**n for n in range(12)]
    mean = sum(w * c for w, c in zip(weights, steady, strict=True)) / sum(weights)
    assert nowcast(steady) == pytest.approx(mean)
    assert nowcast([0.0] * 12) == 0
    assert nowcast([*[40.0] * 12, 900.0]) == pytest.approx(40)  # the thirteenth is not looked at


@pytest.mark.parametrize(
    ("hours", "mean"),
    [
        ([None, 30.0, 30.0, *[None] * 9], 30.0),
        ([30.0, None, 30.0], 30.0),
        ([None, None, *[30.0] * 10], None),
        ([30.0, None, None, *[30.0] * 9], None),
        ([], None),
    ],
)
def test_two_of_the_last_three_hours_are_needed(
    hours: list[float | None], mean: float | None
) -> None:
    assert nowcast(hours) == (pytest.approx(mean) if mean else None)


def test_one_kind_of_dust_is_enough_and_none_is_not() -> None:
    gone: list[float | None] = [None] * 12
    assert vn_aqi({"pm2_5": gone, "pm10": [150.0] * 12}) == 100
    assert vn_aqi({"pm2_5": gone, "pm10": gone}) is None


@pytest.mark.parametrize(
    ("index", "name"),
    [
        (0, "good"), (50, "good"), (51, "moderate"), (100, "moderate"), (101, "poor"),
        (150, "poor"), (151, "bad"), (200, "bad"), (201, "very_bad"), (300, "very_bad"),
        (301, "hazardous"), (500, "hazardous"),
    ],
)  # fmt: skip
def test_the_classes(index: int, name: str) -> None:
    assert class_of(index) == name
