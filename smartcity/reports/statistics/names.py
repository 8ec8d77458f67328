"""What the keys of figures are called."""

from collections.abc import Mapping
from typing import Any

from smartcity.areas import service as areas
from smartcity.core.texts import LANGUAGES, text
from smartcity.reports.categories import choices

Named = dict[str, str | None]


def named(group: str, key: str | None) -> Named:
    """A key with its names; one that the reference data lacks is its own name."""
    if key is None:
        return _told(key, {lang: text("statistics.no_agency", lang) for lang in LANGUAGES})
    if group == "month":
        month = {"month": int(key[5:]), "year": key[:4]}
        return _told(key, {lang: text("statistics.month", lang, **month) for lang in LANGUAGES})
    known: Mapping[str, Any] = {
        "category": choices().categories,
        "area": areas.reference().areas,
        "agency": areas.reference().agencies,
    }[group]
    thing = known.get(key)
    if thing is None:
        return _told(key, dict.fromkeys(LANGUAGES, key))
    return {"key": key, "name_vi": thing.name_vi, "name_en": thing.name_en}


def _told(key: str | None, names: Mapping[str, str]) -> Named:
    return {"key": key, "name_vi": names["vi"], "name_en": names["en"]}
