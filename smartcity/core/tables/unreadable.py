"""A file that is refused whole, told in the reader's language wherever that is."""

from pathlib import Path

from smartcity.core.datafile import BadFile
from smartcity.core.texts import filled, message


class Unreadable(BadFile):
    """A file that cannot be what its name says; `fault` is a message of the text catalogue."""

    def __init__(self, file: Path, fault: str) -> None:
        super().__init__(file, [message(fault, "en")])
        self.fault = fault


def with_reason(key: str, fault: object) -> str:
    """A message that tells what a library found, shortened."""
    return filled(key, why=" ".join(str(fault).split())[:200])
