"""What the routes of identity take and give."""

import marshmallow as ma
from marshmallow import validate

from smartcity.core.fields import Instant, Schema, Text
from smartcity.identity.account import READING_SIZES
from smartcity.identity.phone import Phone
from smartcity.identity.sessions import LONGEST_TOKEN

_PHONE = {"example": "0912345678", "description": "A Vietnamese mobile number; +84, 84 or 0"}
_INSTALLATION = {"description": "The app's own random id; codes are scarce for who sends none"}
_CODE = {"example": "042917", "description": "The six digits of the SMS"}
_REFRESH = {"example": "rt_0198c0de4a6e7c3f9d0f6f1b2a3c4d5e.1.47DEQpj8HBSa-_TImW-5JCeuQeRkm5NM"}
_ASSURANCE = {"example": "otp", "description": "otp, or verified by an official identity"}
READING_SIZE = {
    "example": "large",
    "description": "Of letters, on every phone of his; null: as the phone is set",
}
_EXPIRES = {"example": 900, "description": "Seconds that the access token is good for"}


class ChallengeIn(Schema):
    phone = Phone(required=True, metadata=_PHONE)
    installation_id = ma.fields.UUID(metadata=_INSTALLATION)


class ChallengeOut(ma.Schema):
    challenge_id = ma.fields.UUID(required=True, attribute="id")
    expires_in = ma.fields.Integer(required=True, metadata={"example": 300})


class CodeIn(Schema):
    challenge_id = ma.fields.UUID(required=True)
    code = Text(max=6, required=True, metadata=_CODE)


class RefreshIn(Schema):
    refresh_token = Text(max=LONGEST_TOKEN, required=True, metadata=_REFRESH)


class TokensOut(ma.Schema):
    access_token = ma.fields.String(required=True, metadata={"example": "eyJhbGciOiJFUzI1NiIs…"})
    refresh_token = ma.fields.String(required=True, metadata=_REFRESH)
    token_type = ma.fields.String(required=True, validate=validate.Equal("Bearer"))
    expires_in = ma.fields.Integer(required=True, metadata=_EXPIRES)


class AccountOut(ma.Schema):
    """One's own account."""

    id = ma.fields.UUID(required=True)
    phone = ma.fields.String(required=True, metadata={"example": "+84912345678"})
    display_name = ma.fields.String(required=True, allow_none=True)
    assurance = ma.fields.String(required=True, metadata=_ASSURANCE)
    created_at = Instant(required=True)
    restricted_at = Instant(
        required=True, allow_none=True, metadata={"description": "Since when he is restricted"}
    )
    erase_at = Instant(
        required=True, allow_none=True, metadata={"description": "When he is to be erased"}
    )
    reading_size = ma.fields.String(
        required=True,
        allow_none=True,
        validate=validate.OneOf(READING_SIZES),
        metadata=READING_SIZE,
    )
