"""Numbers, days and times as people here write them."""

from datetime import UTC, datetime
from typing import Any

import marshmallow as ma
import pytest

from smartcity.registers.exchange import amounts

LOADED = datetime(2026, 11, 22, 20, 0, tzinfo=UTC)  # 3 o'clock of the 23rd here


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("8.000.000 đ", 8_000_000),
        ("8,000,000 VNĐ", 8_000_000),
        ("12.000đồng", 12_000),
        ("900", 900),
        (900.0, 900),
        ("900,0", 900),
        ("-5", -5),
    ],
)
def test_whole_numbers(cell: Any, number: int) -> None:
    assert amounts.whole(cell) == number


@pytest.mark.parametrize("cell", ["1.5", "8.00.000", "tám", "8 - 9", "", 1.5, "1e9"])
def test_what_is_no_whole_number(cell: Any) -> None:
    with pytest.raises(ma.ValidationError, match=r"field\.not_integer"):
        amounts.whole(cell)


@pytest.mark.parametrize("cell", ["20,8525", "20.8525", 20.8525, " 20,8525 "])
def test_decimals_with_either_sign(cell: Any) -> None:
    assert amounts.decimal(cell) == 20.8525


@pytest.mark.parametrize("cell", ["20°51'09\"", "20,85,25", "x", "nan"])
def test_what_is_no_decimal(cell: str) -> None:
    with pytest.raises(ma.ValidationError, match=r"field\.not_number"):
        amounts.decimal(cell)


@pytest.mark.parametrize(
    ("cell", "told"), [("Có", True), ("x", True), ("không", False), (True, True), ("0", False)]
)
def test_truth(cell: Any, told: bool) -> None:
    assert amounts.truth(cell) is told


@pytest.mark.parametrize(
    ("cell", "at"),
    [
        ("+6d 08:00", "2026-11-29T08:00:00+07:00"),
        ("-1d", "2026-11-22T00:00:00+07:00"),
        ("2027-05-08T20:00", "2027-05-08T20:00:00+07:00"),
        ("8/5/2027 7:30", "2027-05-08T07:30:00+07:00"),
        (datetime(2027, 5, 8, 20, 0), "2027-05-08T20:00:00+07:00"),
        ("2027-05-08T20:00:00Z", "2027-05-08T20:00:00Z"),
    ],
)
def test_times(cell: Any, at: str) -> None:
    assert amounts.instant(cell, LOADED) == at


def test_times_relative_to_nothing_stay_for_the_field_to_refuse() -> None:
    assert amounts.instant("+6d 08:00") == "+6d 08:00"
