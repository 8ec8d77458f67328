"""Numbers to call, as the guide keeps them: digits alone, as they are dialled in Vietnam."""

import re
from typing import Any

import marshmallow as ma

_SIGNS = re.compile(r"[\s.()\-–]+")
# Short numbers (113, 5656), service numbers (18001091, 1900561292), or 0 and an area or a network.
_NUMBER = re.compile(r"[1-9]\d{2,4}|1[89]00\d{4,6}|0\d{9,10}")


class Phone(ma.fields.String):
    """A number to call in Vietnam: +84 and signs between the digits are taken away."""

    def __init__(self, **options: Any) -> None:
        super().__init__(metadata={"example": "02253700436"}, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> str:
        written = super()._deserialize(value, attr, data, **options)
        number = re.sub(r"\A\+84", "0", _SIGNS.sub("", written[:40]))
        if not (number.isascii() and _NUMBER.fullmatch(number)):
            raise ma.ValidationError("guide.not_a_phone")
        return number
