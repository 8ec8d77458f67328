"""The public list of procedures: what answers a question, or all by their use, page by page."""

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any

import orjson

from smartcity.catalogue.finding.answers import Match, Understood, answer
from smartcity.catalogue.finding.procedures import Procedures
from smartcity.catalogue.reading import offices
from smartcity.core.errors import Malformed
from smartcity.core.signing import seal, unseal

_NO_OFFICE = b',"served_by":null}'
MOST = 200  # answers to one question, however many pages
FILTERS = ("life_event", "subject", "field", "agency", "level", "degree", "channel", "essential")


@dataclass(frozen=True)
class Listed:
    """A page of procedures, and how the question was understood."""

    codes: Sequence[str]
    next_cursor: str | None
    understood: Sequence[Understood]


def listed(procedures: Procedures, asked: Mapping[str, Any], opened: Mapping[str, int]) -> Listed:
    """The page that `asked` (a loaded ServicesQuery) names; Malformed for a foreign cursor.

    The order does not move with the clock; a page goes on behind the last of the one before.
    """
    narrowed = procedures.labelled([f"{name}:{asked[name]}" for name in FILTERS if name in asked])
    found: Iterator[Match] | Sequence[Match]
    understood: Sequence[Understood] = ()
    if "q" in asked:
        answered = answer(procedures, asked["q"], opened, narrowed, MOST)
        found, understood = answered.matches, answered.understood
    else:
        found = _by_use(procedures, opened, narrowed)
    after = _after(asked)
    rest = (m for m in found if after is None or (-m.score, m.code) > after)
    page = list(islice(rest, asked["limit"] + 1))
    more = len(page) > asked["limit"]
    page = page[: asked["limit"]]
    cursor = seal(_purpose(asked), [page[-1].score, page[-1].code]) if more else None
    return Listed([match.code for match in page], cursor, understood)


def rendered(procedures: Procedures, page: Listed, ward: str | None) -> bytes:
    """A page as `schemas.ServicesOut` describes it; Invalid names an unknown `ward`."""
    cards = b",".join(_cards(procedures, page.codes, ward))
    rest = orjson.dumps({"next_cursor": page.next_cursor, "understood": page.understood})
    return b'{"items":[' + cards + b"]," + rest[1:]


def _cards(procedures: Procedures, codes: Sequence[str], ward: str | None) -> Iterator[bytes]:
    if ward:
        offices.served_by(None, ward)  # refuses an unknown one, whatever was found
    for found in filter(None, map(procedures.get, codes)):
        if ward:
            office = offices.served_by(found.counter, ward)
            yield offices.with_office(found.card.decode(), office).encode()
        else:
            yield found.card[:-1] + _NO_OFFICE


def _by_use(
    procedures: Procedures, opened: Mapping[str, int], narrowed: Collection[int] | None
) -> Iterator[Match]:
    used = sorted(opened, key=lambda code: (-opened[code], code))
    for code in chain(used, (code for code in procedures.codes if code not in opened)):
        number = procedures.numbers.get(code)
        if number is not None and (narrowed is None or number in narrowed):
            yield Match(code, opened.get(code, 0))


def _after(asked: Mapping[str, Any]) -> tuple[float, str] | None:
    """What the page before ended with."""
    if "cursor" not in asked:
        return None
    found = unseal(_purpose(asked), asked["cursor"])
    if not isinstance(found, list):
        raise Malformed("request.cursor")
    return -found[0], found[1]


def _purpose(asked: Mapping[str, Any]) -> str:
    filters = sorted((k, str(v)) for k, v in asked.items() if k not in ("cursor", "limit", "ward"))
    return f"cursor:services:{hashlib.sha256(repr(filters).encode()).hexdigest()[:16]}"
