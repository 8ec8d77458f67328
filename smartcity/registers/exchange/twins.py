"""Records that seem to be one thing: of one name, at one place, under two keys."""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from smartcity.areas.service import METRES_PER_DEGREE
from smartcity.core.text import fold
from smartcity.registers.kind import Kind, Record
from smartcity.registers.models import Entry, State

_NEAR = 50  # metres


@dataclass(frozen=True, slots=True)
class Sighting:
    """A thing by its key: where it is, since when; the line of the file, or 0 in the register."""

    key: str
    line: int
    latitude: float | None
    longitude: float | None
    ward: str | None
    opens: str | None

    def is_like(self, other: "Sighting") -> bool:
        """Within 50 m where both tell their place, else in the same commune; and no other day's."""
        if self.key == other.key or self.opens != other.opens:
            return False
        if self.latitude is None or other.latitude is None:
            return self.ward == other.ward
        return _metres(self, other) <= _NEAR


def sighting(kind: Kind, record: Record, line: int, key: str) -> Sighting:
    """A record as it is compared with its likes."""
    place = (record.get("latitude"), record.get("longitude"), record.get("ward"))
    return Sighting(key, line, *place, record.get(kind.window[0]) if kind.window else None)


def standing_like(
    session: Session, kind: Kind, titles: Iterable[str]
) -> Mapping[str, list[Sighting]]:
    """What the register has under some titles, by the title folded."""
    folded = {fold(title)[:100] for title in titles}
    query = select(Entry.id, Entry.key, Entry.sorting, Entry.record)
    kept = query.where(Entry.kind == kind.name, Entry.state != State.DISCARDED)
    found: dict[str, list[Sighting]] = {}
    for ident, key, sorting, record in session.execute(kept.where(Entry.sorting.in_(folded))):
        found.setdefault(sorting, []).append(sighting(kind, record, 0, key or str(ident)))
    return found


class Twins:
    """The sightings of a file, by title."""

    def __init__(self) -> None:
        self._seen: dict[str, list[Sighting]] = {}

    def like(
        self, title: str, new: Sighting, standing: Mapping[str, list[Sighting]]
    ) -> Iterator[Sighting]:
        """Those like a new one, before it in the file or in the register; it is kept."""
        folded = fold(title)[:100]
        seen = self._seen.setdefault(folded, [])
        yield from (one for one in [*seen, *standing.get(folded, ())] if new.is_like(one))
        seen.append(new)


def _metres(one: Any, other: Any) -> float:
    """On a plane, true within a province."""
    across = math.cos(math.radians(one.latitude)) * (one.longitude - other.longitude)
    return math.hypot(one.latitude - other.latitude, across) * METRES_PER_DEGREE
