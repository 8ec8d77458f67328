"""Moves through the service, by whoever may make them, with all that they need."""

import uuid
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from smartcity.core import clock
from smartcity.core.db import reading, transaction
from smartcity.core.errors import Problem
from smartcity.identity.models import Citizen
from smartcity.identity.permissions import SYSTEM, Principal, Role
from smartcity.reports import service
from smartcity.reports.workflow import MOVES, Status
from tests.helpers import OTHER_UNIT, UNIT, report_body

PARTNERS = {Role.SYSTEM, Role.PARTNER}  # those who make no move of a citizen's report by a request
UNITS = {Role.UNIT_OFFICER, Role.UNIT_LEADER}
FILED = {"category": "power", "urgent": False, "anonymous": False, "media_ids": []}
REASONS = {"reject": "spam", "return_to_ioc": "outside_authority"}
PARTS = ({"agency": UNIT}, {"agency": OTHER_UNIT, "description": "Dây điện chắn lối vào trạm y tế"})
# domain.md, "Workflow", with the two edges of decision 11: the states that may follow each state.
NEXT = {
    "submitted": {"accepted", "need_info", "rejected", "duplicate", "withdrawn"},
    "need_info": {"submitted", "accepted", "assigned", "in_progress", "rejected", "withdrawn"},
    "accepted": {"assigned", "need_info", "rejected", "duplicate", "in_progress"},
    "assigned": {"in_progress", "returned", "need_info"},
    "returned": {"assigned", "rejected", "in_progress"},
    "in_progress": {"pending_approval", "returned", "need_info", "pending_publication"},
    "pending_approval": {"pending_publication", "in_progress"},
    "pending_publication": {"resolved", "in_progress"},
    "resolved": {"closed", "reopened"},
    "reopened": {"assigned", "in_progress"},
    "rejected": {"submitted"},
    "duplicate": {"submitted"},
    "withdrawn": set(),
    "closed": set(),
}
# The shortest way from `submitted` to each state.
WAYS: dict[str, list[str]] = {
    "submitted": [],
    "need_info": ["request_info"],
    "accepted": ["accept"],
    "rejected": ["reject"],
    "duplicate": ["mark_duplicate"],
    "withdrawn": ["withdraw"],
    "assigned": ["accept", "assign"],
    "returned": ["accept", "assign", "return_to_ioc"],
    "in_progress": ["accept", "assign", "start"],
    "pending_approval": ["accept", "assign", "start", "propose_result"],
    "pending_publication": ["accept", "assign", "start", "propose_result", "approve_result"],
    "resolved": ["accept", "assign", "start", "propose_result", "approve_result", "resolve"],
}
WAYS |= {"closed": [*WAYS["resolved"], "close"], "reopened": [*WAYS["resolved"], "reopen"]}


class Undone(Exception):
    """Takes back what a test only tried."""


def everybody() -> dict[Role, Principal]:
    """One principal of each role, the only citizen among them."""
    with reading() as session:
        me = session.scalars(select(Citizen.id)).one()
    ids = {role: Principal(role, str(uuid.uuid4()), UNIT) for role in Role}
    return {**ids, Role.CITIZEN: Principal(Role.CITIZEN, str(me)), Role.SYSTEM: SYSTEM}


def filed(people: dict[Role, Principal]) -> uuid.UUID:
    with transaction() as session:
        asked: Any = {**report_body(), **FILED}
        report, _ = service.submit(session, people[Role.CITIZEN], asked)
        return report.id


def told(name: str) -> service.Told:
    """All that a move needs."""
    needs = MOVES[name].needs
    return service.Told(
        reason=REASONS.get(name),
        public_text="Vì lý do đã nêu",
        agency=UNIT if "agency" in needs else None,
        parts=PARTS if "parts" in needs else (),
        **({"until": clock.now() + timedelta(days=2)} if "until" in needs else {}),
    )


def act(
    report_id: uuid.UUID, name: str, actor: Principal, *, only_try: bool = False
) -> Problem | None:
    """Make a move with all that it needs, or only try it; what refused it."""
    try:
        with transaction() as session:
            service.move(session, actor, report_id, name, told=told(name))
            if only_try:
                raise Undone
    except Problem as problem:
        return problem
    except Undone:
        pass
    return None


def found(report_id: uuid.UUID) -> service.Report:
    with reading() as session:
        return session.get_one(service.Report, report_id)


def state(report_id: uuid.UUID) -> tuple[str, int]:
    report = found(report_id)
    return report.status, report.sequence


def brought_to(status: str, people: dict[Role, Principal]) -> uuid.UUID:
    report_id = filed(people)
    for name in WAYS[status]:
        actor = next(people[role] for role in sorted(MOVES[name].roles) if role not in PARTNERS)
        assert act(report_id, name, actor) is None, (status, name)
    assert state(report_id)[0] == status
    return report_id


def parts_of(report_id: uuid.UUID) -> list[uuid.UUID]:
    with reading() as session:
        query = select(service.Report.id).where(service.Report.part_of == report_id)
        return list(session.scalars(query.order_by(service.Report.number)))


def as_seen_by(actor: Principal, report: service.Report) -> Principal:
    """The actor; a unit's officer of the very unit that has the report."""
    if actor.role not in UNITS:
        return actor
    return Principal(actor.role, actor.id, report.agency or UNIT)


FINAL = {Status.CLOSED, Status.REJECTED, Status.DUPLICATE, Status.WITHDRAWN}
