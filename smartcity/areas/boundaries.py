"""Importing the boundaries of a province's communes from GeoJSON (RFC 7946)."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from smartcity.areas.locate import ward_map
from smartcity.areas.models import AreaRow, BoundaryRow
from smartcity.areas.reference import Area, Reference
from smartcity.core import clock
from smartcity.core.cache import snapshot
from smartcity.core.datafile import BadFile, refuse, repeated


@dataclass(frozen=True)
class Summary:
    """What an import did: communes drawn, those whose shape was mended, codes not of ours."""

    imported: int
    mended: list[str]
    unknown: list[str]


@dataclass(frozen=True)
class Feature:
    """One commune of the file: its code, its shape as drawn, and what is wrong with it."""

    code: str
    shape: Any
    fault: str | None = None


def import_boundaries(session: Session, file: Path) -> Summary:
    """Put a GeoJSON FeatureCollection in the place of all boundaries; BadFile, or whole.

    A feature has `properties.code` (GSO) and a polygon or multipolygon in WGS 84. Every commune
    of today must be there; codes of other provinces are passed over. Other processes take the new
    boundaries up within a minute.
    """
    features = [_feature(number, raw) for number, raw in enumerate(_features(file))]
    refuse(file, (feature.fault for feature in features if feature.fault))
    refuse(file, repeated(feature.code for feature in features))
    areas = snapshot(session, AreaRow, Area)
    wards = {ward.code for ward in Reference({a.code: a for a in areas}, {}).wards}
    given = {feature.code for feature in features}
    refuse(file, (f"no boundary of {code}" for code in sorted(wards - given)))
    ours = [feature for feature in features if feature.code in wards]
    _replace(session, ours, file.name[:200])
    mended = [feature.code for feature in ours if not feature.shape.is_valid]
    return Summary(len(ours), mended, sorted(given - wards))


def _replace(session: Session, features: Iterable[Feature], source: str) -> None:
    session.execute(delete(BoundaryRow))
    stamp = {"source": source, "imported_at": clock.now()}
    rows = [
        {"area_code": f.code, "geometry": shapely.to_wkb(_mended(f.shape)), **stamp}
        for f in features
    ]
    session.execute(insert(BoundaryRow), rows)
    ward_map().forget()


def _features(file: Path) -> list[Any]:
    try:
        document = json.loads(file.read_bytes(), parse_constant=_refuse_constant)
    except (OSError, ValueError, RecursionError) as error:
        raise BadFile(file, [str(error)]) from None
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list) or document.get("type") != "FeatureCollection":
        raise BadFile(file, ["not a GeoJSON FeatureCollection"])
    return features


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON number")


def _feature(number: int, raw: Any) -> Feature:
    properties = raw.get("properties") if isinstance(raw, dict) else None
    code = properties.get("code") if isinstance(properties, dict) else None
    if not isinstance(code, str) or not code:
        return Feature("", None, f"features[{number}]: properties.code is not a text")
    try:
        shape = shapely.force_2d(shapely.from_geojson(json.dumps(raw.get("geometry"))))
    except (shapely.GEOSException, RecursionError) as error:
        return Feature(code, None, f"features[{number}] ({code}): {error}")
    faults = "; ".join(_shape_faults(shape))
    return Feature(code, shape, f"features[{number}] ({code}): {faults}" if faults else None)


def _shape_faults(shape: Any) -> Iterator[str]:
    if shape.geom_type not in ("Polygon", "MultiPolygon"):
        yield f"a {shape.geom_type} is no boundary"
        return
    degrees = shapely.get_coordinates(shape)
    if not (np.abs(degrees) <= (180, 90)).all():
        yield "not [longitude, latitude] in degrees"
    elif _mended(shape).is_empty:
        yield "holds no ground"


def _mended(shape: Any) -> Any:
    """The same ground as valid polygons: rings that cross themselves are taken apart."""
    return shapely.make_valid(shape, method="structure", keep_collapsed=False)
