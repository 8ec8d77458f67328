"""In which ward a report lies: by its coordinates, and near a boundary by the citizen's word.

Coordinates decide, never the words of an address: it may name a district that is no more.
"""

from smartcity.areas import service as areas


def placed(latitude: float, longitude: float, chosen: str | None) -> tuple[areas.Located, bool]:
    """Where a place is, and whether its ward is uncertain: near a boundary, and nobody chose.

    Raises Invalid outside the province, and for a chosen ward that is not near.
    """
    place = areas.locate(latitude, longitude)
    if chosen is None:
        return place, place.confirm
    return place.confirmed(chosen), False
