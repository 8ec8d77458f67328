"""Made-up events of made-up reports, in the form of real ones and marked as a test."""

import hashlib
import itertools
import json
import secrets
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from smartcity.core.ids import new_id

MARK = "KIEM-TRA"
_STEPS = (("submit", "submitted"), ("accept", "accepted"), ("assign", "assigned"))


@dataclass(frozen=True)
class Probe:
    """One event, encoded once: a repeat has the same bytes."""

    id: str
    report: str
    sequence: str
    body: bytes

    @cached_property
    def sha256(self) -> str:
        return hashlib.sha256(self.body).hexdigest()


class Probes:
    """Events of one run; its reports' codes are new, so that a receiver may be checked again."""

    def __init__(self) -> None:
        self._run = secrets.token_hex(4).upper()
        self._numbers = itertools.count(1)

    def report(self) -> str:
        """The code of a report that nobody has heard of."""
        return f"{MARK}-{self._run}-{next(self._numbers):03d}"

    def event(
        self,
        report: str | None = None,
        sequence: int = 1,
        *,
        id: str | None = None,
        ascii_only: bool = True,
        data: dict[str, Any] | None = None,
        **attributes: Any,
    ) -> Probe:
        """An event of a new report if none is named; `data` and attributes add to the usual ones.

        Letters beyond ASCII are escaped unless asked for, so that only the checks of the text
        depend on how it is decoded.
        """
        code, id = report or self.report(), id or str(new_id())
        move, status = _STEPS[min(sequence, len(_STEPS)) - 1]
        event = {
            "specversion": "1.0",
            "id": id,
            "source": "urn:smartcity:ioc-check",
            "type": f"vn.smartcity.report.{move}",
            "subject": code,
            "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "sequence": f"{sequence:010d}",
            "datacontenttype": "application/json",
            "data": _data(code, move, status) | (data or {}),
            **attributes,
        }
        body = json.dumps(event, ensure_ascii=ascii_only, separators=(",", ":")).encode()
        return Probe(id, code, event["sequence"], body)


def _data(code: str, move: str, status: str) -> dict[str, Any]:
    return {
        "report": str(uuid.uuid5(uuid.NAMESPACE_URL, code)),
        "code": code,
        "move": move,
        "status": status,
        "status_label": "Kiểm tra",
        "category": "other",
        "description": "Sự kiện kiểm tra, không phải phản ánh thật.",
        "latitude": 20.94,
        "longitude": 106.33,
        "address": None,
        "area": None,
        "agency": None,
        "urgent": False,
        "anonymous": True,
        "reason": None,
        "details": None,
        "public_text": None,
        "photos": [],
    }
