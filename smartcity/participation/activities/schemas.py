"""Registrations on the wire."""

import marshmallow as ma
from marshmallow import validate

from smartcity.core.fields import Instant, Schema, Text
from smartcity.core.paging import PageQuery
from smartcity.participation.activities import codes
from smartcity.participation.eligibility import DeclaredIn
from smartcity.participation.models import Seat

_ID = {"example": "0198c0de-4a6e-7c1a-9b7e-2f1d3c4b5a69"}
_CALLED = {"description": "As he wants to be called", "example": "Chị Lan, Gia Viên"}
_OWN_NAME = {"description": "Without it, the name of the account", "example": "Chị Lan, Gia Viên"}
_TITLE = {"example": "Nhặt rác, làm sạch bờ biển Đồ Sơn"}
_TITLE_EN = {"example": "Beach clean-up in Đồ Sơn"}
_VENUE = {"example": "Bãi biển Đồ Sơn, trước nhà điều hành"}
_STATE = {"example": Seat.CONFIRMED.value}
_TURN = {"description": "In the waiting list, 1 for the next; null with a place", "example": 3}
_NUMBER = {"description": "As they came, without gaps", "example": 61}
_WARD = {"description": "Code of a commune, his own word", "example": "11359"}
_QR = {"example": f"{codes.VERSION}.0198c0de-4a6e-7c1a-9b7e-2f1d3c4b5a69.492039"}
_SECRET = {
    "description": "In base32 (RFC 6238, SHA-1)",
    "example": "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP",
}
_WITHDRAWN = {"description": "The activity is public no more"}


class PlacesOut(ma.Schema):
    """How many places there are, and how many are left."""

    capacity = ma.fields.Integer(required=True, metadata={"example": 60})
    taken = ma.fields.Integer(required=True, metadata={"example": 58})
    waiting = ma.fields.Integer(required=True, metadata={"example": 0})
    free = ma.fields.Integer(required=True, metadata={"example": 2})


class RegistrationIn(DeclaredIn):
    """What a citizen says of himself as he registers."""

    called = Text(max=80, load_default=None, allow_none=True, metadata=_OWN_NAME)


class _Registered(ma.Schema):
    id = ma.fields.UUID(required=True, metadata=_ID)
    state = ma.fields.String(required=True, validate=validate.OneOf([*Seat]), metadata=_STATE)
    called = ma.fields.String(required=True, allow_none=True, metadata=_CALLED)
    ward = ma.fields.String(required=True, allow_none=True, metadata=_WARD)
    birth_year = ma.fields.Integer(required=True, allow_none=True, metadata={"example": 1998})
    registered_at = Instant(required=True)
    confirmed_at = Instant(required=True, allow_none=True)
    cancelled_at = Instant(required=True, allow_none=True)
    checked_in_at = Instant(required=True, allow_none=True)


class RegistrationOut(_Registered):
    """A citizen's registration, with the activity that it is for."""

    activity_id = ma.fields.UUID(required=True, metadata=_ID)
    title = ma.fields.String(required=True, metadata=_TITLE)
    title_en = ma.fields.String(required=True, allow_none=True, metadata=_TITLE_EN)
    starts = ma.fields.String(required=True, metadata={"example": "2026-12-02T23:30:00.000+00:00"})
    ends = ma.fields.String(required=True, metadata={"example": "2026-12-03T02:30:00.000+00:00"})
    venue = ma.fields.String(required=True, metadata=_VENUE)
    withdrawn = ma.fields.Boolean(required=True, metadata=_WITHDRAWN)
    turn = ma.fields.Integer(required=True, allow_none=True, metadata=_TURN)


class CheckInKeyOut(ma.Schema):
    """What the phone makes its codes with, offline: TOTP (RFC 6238).

    The QR shows `prefix` and after it the code of the moment.
    """

    prefix = ma.fields.String(required=True, metadata={"example": _QR["example"][:-6]})
    secret = ma.fields.String(required=True, metadata=_SECRET)
    seconds = ma.fields.Integer(required=True, metadata={"example": codes.STEP})
    digits = ma.fields.Integer(required=True, metadata={"example": codes.DIGITS})


class SeatOut(RegistrationOut):
    """What a citizen is given when he registers."""

    check_in = ma.fields.Nested(CheckInKeyOut, required=True)


class CheckInCodeOut(ma.Schema):
    """A code made by the server's clock."""

    content = ma.fields.String(required=True, metadata=_QR)
    until = Instant(required=True, metadata={"description": "It is shown; then ask again"})


class RollEntryOut(_Registered):
    """A registration as officers see it."""

    number = ma.fields.Integer(required=True, metadata=_NUMBER)
    checked_in_by = ma.fields.String(
        required=True, allow_none=True, metadata={"example": f"officer:{_ID['example']}"}
    )


class RollFilter(Schema):
    """How an officer narrows a roll."""

    q = Text(max=100, metadata={"description": "Words of names, without accents too"})
    state = ma.fields.Enum(Seat, by_value=True, metadata={"example": "confirmed"})
    came = ma.fields.Boolean(metadata={"description": "Whether they are checked in"})


class RollQuery(PageQuery, RollFilter):
    """A page of it."""


class RollFiguresOut(ma.Schema):
    """How many registered, and how many came."""

    confirmed = ma.fields.Integer(required=True, metadata={"example": 60})
    waiting = ma.fields.Integer(required=True, metadata={"example": 4})
    cancelled = ma.fields.Integer(required=True, metadata={"example": 7})
    came = ma.fields.Integer(required=True, metadata={"example": 52})


class CheckInIn(Schema):
    """What the QR says."""

    code = Text(max=80, required=True, metadata=_QR)
