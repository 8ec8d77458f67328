"""Areas and agencies as everybody reads them: in memory, at most 30 seconds old."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from sqlalchemy.orm import Session

from smartcity.areas.models import AgencyRow, AreaRow
from smartcity.core import clock
from smartcity.core.cache import Refreshed, snapshot
from smartcity.core.context import per_app
from smartcity.core.db import reading
from smartcity.core.errors import Invalid, Unavailable
from smartcity.settings import Settings


@dataclass(frozen=True)
class Area:
    """A province or commune; its centre in degrees, WGS 84. `folded` is what a search compares."""

    code: str
    name_vi: str
    name_en: str
    folded: str
    kind: str
    parent_code: str | None
    latitude: float
    longitude: float
    former_province: str | None
    valid_from: date
    valid_to: date | None
    outline: list[Any] | None
    report_prefix: str | None

    def valid_on(self, day: date) -> bool:
        """Whether the area is there on a day; its last day included."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True)
class Agency:
    """A unit that handles reports of some categories, in one area or (None) everywhere."""

    code: str
    name_vi: str
    name_en: str
    kind: str
    area_code: str | None
    categories: list[str]
    active: bool


@dataclass(frozen=True)
class Reference:
    """Every area and agency by code, former and inactive ones included."""

    areas: Mapping[str, Area]
    agencies: Mapping[str, Agency]

    @cached_property
    def province(self) -> Area:
        """The one area above all; Unavailable before a province was loaded."""
        for area in self.areas.values():
            if area.parent_code is None:
                return area
        raise Unavailable("area.no_province")

    @cached_property
    def wards(self) -> tuple[Area, ...]:
        """The communes of today, by code."""
        today = clock.now().astimezone(clock.LOCAL).date()
        return tuple(a for a in self.areas.values() if a.parent_code and a.valid_on(today))

    @cached_property
    def committees(self) -> Mapping[str, Agency]:
        """The unit that handles a commune's own matters, by the commune's code."""
        return {a.area_code: a for a in self.agencies.values() if a.area_code and a.active}


@per_app
def known(_settings: Settings) -> Refreshed[Reference]:
    """The application's copy."""
    return Refreshed(_read, every=30)


def reference() -> Reference:
    """Every area and agency, at no SQL statement but once in 30 seconds."""
    return known()()


def agency(code: str) -> Agency:
    """An agency that may be given work; Invalid names the field `agency`."""
    found = reference().agencies.get(code)
    if found is None or not found.active:
        raise Invalid(agency="agency.unknown")
    return found


def agencies(session: Session) -> list[Agency]:
    """Every agency as this transaction sees it."""
    return snapshot(session, AgencyRow, Agency)


def reference_in(session: Session) -> Reference:
    """Every area and agency as this transaction sees them."""
    areas = snapshot(session, AreaRow, Area)
    return Reference({a.code: a for a in areas}, {a.code: a for a in agencies(session)})


def _read(_before: Reference | None) -> Reference:
    with reading() as session:
        return reference_in(session)
