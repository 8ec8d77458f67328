"""Officers' accounts and partners' keys as an admin sees and sets them."""

from typing import Any

import marshmallow as ma
from marshmallow import validate

from smartcity.core.fields import Instant, Schema, Text
from smartcity.core.paging import PageQuery
from smartcity.identity.passwords import LONGEST
from smartcity.identity.permissions import OFFICER_ROLES, PARTNERS_MAY

_ROLES = validate.OneOf(sorted(role.value for role in OFFICER_ROLES))
_UNIT = {"example": "so-xay-dung", "description": "Code of an agency; a unit's officer needs one"}
_USERNAME = {"example": "linh.nguyen"}
_SHOWN = {"example": "Nguyễn Thùy Linh"}
_REASON = {"example": "Nghỉ hưu từ ngày 1/12/2026.", "description": "Kept in the audit record"}
_WORDS = {"description": "Words of the name, accents not needed"}
_VERSION = {"description": "For `If-Match`, in quotes; rises with every change", "example": 3}
_FIRST = {"example": "mật khẩu tạm thời 2026", "description": "Has to be changed at sign-in"}
_NAME = {"example": "Cổng 1022"}
_LIMIT = {"example": 120, "description": "Requests in a minute; the program's default when null"}
_KEY = {"example": "skp_0198c0de4a6e7c3f9d0f6f1b2a3c4d5e_…", "description": "Shown this once"}
_OLD = {"description": "Until when the key before the last rotation is good"}


def _something(asked: dict[str, Any]) -> None:
    if not asked:
        raise ma.ValidationError("admin.nothing_to_change")


def _none_twice(grants: list[str]) -> None:
    if len(set(grants)) < len(grants):
        raise ma.ValidationError("partner.grant_twice")


def _grants(**options: Any) -> ma.fields.List[str]:
    granted = ma.fields.String(validate=validate.OneOf([str(action) for action in PARTNERS_MAY]))
    return ma.fields.List(granted, validate=[validate.Length(min=1), _none_twice], **options)


def _per_minute(**options: Any) -> ma.fields.Integer:
    within = validate.Range(1, 100_000)
    return ma.fields.Integer(
        strict=True, allow_none=True, validate=within, metadata=_LIMIT, **options
    )


class OfficerIn(Schema):
    """A new account; its password is good for changing it."""

    username = Text(max=64, required=True, metadata=_USERNAME)
    password = Text(max=LONGEST, required=True, metadata=_FIRST)
    role = ma.fields.String(required=True, validate=_ROLES)
    agency = Text(max=40, load_default=None, allow_none=True, metadata=_UNIT)
    display_name = Text(max=120, required=True, metadata=_SHOWN)


class OfficerChangeIn(Schema):
    """What is to be another; the rest stays."""

    role = ma.fields.String(validate=_ROLES)
    agency = Text(max=40, allow_none=True, metadata=_UNIT)
    display_name = Text(max=120, metadata=_SHOWN)

    @ma.validates_schema
    def _names_something(self, asked: dict[str, Any], **_: Any) -> None:
        _something(asked)


class ReasonIn(Schema):
    """Why it is done."""

    reason = Text(max=500, lines=True, required=True, metadata=_REASON)


class OfficerOut(ma.Schema):
    """An officer's account."""

    id = ma.fields.UUID(required=True)
    username = ma.fields.String(required=True, metadata=_USERNAME)
    role = ma.fields.String(required=True, validate=_ROLES)
    agency = ma.fields.String(required=True, allow_none=True, metadata=_UNIT)
    display_name = ma.fields.String(required=True, metadata=_SHOWN)
    active = ma.fields.Boolean(required=True)
    password_temporary = ma.fields.Boolean(required=True)
    created_at = Instant(required=True)
    version = ma.fields.Integer(required=True, metadata=_VERSION)


class OfficerQuery(PageQuery):
    """How an admin narrows the list of accounts."""

    role = ma.fields.String(validate=_ROLES)
    agency = Text(max=40)
    active = ma.fields.Boolean()
    q = Text(max=100, metadata=_WORDS)


class PartnerIn(Schema):
    """A new partner."""

    name = Text(max=120, required=True, metadata=_NAME)
    grants = _grants(required=True)
    per_minute = _per_minute(load_default=None)
    expires_at = Instant(load_default=None, allow_none=True)


class PartnerChangeIn(Schema):
    """What is to be another; the rest stays."""

    name = Text(max=120, metadata=_NAME)
    grants = _grants()
    per_minute = _per_minute()

    @ma.validates_schema
    def _names_something(self, asked: dict[str, Any], **_: Any) -> None:
        _something(asked)


class RotationIn(Schema):
    """How long the present key stays good beside the new one."""

    grace_days = ma.fields.Integer(
        strict=True, load_default=7, validate=validate.Range(0, 90), metadata={"example": 7}
    )


class PartnerOut(ma.Schema):
    """A partner; his key is not shown again."""

    id = ma.fields.UUID(required=True)
    name = ma.fields.String(required=True, metadata=_NAME)
    grants = ma.fields.List(ma.fields.String(metadata={"example": "call_back"}), required=True)
    per_minute = ma.fields.Integer(required=True, allow_none=True, metadata=_LIMIT)
    created_at = Instant(required=True)
    expires_at = Instant(required=True, allow_none=True)
    last_used_at = Instant(required=True, allow_none=True, metadata={"description": "By minute"})
    old_until = Instant(required=True, allow_none=True, metadata=_OLD)
    revoked_at = Instant(required=True, allow_none=True)
    version = ma.fields.Integer(required=True, metadata=_VERSION)


class NewKeyOut(ma.Schema):
    """A partner with his new key."""

    key = ma.fields.String(required=True, metadata=_KEY)
    partner = ma.fields.Nested(PartnerOut, required=True)


class PartnerQuery(PageQuery):
    """How an admin narrows the list of partners."""

    active = ma.fields.Boolean(metadata={"description": "Neither revoked nor over"})
    q = Text(max=100, metadata=_WORDS)
