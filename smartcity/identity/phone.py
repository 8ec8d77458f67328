"""Vietnamese mobile numbers, one form for each: E.164."""

import re
from typing import Any

import marshmallow as ma
from phonenumbers import (
    NumberParseException,
    PhoneNumber,
    PhoneNumberFormat,
    PhoneNumberType,
    format_number,
    is_valid_number,
    number_type,
    parse,
)

from smartcity.core.fields import Text

_VIETNAM = 84
# The library also reads vanity letters, extensions and RFC 3966 parameters: nobody's own number.
_WRITTEN = re.compile(r"\+?[0-9 ().-]{8,24}")


def mobile(written: str) -> str:
    """`0912 345 678`, `84912345678` and `+84912345678` as `+84912345678`.

    Raises ValueError with the text key of what is wrong. Numbering plan: libphonenumber's.
    """
    number = _parsed(written)
    if number.country_code != _VIETNAM:
        raise ValueError("identity.phone_foreign")
    if not is_valid_number(number):
        raise ValueError("identity.phone_invalid")
    if number_type(number) != PhoneNumberType.MOBILE:
        raise ValueError("identity.phone_not_mobile")
    return format_number(number, PhoneNumberFormat.E164)


def _parsed(written: str) -> PhoneNumber:
    try:
        if _WRITTEN.fullmatch(written):
            return parse(written, "VN")
    except NumberParseException:
        pass
    raise ValueError("identity.phone_invalid")


class Phone(Text):
    """A Vietnamese mobile number in any usual writing; loaded as E.164."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max=30, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        written = super()._deserialize(value, attr, data, **kwargs)
        try:
            return mobile(written)
        except ValueError as fault:
            raise ma.ValidationError(str(fault)) from None
