"""Who takes papers in where a citizen lives, by its name."""

from dataclasses import asdict, dataclass

import orjson

from smartcity.areas import service as areas
from smartcity.catalogue.rules import PLACE, rules
from smartcity.core.errors import Invalid


@dataclass(frozen=True)
class Office:
    """A counter by its names; `at` is commune or province, `ward` the commune that was asked."""

    vi: str
    en: str
    at: str
    ward: str


def served_by(counter: str | None, ward: str) -> Office | None:
    """The office behind a counter of `catalogue.yaml` that serves a commune.

    None where a record names no counter, or one that the file no longer has. Invalid names the
    field `ward` for a code that is no commune of today.
    """
    place = _commune(ward)
    found = rules().counters.get(counter) if counter else None
    if found is None:
        return None
    vi = found.vi.replace(PLACE, place.name_vi[:1].lower() + place.name_vi[1:])
    return Office(vi, found.en.replace(PLACE, place.name_en), found.at, ward)


def with_office(text: str, office: Office | None) -> str:
    """A card or a whole as it is stored, with `served_by` set in at its end."""
    told = orjson.dumps(office and asdict(office)).decode()
    return f'{text[:-1]},"served_by":{told}}}'


def _commune(code: str) -> areas.Area:
    for ward in areas.reference().wards:
        if ward.code == code:
            return ward
    raise Invalid(ward="catalogue.unknown_ward")
