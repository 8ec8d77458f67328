"""Tables of areas, their boundaries, and the agencies that handle reports there."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from smartcity.core.db import Base


class AreaKind(StrEnum):
    """Kinds since 1 July 2025: two of provinces, three of communes (Law 72/2025/QH15, art. 1)."""

    PROVINCE = "province"
    CITY = "city"
    WARD = "ward"
    COMMUNE = "commune"
    SPECIAL_ZONE = "special_zone"


class AgencyKind(StrEnum):
    """What sort of unit handles a report."""

    OPERATIONS_CENTRE = "operations_centre"
    DEPARTMENT = "department"
    UTILITY = "utility"
    POLICE = "police"
    WARD = "ward"


class AreaRow(Base):
    """A province or one of its communes, by the code of the General Statistics Office."""

    __tablename__ = "areas"

    code: Mapped[str] = mapped_column(String(10), primary_key=True)
    name_vi: Mapped[str] = mapped_column(String(120))
    name_en: Mapped[str] = mapped_column(String(120))
    folded: Mapped[str] = mapped_column(String(250))
    kind: Mapped[str] = mapped_column(String(20))
    parent_code: Mapped[str | None] = mapped_column(ForeignKey("areas.code"))
    latitude: Mapped[float]
    longitude: Mapped[float]
    former_province: Mapped[str | None] = mapped_column(String(120))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    outline: Mapped[list[Any] | None]  # of a province: rings of [longitude, latitude]
    report_prefix: Mapped[str | None] = mapped_column(String(6))  # of a province: HP-2026-000123


class BoundaryRow(Base):
    """The boundary of a commune: a polygon or multipolygon in WGS 84, as WKB."""

    __tablename__ = "area_boundaries"

    area_code: Mapped[str] = mapped_column(ForeignKey("areas.code"), primary_key=True)
    geometry: Mapped[bytes] = mapped_column(LargeBinary)
    source: Mapped[str] = mapped_column(String(200))
    imported_at: Mapped[datetime]


class AgencyRow(Base):
    """A unit that handles reports; one that left the province's file stays, inactive."""

    __tablename__ = "agencies"

    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    name_vi: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(20))
    area_code: Mapped[str | None] = mapped_column(ForeignKey("areas.code"))
    categories: Mapped[list[Any]]
    active: Mapped[bool]
