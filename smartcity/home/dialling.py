"""Numbers that can be called from any phone in Vietnam, one form for each."""

import re

from phonenumbers import (
    NumberParseException,
    PhoneNumberFormat,
    format_number,
    is_valid_number_for_region,
    parse,
)

from smartcity.core.errors import Invalid

_EMERGENCY, _SHORT = re.compile(r"[0-9]{3}"), re.compile(r"[0-9]{3,8}")
# The library also reads vanity letters and extensions, which nobody can tap.
_WRITTEN = re.compile(r"\+?[0-9 ().-]{3,24}")


def dialled(written: str, *, emergency: bool) -> str:
    """A number as it is dialled within Vietnam: `(0220) 3853 573` as `02203853573`.

    One for emergencies has three digits, a short one (1022, 19001234) three to eight; longer ones
    are of libphonenumber's plan. Raises Invalid.
    """
    digits = re.sub(r"[ ().-]", "", written)
    if (_EMERGENCY if emergency else _SHORT).fullmatch(digits):
        return digits
    if emergency or not _WRITTEN.fullmatch(written):
        raise Invalid(number="contact.bad_number")
    try:
        number = parse(written, "VN")
    except NumberParseException:
        raise Invalid(number="contact.bad_number") from None
    if not is_valid_number_for_region(number, "VN"):
        raise Invalid(number="contact.bad_number")
    return re.sub(r"\D", "", format_number(number, PhoneNumberFormat.NATIONAL))
