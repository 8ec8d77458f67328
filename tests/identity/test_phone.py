import marshmallow as ma
import pytest

from smartcity.core.fields import Schema
from smartcity.core.texts import catalogue
from smartcity.identity.phone import Phone, mobile


@pytest.mark.parametrize(
    "written",
    [
        "0912345678",
        "84912345678",
        "+84912345678",
        "0084912345678",
        "+84 91 234 5678",
        "091.234.5678",
        "(091) 234-5678",
        "  0912345678 ",
        "091\u200b2345678",
    ],
)
def test_every_way_to_write_a_number_is_one(written):
    asked = Schema.from_dict({"phone": Phone(required=True)})().load({"phone": written})
    assert asked == {"phone": "+84912345678"}


@pytest.mark.parametrize("number", ["0599999999", "0871234567", "0325550101", "0761234567"])
def test_every_operator_is_taken(number):
    assert mobile(number) == "+84" + number[1:]


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        ("02253842123", "identity.phone_not_mobile"),
        ("+84 24 3825 3536", "identity.phone_not_mobile"),
        ("19001022", "identity.phone_not_mobile"),
        ("+12025550100", "identity.phone_foreign"),
        ("+8613812345678", "identity.phone_foreign"),
        ("01681234567", "identity.phone_invalid"),
        ("+8491234567890", "identity.phone_invalid"),
        ("0912345678 ext 5", "identity.phone_invalid"),
        ("0912-CALL-ME", "identity.phone_invalid"),
        ("0912345678;phone-context=+1", "identity.phone_invalid"),
        ("113", "identity.phone_invalid"),
        ("một hai ba", "identity.phone_invalid"),
        ("+", "identity.phone_invalid"),
        ("()()()()()", "identity.phone_invalid"),
        ("0" * 24, "identity.phone_invalid"),
    ],
)
def test_what_receives_no_sms_is_refused_with_its_reason(written, fault):
    with pytest.raises(ma.ValidationError, match=fault):
        Phone().deserialize(written)
    assert fault in catalogue()


@pytest.mark.parametrize(
    "written", [912345678, None, ["0912345678"], "0912345678\x00", "0" * 10**6]
)
def test_what_is_no_text_is_refused(written):
    with pytest.raises(ma.ValidationError):
        Phone().deserialize(written)
