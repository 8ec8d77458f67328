"""Loading `areas.yaml` and `agencies.yaml`: all of it, or an error that names file and key."""

from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import marshmallow as ma
import shapely
from marshmallow import validate
from sqlalchemy.orm import Session

from smartcity.areas.locate import outline_shape, ward_map
from smartcity.areas.models import AgencyKind, AgencyRow, AreaKind, AreaRow
from smartcity.areas.reference import known
from smartcity.core.datafile import BadFile, bring_up_to, read_yaml, refuse, repeated
from smartcity.core.fields import Number, Schema, Text
from smartcity.core.text import fold

_PROVINCES = (AreaKind.PROVINCE, AreaKind.CITY)
_COMMUNES = (AreaKind.WARD, AreaKind.COMMUNE, AreaKind.SPECIAL_ZONE)
_Day = partial(ma.fields.Date, error_messages={"invalid": "area.not_a_date"})
_Latitude = partial(Number, min=-90, max=90, required=True)
_Longitude = partial(Number, min=-180, max=180, required=True)
_Place = partial(
    ma.fields.Tuple, (_Longitude(), _Latitude()), error_messages={"invalid": "field.not_list"}
)


def _kind(choices: Iterable[str]) -> ma.fields.String:
    return ma.fields.String(required=True, validate=validate.OneOf(list(choices)))


class _Area(Schema):
    code = Text(max=10, required=True)
    name_vi = Text(max=120, required=True)
    name_en = Text(max=120, required=True)


class _Province(_Area):
    kind = _kind(_PROVINCES)
    report_prefix = Text(max=6, required=True)
    valid_from = _Day(required=True)
    outlines = ma.fields.List(
        ma.fields.List(_Place(), validate=validate.Length(4)),
        attribute="outline",
        required=True,
        validate=validate.Length(1),
    )


class _Ward(_Area):
    kind = _kind(_COMMUNES)
    latitude = _Latitude()
    longitude = _Longitude()
    former_province = Text(max=120, load_default=None)
    valid_from = _Day()  # the province's when absent
    valid_to = _Day(load_default=None)


class _AreasFile(Schema):
    province = ma.fields.Nested(_Province, required=True)
    wards = ma.fields.List(ma.fields.Nested(_Ward), required=True, validate=validate.Length(1))


class _Agency(Schema):
    code = Text(max=40, required=True)
    name_vi = Text(max=200, required=True)
    name_en = Text(max=200, required=True)
    kind = _kind(AgencyKind)
    area = Text(max=10, attribute="area_code", load_default=None)
    categories = ma.fields.List(Text(max=40), required=True)


class _WardAgency(_Agency):
    area = Text(max=10, attribute="area_code", required=True)


class _AgenciesFile(Schema):
    agencies = ma.fields.List(ma.fields.Nested(_Agency), required=True)
    ward_agencies = ma.fields.Nested(_WardAgency, required=True)


def load_province(session: Session, folder: Path) -> None:
    """Bring areas and agencies up to a province's folder; may be repeated.

    BadFile names what is wrong, and nothing is changed. An agency that left the file becomes
    inactive; an area may not leave it, but ends by `valid_to`.
    """
    areas = folder / "areas.yaml"
    content = read_yaml(areas, _AreasFile)
    refuse(areas, _area_faults(content))
    gone = bring_up_to(session, AreaRow, _area_rows(content))
    refuse(areas, (f"wards: {row.code} is in use; end it by valid_to" for row in gone))
    _load_agencies(session, folder / "agencies.yaml", content["wards"])
    session.flush()
    known().forget()
    ward_map().forget()


def _load_agencies(session: Session, file: Path, wards: list[dict[str, Any]]) -> None:
    content = read_yaml(file, _AgenciesFile)
    agencies = [*content["agencies"], *_committees(file, content["ward_agencies"], wards)]
    refuse(file, repeated(agency["code"] for agency in agencies))
    codes = {ward["code"] for ward in wards}
    strays = [a for a in agencies if a["area_code"] and a["area_code"] not in codes]
    refuse(file, (f"{a['code']}.area: no ward {a['area_code']} in areas.yaml" for a in strays))
    for row in bring_up_to(session, AgencyRow, ({**a, "active": True} for a in agencies)):
        row.active = False


def _committees(
    file: Path, rule: dict[str, Any], wards: list[dict[str, Any]]
) -> Iterator[dict[str, Any]]:
    """The rule `ward_agencies` written out: one unit for each ward."""
    templates = {key: rule[key] for key in ("code", "name_vi", "name_en", "area_code")}
    for ward in wards:
        names = {"ward": ward["code"], "name_vi": ward["name_vi"], "name_en": ward["name_en"]}
        try:
            yield {**rule, **{key: form.format(**names) for key, form in templates.items()}}
        except (KeyError, IndexError, ValueError) as error:
            raise BadFile(file, [f"ward_agencies: no such name in braces: {error}"]) from None


def _area_faults(content: dict[str, Any]) -> Iterator[str]:
    province, wards = content["province"], content["wards"]
    for number, ring in enumerate(province["outline"]):
        if ring[0] != ring[-1]:
            yield f"province.outlines[{number}]: does not end where it begins"
    yield from repeated(area["code"] for area in (province, *wards))
    outline = outline_shape(province["outline"])
    if not outline.is_valid:
        yield "province.outlines: a ring crosses itself or another"
        return
    for ward in wards:
        if not outline.intersects(shapely.Point(ward["longitude"], ward["latitude"])):
            yield f"wards: {ward['code']}: its centre is outside province.outlines"


def _area_rows(content: dict[str, Any]) -> Iterator[dict[str, Any]]:
    province = content["province"]
    inner = outline_shape(province["outline"]).representative_point()
    yield _area_row(province, latitude=round(inner.y, 5), longitude=round(inner.x, 5))
    shared = {"parent_code": province["code"], "valid_from": province["valid_from"]}
    for ward in content["wards"]:
        yield _area_row({**shared, **ward})


def _area_row(area: dict[str, Any], **place: float) -> dict[str, Any]:
    return {**area, **place, "folded": fold(f"{area['name_vi']} {area['name_en']}")}
