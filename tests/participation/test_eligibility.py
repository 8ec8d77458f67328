"""Who may take part: asked only for what the conditions need."""

from datetime import UTC, datetime
from typing import Any

import pytest
from marshmallow import ValidationError

from smartcity.core import clock
from smartcity.core.errors import Forbidden, Invalid
from smartcity.identity.permissions import Principal, Role
from smartcity.participation.eligibility import (
    DeclaredIn,
    EligibilitySchema,
    asked_for,
    refuse_unless_eligible,
)

OTP = Principal(Role.CITIZEN, "a", assurance="otp")
VERIFIED = Principal(Role.CITIZEN, "a", assurance="verified")
FOR_ALL = {"verified": False, "wards": [], "least_age": None}


@pytest.mark.parametrize(
    ("conditions", "who", "declared", "refused"),
    [
        ({}, OTP, {}, None),
        ({"verified": True}, VERIFIED, {}, None),
        ({"verified": True}, OTP, {}, "verified"),
        ({"wards": ["11359"]}, OTP, {"ward": "11359"}, None),
        ({"wards": ["11359"]}, OTP, {"ward": "11383"}, "ward"),
        ({"least_age": 18}, OTP, {"birth_year": 2008}, None),
        ({"least_age": 18}, OTP, {"birth_year": 2009}, "age"),
    ],
)
def test_whom_the_conditions_leave_out(conditions, who, declared, refused) -> None:
    with clock.frozen(datetime(2026, 11, 22, tzinfo=UTC)):
        assert _refusal({**FOR_ALL, **conditions}, who, declared) == (
            refused and f"participation.not_eligible.{refused}"
        )


def test_the_year_is_the_one_here_not_in_greenwich() -> None:
    with clock.frozen(datetime(2026, 12, 31, 18, tzinfo=UTC)):
        assert _refusal({**FOR_ALL, "least_age": 18}, OTP, {"birth_year": 2009}) is None


def test_what_is_asked_for_and_missing_is_named() -> None:
    conditions = {"verified": False, "wards": ["11359"], "least_age": 16}
    with pytest.raises(Invalid) as refused:
        refuse_unless_eligible(conditions, OTP, {"ward": None})
    assert refused.value.errors == {
        "ward": ["field.required"],
        "birth_year": ["field.required"],
    }


def test_what_is_not_asked_for_is_not_kept() -> None:
    told = {"ward": "11359", "birth_year": 1990}
    assert asked_for(FOR_ALL, told) == {"ward": None, "birth_year": None}
    assert asked_for({**FOR_ALL, "least_age": 16}, told) == {"ward": None, "birth_year": 1990}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_records_and_citizens_may_say(in_app) -> None:
    assert EligibilitySchema().load({}) == FOR_ALL
    for schema, bad in (
        (EligibilitySchema, {"wards": ["00000"]}),
        (EligibilitySchema, {"least_age": 0}),
        (DeclaredIn, {"ward": "00000"}),
        (DeclaredIn, {"birth_year": 1899}),
    ):
        with pytest.raises(ValidationError):
            schema().load(bad)


def _refusal(conditions: dict[str, Any], who: Principal, declared: dict[str, Any]) -> str | None:
    try:
        refuse_unless_eligible(conditions, who, declared)
    except Forbidden as problem:
        return problem.code
    return None
