"""What a provider's claims make of an officer: `config/province/sso.yaml`, first match wins."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import marshmallow as ma
from marshmallow import validate
from sqlalchemy.orm import Session

from smartcity.areas import service as areas
from smartcity.core.context import per_app
from smartcity.core.datafile import read_yaml, refuse
from smartcity.core.errors import Forbidden, Invalid
from smartcity.core.fields import Schema, Text
from smartcity.identity.permissions import OFFICER_ROLES, Role
from smartcity.settings import Settings

FILE = "sso.yaml"
_CLAIM_LENGTH = 100


class _Condition(Schema):
    claim = Text(max=_CLAIM_LENGTH, required=True)
    contains = Text(max=200, required=True)


class _Rule(_Condition):
    role = ma.fields.Enum(
        Role, by_value=True, required=True, validate=validate.OneOf(OFFICER_ROLES)
    )
    agency = Text(max=40, load_default=None)
    agency_claim = Text(max=_CLAIM_LENGTH, load_default=None)

    @ma.validates_schema
    def _one_source(self, rule: dict[str, Any], **_: Any) -> None:
        if bool(rule.get("agency")) == bool(rule.get("agency_claim")):
            raise ma.ValidationError("federation.one_agency", "agency")


class _File(Schema):
    multi_factor = ma.fields.List(ma.fields.Nested(_Condition), required=True)
    rules = ma.fields.List(ma.fields.Nested(_Rule), required=True, validate=validate.Length(1))


@dataclass(frozen=True)
class Placement:
    """What an officer may do, and for which agency."""

    role: Role
    agency: str


def placement(claims: dict[str, Any]) -> Placement:
    """The role and agency of the first rule that fits; Forbidden when none does.

    Forbidden, too, when the agency is not one of ours, or no second factor was asked for.
    """
    rules = _map()
    if rules["multi_factor"] and not any(_fits(one, claims) for one in rules["multi_factor"]):
        raise Forbidden("federation.one_factor")
    for rule in rules["rules"]:
        if _fits(rule, claims):
            return Placement(rule["role"], _agency(rule, claims))
    raise Forbidden("federation.unmapped")


def check_map(session: Session, folder: Path) -> None:
    """Raise BadFile with every fault of a province's map, if it has one: unknown agencies, too."""
    file = folder / FILE
    if file.exists():
        known = {agency.code for agency in areas.agencies(session)}
        refuse(file, _unknown_agencies(read_yaml(file, _File)["rules"], known))


def _unknown_agencies(rules: list[dict[str, Any]], known: set[str]) -> Iterator[str]:
    for number, rule in enumerate(rules):
        if rule["agency"] and rule["agency"] not in known:
            yield f"rules[{number}].agency: {rule['agency']} is no agency"


def _fits(condition: dict[str, Any], claims: dict[str, Any]) -> bool:
    """A claim that is a list holds the value; one that is a text is the value."""
    told = claims.get(condition["claim"])
    return condition["contains"] in (told if isinstance(told, list) else [told])


def _agency(rule: dict[str, Any], claims: dict[str, Any]) -> str:
    code = rule["agency"] or claims.get(rule["agency_claim"])
    try:
        return areas.agency(code if isinstance(code, str) else "").code
    except Invalid:
        raise Forbidden("federation.agency_unknown") from None


@per_app
def _map(settings: Settings) -> dict[str, Any]:
    found: dict[str, Any] = read_yaml(settings.province_dir / FILE, _File)
    return found
