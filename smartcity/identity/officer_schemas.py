"""What the routes of an officer's sign-in and own account take and give."""

import marshmallow as ma

from smartcity.core.fields import Schema, Text
from smartcity.identity.passwords import LONGEST, SHORTEST
from smartcity.identity.schemas import TokensOut

_DEVICE = {
    "example": "WyJvcGVyYXRvciIsIk9Ra0RfbEZ0Il0.Qm9yZW4",
    "description": "Keep it, and send it at the next sign-in: a known device is never locked out "
    "by others' guesses",
}
_OTP = {"example": "287082", "description": "Code of the app, or a recovery code, where needed"}
_CODE = {"example": "287082", "description": "The six digits that the authenticator app shows"}
_URI = {"example": "otpauth://totp/Smart%20City:operator?secret=…&issuer=Smart%20City"}
_RECOVERY = {"example": ["MZXW-6YTB-OI4D-QNJT"], "description": "Shown once; each is good once"}


class PasswordIn(Schema):
    username = Text(max=64, required=True, metadata={"example": "operator"})
    password = Text(max=LONGEST, required=True, metadata={"example": "a long pass phrase"})
    otp = Text(max=40, metadata=_OTP)
    device_token = Text(max=400, metadata=_DEVICE)


class OfficerTokensOut(TokensOut):
    device_token = ma.fields.String(required=True, metadata=_DEVICE)


class OwnAccountOut(ma.Schema):
    id = ma.fields.UUID(required=True)
    username = ma.fields.String(required=True, metadata={"example": "operator"})
    display_name = ma.fields.String(required=True, metadata={"example": "Nguyễn Thùy Linh"})
    role = ma.fields.String(required=True, metadata={"example": "ioc_operator"})
    agency = ma.fields.String(required=True, allow_none=True, metadata={"example": "so-xay-dung"})
    second_factor = ma.fields.Boolean(required=True, metadata={"description": "Set up and on"})
    recovery_codes_left = ma.fields.Integer(required=True, metadata={"example": 10})


class NewPasswordIn(Schema):
    current = Text(max=LONGEST, required=True, metadata={"example": "a long pass phrase"})
    new = Text(
        min=SHORTEST, max=LONGEST, required=True, metadata={"example": "a longer pass phrase"}
    )


class EnrolmentOut(ma.Schema):
    secret = ma.fields.String(required=True, metadata={"example": "JBSWY3DPEHPK3PXPJBSWY3DP"})
    uri = ma.fields.String(required=True, metadata=_URI)


class FactorCodeIn(Schema):
    code = Text(max=40, required=True, metadata=_CODE)


class RecoveryCodesOut(ma.Schema):
    recovery_codes = ma.fields.List(ma.fields.String(), required=True, metadata=_RECOVERY)
