"""What a file brings, place by place: a procedure not yet checked, a refusal, or a remark."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Draft:
    """A procedure as a file tells it: raw values for RecordIn, and the line where it begins.

    `whole` is False for a table: what it has no column for stays as it stands.
    """

    line: int
    code: str
    values: Mapping[str, Any]
    whole: bool


@dataclass(frozen=True)
class Refused:
    """A procedure that cannot be taken, and what to do about it."""

    line: int
    code: str
    fault: str


@dataclass(frozen=True)
class Remark:
    """What is worth a look and stops nothing; line 0 is the file."""

    line: int
    code: str
    text: str


Piece = Draft | Refused | Remark
