"""Who may take part: what a record asks of a citizen, and what he says of himself for it."""

from collections.abc import Mapping
from typing import Any

import marshmallow as ma
from marshmallow import validate

from smartcity.core import clock
from smartcity.core.errors import Forbidden, Invalid
from smartcity.core.fields import Schema
from smartcity.identity.permissions import Principal
from smartcity.registers.service import ward_field

_VERIFIED = {"description": "Only accounts that an official identity stands behind"}
_WARDS = {"description": "Only who lives in one of these communes; empty: wherever he lives"}
_AGE = {"description": "In years, reached within the present year", "example": 16}
_BIRTH_YEAR = {"description": "Only where an age is asked for", "example": 1998}
_SURE = "verified"  # the assurance of a principal


class EligibilitySchema(Schema):
    """Who may take part; without conditions everybody who has an account."""

    verified = ma.fields.Boolean(load_default=False, metadata=_VERIFIED)
    wards = ma.fields.List(
        ward_field(), load_default=list, validate=validate.Length(max=200), metadata=_WARDS
    )
    least_age = ma.fields.Integer(
        load_default=None, allow_none=True, validate=validate.Range(1, 120), metadata=_AGE
    )


def eligibility_field() -> ma.fields.Field[Any]:
    """The field `eligibility` of a record; absent it is without conditions."""
    return ma.fields.Nested(EligibilitySchema, load_default=lambda: EligibilitySchema().load({}))


class DeclaredIn(Schema):
    """What a citizen says of himself, each only where eligibility asks for it."""

    ward = ward_field(load_default=None, allow_none=True)
    birth_year = ma.fields.Integer(
        load_default=None,
        allow_none=True,
        validate=validate.Range(1900, 2100),
        metadata=_BIRTH_YEAR,
    )


def asked_for(eligibility: Mapping[str, Any], declared: Mapping[str, Any]) -> dict[str, Any]:
    """`ward` and `birth_year` as they may be kept: None where eligibility does not ask for it."""
    return {
        "ward": declared.get("ward") if eligibility["wards"] else None,
        "birth_year": declared.get("birth_year") if eligibility["least_age"] else None,
    }


def refuse_unless_eligible(
    eligibility: Mapping[str, Any], principal: Principal, declared: Mapping[str, Any]
) -> None:
    """Raise Forbidden for whom the conditions leave out.

    Invalid names `ward` or `birth_year` where one is asked for and missing. The age counts by the
    year alone: nobody gives his birthday.
    """
    if eligibility["verified"] and principal.assurance != _SURE:
        raise Forbidden("participation.not_eligible.verified")
    told = asked_for(eligibility, declared)
    wanted = {"ward": eligibility["wards"], "birth_year": eligibility["least_age"]}
    if missing := [name for name, asked in wanted.items() if asked and told[name] is None]:
        raise Invalid(**dict.fromkeys(missing, "field.required"))
    if wanted["ward"] and told["ward"] not in wanted["ward"]:
        raise Forbidden("participation.not_eligible.ward")
    if wanted["birth_year"] and _age(told["birth_year"]) < wanted["birth_year"]:
        raise Forbidden("participation.not_eligible.age", least=wanted["birth_year"])


def _age(birth_year: int) -> int:
    return clock.now().astimezone(clock.LOCAL).year - birth_year
