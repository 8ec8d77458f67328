"""The registers in the matrix: a kind's routes follow from its line here, and so does its entry."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask

from smartcity.guide.events.event import EVENT
from smartcity.guide.jobs.job import JOB
from smartcity.guide.notices.notice import NOTICE
from smartcity.guide.partners.partner import PARTNER
from smartcity.guide.places.place import PLACE
from smartcity.guide.prices.good import GOOD
from smartcity.participation.activities.activity import ACTIVITY
from smartcity.participation.contests.contest import CONTEST
from smartcity.participation.drafts.draft import DRAFT
from smartcity.participation.surveys.survey import SURVEY
from smartcity.registers.service import Kind
from tests.helpers import UNIT
from tests.registers.records_made import published

_LONG_AGO = "2026-01-01T08:00:00+07:00"
_SOON, _LATER = "2099-01-01T08:00:00+07:00", "2099-01-02T08:00:00+07:00"
_REASON = {"reason": "Theo công văn."}


@dataclass(frozen=True)
class Kept:
    """A kind with a good record of it; `row` tells who keeps its register.

    `also`: what a new one is answered with where nothing of the test can be entered twice.
    """

    kind: Kind
    record: Mapping[str, Any]
    row: str = "keepers"  # of the guide; "screen" of taking part
    also: frozenset[int] = frozenset()


_PLACE = {"title": "Tuyến 01", "category": "bus_route", "hours": "5h–21h"}
_JOB = {
    "title": "Công nhân",
    "employer": "Công ty Ví Dụ",
    "trade": "manufacturing",
    "positions": 2,
    "pay": "agreed",
    "contract": "full_time",
    "contact": "0225 3000 011",
    "deadline": _LATER,
}
_EVENT = {
    "title": "Lễ hội",
    "category": "festival",
    "starts": _SOON,
    "ends": _LATER,
    "venue": "Quảng trường",
}
_NOTICE = {"title": "Mất điện", "category": "power_cut", "starts": _SOON, "issuer": "Điện lực"}
_PARTNER = {
    "title": "Taxi",
    "category": "taxi",
    "web": "https://www.xanhsm.com/",
    "disclosure": "none",
}
_GOOD = {"title": "Cá chép", "key": "ca-chep", "unit": "kg", "group": "fish"}
_ACTIVITY = {
    "title": "Nhặt rác",
    "category": "environment",
    "organiser": "Nhóm Biển Xanh",
    "agency": UNIT,
    "opens": "2026-01-01T08:00:00+07:00",
    "closes": _SOON,
    "starts": _SOON,
    "ends": _LATER,
    "venue": "Bãi biển",
    "capacity": 2,
    "contact": "0225 3000 061",
}
_CONTEST = {
    "title": "Tìm hiểu chuyển đổi số",
    "opens": _LONG_AGO,
    "closes": _LATER,
    "minutes": 15,
    "draw": 1,
    "questions": [{"id": "q1", "text": "Năm cộng năm?", "options": ["Mười", "Chín"], "right": 0}],
}
_SURVEY = {
    "title": "Khảo sát",
    "opens": _LONG_AGO,
    "closes": _LATER,
    "open_results": True,
    "questions": [{"id": "gop-y", "kind": "text", "text": "Bạn nghĩ gì?"}],
}
_DRAFT = {
    "title": "Dự thảo",
    "agency": UNIT,
    "drafting": "Sở Xây dựng",
    "opens": _LONG_AGO,
    "closes": _LATER,
    "clauses": [{"id": "d1", "heading": "Điều 1", "text": "Phạm vi."}],
}
KEPT = (
    Kept(PLACE, _PLACE),
    Kept(JOB, _JOB),
    Kept(EVENT, _EVENT),
    Kept(NOTICE, _NOTICE),
    Kept(PARTNER, _PARTNER),
    Kept(GOOD, _GOOD, also=frozenset({422})),  # which needs a key, and one of its own
    Kept(ACTIVITY, _ACTIVITY, "screen"),
    Kept(CONTEST, _CONTEST, "screen"),
    Kept(SURVEY, _SURVEY, "screen"),
    Kept(DRAFT, _DRAFT, "screen"),
)


def entries(app: Flask) -> dict[str, str]:
    """A published entry of each kind, by its name."""
    return {kept.kind.name: str(published(app, kept.kind, **kept.record).id) for kept in KEPT}


def rows() -> dict[str, dict[str, Any]]:
    """What a Route is made of, by the name of each route of each register."""
    return {name: told for kept in KEPT for name, told in _rows(kept).items()}


def _rows(kept: Kept) -> dict[str, dict[str, Any]]:
    name, path = kept.kind.name, kept.kind.path
    desk, one = f"/api/v1/officer/{path}", f"/api/v1/officer/{path}/<uuid:entry_id>"
    read = {"row": "readers", "ids": {"entry_id": name}}
    deed = {"row": kept.row, "ids": {"entry_id": name, "number": "first"}, "sees": name}
    return {
        f"GET /api/v1/{path}": {"row": "everybody"},
        f"GET /api/v1/{path}/<uuid:entry_id>": {**read, "row": "everybody"},
        f"GET {desk}": {"row": "readers"},
        f"GET {desk}.csv": {"row": "readers"},
        f"POST {desk}": {
            "row": kept.row,
            "body": {**kept.record, "key": None},
            "also": kept.also,
        },
        f"POST {desk}/import": {
            "row": kept.row,
            "form": {"file": "photo.jpg"},
            "also": frozenset({422}),
        },
        f"GET {one}": read,
        f"GET {one}/versions": read,
        f"PUT {one}": {**deed, "body": kept.record, "query": "reason=x"},
        f"POST {one}/versions/<int:number>/restoration": {**deed, "body": _REASON},
        f"POST {one}/publication": {**deed, "body": _REASON},
        f"POST {one}/withdrawal": {**deed, "body": _REASON},
        f"POST {one}/discarding": {**deed, "body": _REASON},
    }
