"""The sample reports of a city, and which moves a centre may make on them."""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any


@dataclass(frozen=True)
class Move:
    """One row of the centre's table in docs/guides/ioc.md; no target: the state stays."""

    sources: frozenset[str]
    target: str | None
    needs: frozenset[str]


def _move(sources: str, target: str | None, *needs: str) -> Move:
    return Move(frozenset(sources.split()), target, frozenset(needs))


_REFUSABLE = "submitted need_info accepted returned"
MOVES = {
    "accept": _move("submitted", "accepted"),
    "assign": _move("accepted returned reopened", "assigned", "agency"),
    "reject": _move(_REFUSABLE, "rejected", "reason", "public_text"),
    "mark_duplicate": _move("submitted accepted", "duplicate", "public_text"),
    "request_info": _move("submitted accepted assigned in_progress", "need_info", "public_text"),
    "start": _move("assigned", "in_progress"),
    "return_to_ioc": _move("assigned in_progress", "returned", "reason", "public_text"),
    "propose_result": _move("in_progress", "pending_approval", "public_text"),
    "approve_result": _move("pending_approval", "pending_publication"),
    "send_back": _move("pending_approval pending_publication", "in_progress", "public_text"),
    "resolve": _move("pending_publication", "resolved"),
    "grant_appeal": _move("rejected duplicate", "submitted", "public_text"),
    "deny_appeal": _move("rejected duplicate", None, "public_text"),
}
OF_APPEALS = {"grant_appeal", "deny_appeal"}  # nobody appeals here
_SAMPLES = (
    ("traffic_infra", "Ổ gà lớn trước số 12 Trần Phú.", False),
    ("trees", "Cây đổ chắn ngang đường Nguyễn Đức Cảnh.", True),
    ("lighting", "Đèn đường không sáng đã ba đêm.", False),
)
_LABELS = {"submitted": "Chờ tiếp nhận", "withdrawn": "Đã rút"}


@dataclass
class Report:
    """One report as it stands; `last` is the highest sequence of the centre that moved it."""

    code: str
    category: str
    description: str
    urgent: bool
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    status: str = "submitted"
    last: int = 0
    events: list[dict[str, Any]] = field(default_factory=list)

    def record(self, move: str, status: str) -> None:
        """Make a step of our side, and the event that tells of it."""
        self.status = status
        number = len(self.events) + 1
        self.events.append(
            {
                "specversion": "1.0",
                "id": str(uuid.uuid4()),
                "source": "urn:smartcity:sandbox-city",
                "type": f"vn.smartcity.report.{move}",
                "subject": self.code,
                "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
                "sequence": f"{number:010d}",
                "datacontenttype": "application/json",
                "data": self._data(move),
            }
        )

    def _data(self, move: str) -> dict[str, Any]:
        known = {"report": self.id, "code": self.code, "move": move, "status": self.status}
        told = {name: getattr(self, name) for name in ("category", "description", "urgent")}
        empty = dict.fromkeys(("address", "area", "agency", "reason", "details", "public_text"))
        label, place = _LABELS[self.status], {"latitude": 20.94, "longitude": 106.33}
        rest = {"status_label": label, "anonymous": False, "photos": []}
        return {**known, **told, **empty, **place, **rest}


def samples() -> list[Report]:
    """Three reports under new codes; the citizen has withdrawn the last one."""
    run = secrets.token_hex(3).upper()
    reports = [
        Report(f"KIEM-TRA-{run}-{number}", *sample) for number, sample in enumerate(_SAMPLES, 1)
    ]
    for report in reports:
        report.record("submit", "submitted")
    reports[-1].record("withdraw", "withdrawn")
    return reports
