"""What a file brings, place by place: a record not yet checked, a refusal, or a remark."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Draft:
    """A record as a file tells it: values by field, and the line where it begins."""

    line: int
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Noted:
    """What is to be told of a line (0 is the file); `fault` is a message of the text catalogue."""

    line: int
    key: str
    field: str
    fault: str


class Refused(Noted):
    """A record that cannot be taken."""


class Remark(Noted):
    """What is worth a look and stops nothing."""


Piece = Draft | Refused | Remark
