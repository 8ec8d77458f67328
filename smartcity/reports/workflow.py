"""The one table of a report's states and of who may change them.

Statuses and moves are those of domain.md. A move is named by the trade's verb; the history event
and the audit action carry the same word. Nothing changes a status but a row of `MOVES`.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from smartcity.identity.permissions import Role


class Status(StrEnum):
    """Where a report stands; labels are in the text catalogue under `status.report.…`."""

    SUBMITTED = "submitted"
    NEED_INFO = "need_info"
    ACCEPTED = "accepted"
    ASSIGNED = "assigned"
    RETURNED = "returned"
    IN_PROGRESS = "in_progress"
    PENDING_APPROVAL = "pending_approval"
    PENDING_PUBLICATION = "pending_publication"
    RESOLVED = "resolved"
    REOPENED = "reopened"
    REJECTED = "rejected"
    DUPLICATE = "duplicate"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"


S = Status
_CENTRE = frozenset({Role.IOC_OPERATOR, Role.IOC_LEAD, Role.OPERATIONS_CENTRE})
_LEAD = frozenset({Role.IOC_LEAD, Role.OPERATIONS_CENTRE})
_OUR_CENTRE = frozenset({Role.IOC_OPERATOR, Role.IOC_LEAD})
_UNIT = frozenset({Role.UNIT_OFFICER, Role.UNIT_LEADER, Role.OPERATIONS_CENTRE})
_OUR_UNIT = frozenset({Role.UNIT_OFFICER, Role.UNIT_LEADER})
_OUR_LEAD = frozenset({Role.IOC_LEAD})
_UNIT_LEADER = frozenset({Role.UNIT_LEADER, Role.OPERATIONS_CENTRE})
_CITIZEN = frozenset({Role.CITIZEN})
_SYSTEM = frozenset({Role.SYSTEM})
# Where nobody works on a report any more.
ENDED = frozenset({S.RESOLVED, S.CLOSED, S.REJECTED, S.DUPLICATE, S.WITHDRAWN})


@dataclass(frozen=True)
class Move:
    """One row: from these states, by these roles, to that state (None: back to where it was asked).

    `needs` names what must come with it: `reason` (a code), `public_text`, `agency`, `parts`,
    `until`. A row that `stays` is a step of the history that changes no state. `internal` steps
    are for officers.
    What holds for single reports beside the table stands in `handling/obstacles.py`.
    """

    name: str
    sources: frozenset[Status]
    target: Status | None
    roles: frozenset[Role]
    needs: frozenset[str] = field(default_factory=frozenset)
    stays: bool = False
    internal: bool = False


def _move(
    name: str,
    sources: tuple[Status, ...],
    target: Status | None,
    roles: frozenset[Role],
    *needs: str,
) -> Move:
    return Move(name, frozenset(sources), target, roles, frozenset(needs))


def _step(
    name: str,
    sources: tuple[Status, ...],
    roles: frozenset[Role],
    *needs: str,
    internal: bool = False,
) -> Move:
    """A row that stays where it is."""
    sources_, needs_ = frozenset(sources), frozenset(needs)
    return Move(name, sources_, None, roles, needs_, stays=True, internal=internal)


_REFUSABLE = (S.SUBMITTED, S.NEED_INFO, S.ACCEPTED, S.RETURNED)
_ROWS = (
    _move("accept", (S.SUBMITTED,), S.ACCEPTED, _CENTRE),
    _move("assign", (S.ACCEPTED, S.RETURNED, S.REOPENED), S.ASSIGNED, _CENTRE, "agency"),
    _move("reject", _REFUSABLE, S.REJECTED, _CENTRE | _SYSTEM, "reason", "public_text"),
    _move("mark_duplicate", (S.SUBMITTED, S.ACCEPTED), S.DUPLICATE, _CENTRE, "public_text"),
    _move(
        "request_info",
        (S.SUBMITTED, S.ACCEPTED, S.ASSIGNED, S.IN_PROGRESS),
        S.NEED_INFO,
        _CENTRE,
        "public_text",
    ),
    _move("answer_info", (S.NEED_INFO,), None, _CITIZEN | {Role.PARTNER}),
    _step("add_photos", (S.SUBMITTED, S.ACCEPTED, S.ASSIGNED, S.IN_PROGRESS), _CITIZEN),
    _step(
        "propose_question",
        (S.ASSIGNED, S.IN_PROGRESS),
        _OUR_UNIT,
        "public_text",
        internal=True,
    ),
    _step("confirm_area", (S.SUBMITTED,), _CITIZEN, internal=True),
    _move("withdraw", (S.SUBMITTED, S.NEED_INFO), S.WITHDRAWN, _CITIZEN),
    _move("start", (S.ASSIGNED,), S.IN_PROGRESS, _UNIT),
    _move(
        "return_to_ioc",
        (S.ASSIGNED, S.IN_PROGRESS),
        S.RETURNED,
        _UNIT,
        "reason",
        "public_text",
    ),
    _move("split", (S.ACCEPTED, S.RETURNED, S.REOPENED), S.IN_PROGRESS, _OUR_CENTRE, "parts"),
    _move("conclude_parts", (S.IN_PROGRESS,), S.PENDING_PUBLICATION, _SYSTEM),
    _step(
        "request_extension",
        (S.ASSIGNED, S.IN_PROGRESS),
        _OUR_UNIT,
        "public_text",
        "until",
        internal=True,
    ),
    _step("grant_extension", (S.ASSIGNED, S.IN_PROGRESS), _OUR_LEAD, "public_text"),
    _step("deny_extension", (S.ASSIGNED, S.IN_PROGRESS), _OUR_LEAD, "public_text", internal=True),
    _move("propose_result", (S.IN_PROGRESS,), S.PENDING_APPROVAL, _UNIT, "public_text"),
    _move("approve_result", (S.PENDING_APPROVAL,), S.PENDING_PUBLICATION, _UNIT_LEADER),
    _move(
        "send_back",
        (S.PENDING_APPROVAL, S.PENDING_PUBLICATION),
        S.IN_PROGRESS,
        _CENTRE | _UNIT_LEADER,
        "public_text",
    ),
    _move("resolve", (S.PENDING_PUBLICATION,), S.RESOLVED, _CENTRE),
    _move("reopen", (S.RESOLVED,), S.REOPENED, _CITIZEN, "public_text"),
    _move("close", (S.RESOLVED,), S.CLOSED, _CITIZEN | _SYSTEM),
    _step("lodge_appeal", (S.REJECTED, S.DUPLICATE), _CITIZEN, "public_text"),
    _move("grant_appeal", (S.REJECTED, S.DUPLICATE), S.SUBMITTED, _LEAD, "public_text"),
    _step("deny_appeal", (S.REJECTED, S.DUPLICATE), _LEAD, "public_text"),
)
MOVES = {move.name: move for move in _ROWS}


def allowed(status: Status, role: Role) -> list[str]:
    """The moves that a role may make from a state, in the table's order."""
    return [m.name for m in _ROWS if status in m.sources and role in m.roles]
