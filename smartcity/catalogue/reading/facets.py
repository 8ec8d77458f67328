"""What procedures may be narrowed to, and how many there are of each."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

import orjson

from smartcity.catalogue.finding.procedures import Procedures
from smartcity.catalogue.records.schemas import Degree, Level
from smartcity.catalogue.rules import Sort, rules
from smartcity.core.texts import LANGUAGES, text

_COUNTED = ("life_events", "subjects", "levels")  # lists of a card
_COUNTED_ONCE = ("degree", "field", "agency")


def facets(procedures: Procedures) -> bytes:
    """JSON by FacetsOut, in the province's order; fields and agencies by their size."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    essential: dict[int, list[str]] = defaultdict(list)
    for code in procedures.codes:
        found = procedures.get(code)
        assert found
        card = orjson.loads(found.card)
        for name in _COUNTED:
            counts[name].update(card[name])
        for name in _COUNTED_ONCE:
            counts[name][card[name]] += 1
        for number in card["essential"]:
            essential[number].append(code)
    return orjson.dumps(_told(procedures, counts, essential))


def _told(
    procedures: Procedures,
    counts: Mapping[str, Counter[str]],
    essential: Mapping[int, list[str]],
) -> dict[str, Any]:
    return {
        "life_events": [
            {**_sort(each, counts["life_events"]), "audience": each.audience}
            for each in rules().life_events.values()
        ],
        "subjects": [_sort(each, counts["subjects"]) for each in rules().subjects.values()],
        "degrees": [_choice("degree", each, counts["degree"]) for each in Degree],
        "levels": [_choice("level", each, counts["levels"]) for each in Level],
        "fields": _by_size(counts["field"]),
        "agencies": _by_size(counts["agency"]),
        "essentials": [
            {
                **{"number": each.number, "vi": each.vi, "en": each.en},
                "services": _public(procedures, (*each.services, *essential[each.number])),
            }
            for each in rules().essentials.values()
        ],
    }


def _sort(sort: Sort, counts: Counter[str]) -> dict[str, Any]:
    return {"id": sort.id, "vi": sort.vi, "en": sort.en, "count": counts[sort.id]}


def _choice(kind: str, choice: str, counts: Counter[str]) -> dict[str, Any]:
    names = {lang: text(f"service.{kind}.{choice}", lang) for lang in LANGUAGES}
    return {"id": choice, **names, "count": counts[choice]}


def _by_size(counts: Counter[str]) -> list[dict[str, Any]]:
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [{"name": name, "count": count} for name, count in ordered]


def _public(procedures: Procedures, codes: Iterable[str]) -> list[str]:
    return [code for code in dict.fromkeys(codes) if procedures.get(code)]
