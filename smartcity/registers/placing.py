"""Where a record is: its commune by its coordinates, and the slips of who wrote them."""

from typing import Any

from smartcity.areas import service as areas
from smartcity.core.errors import Invalid


def placed(record: dict[str, Any]) -> dict[str, Any]:
    """The record with its commune, if its schema knows one and its coordinates tell it.

    Raises Invalid for half a place, for one outside the province, and for swapped coordinates.
    """
    latitude, longitude = record.get("latitude"), record.get("longitude")
    if latitude is None and longitude is None:
        return record
    if latitude is None or longitude is None:
        raise Invalid(**{"longitude" if longitude is None else "latitude": "field.required"})
    try:
        found = areas.locate(latitude, longitude)
    except Invalid:
        if _inside(longitude, latitude):
            raise Invalid(latitude="register.swapped_coordinates") from None
        raise
    return {**record, "ward": record.get("ward") or found.ward.code}


def _inside(latitude: float, longitude: float) -> bool:
    if abs(latitude) > 90:
        return False
    try:
        areas.locate(latitude, longitude)
    except Invalid:
        return False
    return True
