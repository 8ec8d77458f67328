"""Events for tests."""

from typing import Any

GOOD: dict[str, Any] = {
    "title": "Lễ hội Hoa Phượng Đỏ",
    "category": "festival",
    "starts": "2027-05-08T20:00:00+07:00",
    "ends": "2027-05-08T22:00:00+07:00",
    "venue": "Quảng trường Nhà hát thành phố",
}


def event(**fields: Any) -> dict[str, Any]:
    """A good one, but for these fields."""
    return {**GOOD, **fields}


def on(day: str, **fields: Any) -> dict[str, Any]:
    """One that lasts from seven to nine in the evening of a day here."""
    times = {"starts": f"{day}T19:00:00+07:00", "ends": f"{day}T21:00:00+07:00"}
    return event(**{**times, **fields})
