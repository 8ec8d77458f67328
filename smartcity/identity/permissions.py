"""Who may do what: one table of action × role × scope, and the decorator that asks it.

Permission is decided before a body is read. Objects that are absent and objects that the caller
may not see answer alike; `scope` tells services how far a role reaches.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from functools import wraps
from typing import Any, TypeVar

import structlog
from flask import g

from smartcity.core.errors import Forbidden, Problem, Unauthenticated

View = TypeVar("View", bound=Callable[..., Any])
log = structlog.get_logger(__name__)


class Role(StrEnum):
    """The roles of domain.md, somebody unknown, and the program itself."""

    ANYONE = "anyone"
    CITIZEN = "citizen"
    IOC_OPERATOR = "ioc_operator"
    IOC_LEAD = "ioc_lead"
    UNIT_OFFICER = "unit_officer"
    UNIT_LEADER = "unit_leader"
    CONTENT_EDITOR = "content_editor"
    ADMIN = "admin"
    AUDITOR = "auditor"
    NEWCOMER = "newcomer"  # an officer who has yet to secure his account
    PARTNER = "partner"  # a program with a key of its own
    OPERATIONS_CENTRE = "operations_centre"  # an outside IOC that calls back
    SYSTEM = "system"


class Scope(IntEnum):
    """How far a permission reaches; a wider one includes the narrower."""

    NONE = 0
    OWN = 1
    AGENCY = 2
    AREA = 3  # what his agency handles, and what lies in his agency's commune
    ALL = 4


class Action(StrEnum):
    """What a route or a move may ask for."""

    READ_PUBLIC = "read_public"
    SIGN_IN = "sign_in"
    SIGN_OUT = "sign_out"
    USE_ACCOUNT = "use_account"
    CALL_BACK = "call_back"
    PULL_EVENTS = "pull_events"
    MANAGE_DESTINATIONS = "manage_destinations"
    READ_DELIVERIES = "read_deliveries"
    MANAGE_DELIVERIES = "manage_deliveries"
    UPLOAD_MEDIA = "upload_media"
    SUBMIT_REPORT = "submit_report"
    READ_REPORT = "read_report"
    LIST_REPORTS = "list_reports"
    SEE_REPORTER = "see_reporter"
    MOVE_REPORT = "move_report"
    WORK_ON_REPORTS = "work_on_reports"
    FILE_ON_BEHALF = "file_on_behalf"
    RELAY_REPORTS = "relay_reports"
    JOIN_IN = "join_in"
    PUBLISH_REPORTS = "publish_reports"
    SEARCH_REPORTERS = "search_reporters"
    MANAGE_REPORTING = "manage_reporting"
    READ_NOTICES = "read_notices"
    USE_INBOX = "use_inbox"
    USE_DEVICE = "use_device"
    READ_CAMPAIGNS = "read_campaigns"
    DRAFT_CAMPAIGNS = "draft_campaigns"
    APPROVE_CAMPAIGNS = "approve_campaigns"
    RUN_CAMPAIGNS = "run_campaigns"
    SEND_WARNINGS = "send_warnings"
    READ_CONTENT = "read_content"
    WRITE_CONTENT = "write_content"
    PUBLISH_CONTENT = "publish_content"
    MANAGE_SOURCES = "manage_sources"
    MANAGE_HOME = "manage_home"
    CONFIGURE_APP = "configure_app"
    READ_CATALOGUE = "read_catalogue"
    MANAGE_CATALOGUE = "manage_catalogue"
    KEEP_CHECKLIST = "keep_checklist"
    READ_GUIDE = "read_guide"
    MANAGE_GUIDE = "manage_guide"
    READ_PARTICIPATION = "read_participation"
    MANAGE_PARTICIPATION = "manage_participation"
    SETTLE_CONTESTS = "settle_contests"
    TAKE_PART = "take_part"
    CHECK_IN = "check_in"
    MODERATE_VOICES = "moderate_voices"
    READ_QUESTIONS = "read_questions"
    ANSWER_QUESTIONS = "answer_questions"
    USE_CONSOLE = "use_console"
    SECURE_ACCOUNT = "secure_account"
    MANAGE_OFFICERS = "manage_officers"
    MANAGE_PARTNERS = "manage_partners"
    READ_AUDIT = "read_audit"
    READ_BREACHES = "read_breaches"
    RECORD_BREACH = "record_breach"
    READ_DATA_REQUESTS = "read_data_requests"


_IOC = {Role.IOC_OPERATOR: Scope.ALL, Role.IOC_LEAD: Scope.ALL}
_UNITS = {Role.UNIT_OFFICER: Scope.AGENCY, Role.UNIT_LEADER: Scope.AGENCY}
_UNITS_LOOK = {Role.UNIT_OFFICER: Scope.AGENCY, Role.UNIT_LEADER: Scope.AREA}
_CITIZEN = {Role.CITIZEN: Scope.OWN}
_SYSTEM = {Role.SYSTEM: Scope.ALL, Role.OPERATIONS_CENTRE: Scope.ALL}
_OFFICERS = {
    **_IOC,
    **_UNITS,
    Role.CONTENT_EDITOR: Scope.OWN,
    Role.ADMIN: Scope.ALL,
    Role.AUDITOR: Scope.ALL,
}
_ADMIN = {Role.ADMIN: Scope.ALL}
_EDITOR = {Role.CONTENT_EDITOR: Scope.ALL}

PERMISSIONS: dict[Action, dict[Role, Scope]] = {
    Action.READ_PUBLIC: dict.fromkeys(Role, Scope.ALL),
    Action.SIGN_IN: dict.fromkeys(Role, Scope.OWN),
    Action.SIGN_OUT: dict.fromkeys((*_CITIZEN, *_OFFICERS, Role.NEWCOMER), Scope.OWN),
    Action.USE_ACCOUNT: _CITIZEN,
    Action.CALL_BACK: {Role.ANYONE: Scope.ALL},  # who it is, the signature of the body tells
    Action.PULL_EVENTS: {Role.ANYONE: Scope.ALL},  # the same
    Action.MANAGE_DESTINATIONS: _ADMIN,
    Action.READ_DELIVERIES: {**_IOC, **_ADMIN, Role.AUDITOR: Scope.ALL},
    Action.MANAGE_DELIVERIES: {Role.IOC_LEAD: Scope.ALL, **_ADMIN},
    Action.UPLOAD_MEDIA: {**_CITIZEN, **_IOC, **_UNITS, **_EDITOR},
    Action.SUBMIT_REPORT: _CITIZEN,
    Action.READ_REPORT: {**_CITIZEN, **_IOC, **_UNITS_LOOK, Role.AUDITOR: Scope.ALL},
    Action.LIST_REPORTS: {**_IOC, **_UNITS_LOOK, Role.AUDITOR: Scope.ALL},
    Action.SEE_REPORTER: _IOC,
    # A partner answers what is asked about a report that he filed.
    Action.MOVE_REPORT: {**_CITIZEN, **_IOC, **_UNITS, **_SYSTEM, Role.PARTNER: Scope.OWN},
    Action.WORK_ON_REPORTS: {**_IOC, **_UNITS},
    Action.FILE_ON_BEHALF: _IOC,
    Action.RELAY_REPORTS: {},  # partners' keys that are granted it
    Action.JOIN_IN: {Role.CITIZEN: Scope.ALL},
    Action.PUBLISH_REPORTS: _IOC,
    Action.SEARCH_REPORTERS: _IOC,
    Action.MANAGE_REPORTING: {Role.IOC_LEAD: Scope.ALL, **_ADMIN},
    Action.READ_NOTICES: dict.fromkeys(_OFFICERS, Scope.OWN),
    Action.USE_INBOX: _CITIZEN,
    Action.USE_DEVICE: {Role.ANYONE: Scope.OWN},  # whose it is, the key of the device tells
    Action.READ_CAMPAIGNS: {
        **_IOC,
        Role.CONTENT_EDITOR: Scope.ALL,
        **_ADMIN,
        Role.AUDITOR: Scope.ALL,
    },
    Action.DRAFT_CAMPAIGNS: {**_IOC, Role.CONTENT_EDITOR: Scope.ALL},
    Action.APPROVE_CAMPAIGNS: {Role.IOC_LEAD: Scope.ALL, **_ADMIN},
    Action.RUN_CAMPAIGNS: {Role.IOC_LEAD: Scope.ALL, **_ADMIN},
    Action.SEND_WARNINGS: {Role.IOC_LEAD: Scope.ALL},
    Action.READ_CONTENT: {**_IOC, **_UNITS, **_EDITOR, **_ADMIN, Role.AUDITOR: Scope.ALL},
    Action.WRITE_CONTENT: {**_IOC, **_UNITS, **_EDITOR},
    Action.PUBLISH_CONTENT: {Role.IOC_LEAD: Scope.ALL, Role.UNIT_LEADER: Scope.AGENCY, **_EDITOR},
    Action.MANAGE_SOURCES: {**_EDITOR, **_ADMIN},
    Action.MANAGE_HOME: {Role.IOC_LEAD: Scope.ALL, **_EDITOR, **_ADMIN},
    Action.CONFIGURE_APP: _ADMIN,
    Action.READ_CATALOGUE: {**_IOC, **_EDITOR, **_ADMIN, Role.AUDITOR: Scope.ALL},
    Action.MANAGE_CATALOGUE: {**_EDITOR, **_ADMIN},
    Action.KEEP_CHECKLIST: _CITIZEN,
    Action.READ_GUIDE: {**_IOC, **_EDITOR, **_ADMIN, Role.AUDITOR: Scope.ALL},
    Action.MANAGE_GUIDE: {**_EDITOR, **_ADMIN},
    Action.READ_PARTICIPATION: {**_IOC, **_EDITOR, **_ADMIN, Role.AUDITOR: Scope.ALL},
    Action.MANAGE_PARTICIPATION: {Role.IOC_LEAD: Scope.ALL, **_EDITOR, **_ADMIN},
    Action.SETTLE_CONTESTS: {Role.IOC_LEAD: Scope.ALL, **_ADMIN},
    Action.TAKE_PART: _CITIZEN,
    Action.CHECK_IN: {**_IOC, **_UNITS, **_EDITOR},
    Action.MODERATE_VOICES: {**_IOC, **_EDITOR},
    Action.READ_QUESTIONS: {**_IOC, **_UNITS, **_EDITOR, **_ADMIN, Role.AUDITOR: Scope.ALL},
    Action.ANSWER_QUESTIONS: {**_IOC, **_UNITS},
    Action.USE_CONSOLE: _OFFICERS,
    Action.SECURE_ACCOUNT: dict.fromkeys((*_OFFICERS, Role.NEWCOMER), Scope.OWN),
    Action.MANAGE_OFFICERS: _ADMIN,
    Action.MANAGE_PARTNERS: _ADMIN,
    Action.READ_AUDIT: {Role.AUDITOR: Scope.ALL},
    Action.READ_BREACHES: {**_ADMIN, Role.AUDITOR: Scope.ALL},
    Action.RECORD_BREACH: _ADMIN,
    Action.READ_DATA_REQUESTS: {**_ADMIN, Role.AUDITOR: Scope.ALL},
}
# All that the keys of partners may ever be granted, one by one, and how far it reaches.
PARTNERS_MAY: dict[Action, Scope] = {
    Action.CALL_BACK: Scope.ALL,
    Action.PULL_EVENTS: Scope.ALL,
    Action.RELAY_REPORTS: Scope.ALL,
}


@dataclass(frozen=True)
class Principal:
    """Whoever acts: `id` names him within his kind, `agency` is an officer's unit.

    `assurance` is how surely we know a citizen: `otp` or `verified`; `grants` are a partner's.
    """

    role: Role
    id: str = ""
    agency: str | None = None
    assurance: str | None = None
    grants: frozenset[str] = frozenset()

    @property
    def key(self) -> str:
        """One word for logs, limits and idempotency keys."""
        kind = self.role if self.role in _NOT_OFFICERS else "officer"
        return f"{kind}:{self.id}"

    def scope(self, action: Action) -> Scope:
        """How far this principal reaches with an action."""
        if self.role is Role.PARTNER and action in self.grants:
            return PARTNERS_MAY.get(action, Scope.NONE)
        return PERMISSIONS[action].get(self.role, Scope.NONE)


OFFICER_ROLES = frozenset(_OFFICERS)
_NOT_OFFICERS = {
    Role.ANYONE,
    Role.CITIZEN,
    Role.PARTNER,
    Role.OPERATIONS_CENTRE,
    Role.SYSTEM,
}
ANYONE = Principal(Role.ANYONE)
SYSTEM = Principal(Role.SYSTEM, "system")
ERASED = Principal(Role.CITIZEN, "erased").key  # stands in records for whoever is gone


def principal() -> Principal:
    """Who makes the present request; ANYONE without credentials."""
    found: Principal = g.get("principal", ANYONE)
    return found


def permit(action: Action) -> Callable[[View], View]:
    """Let a view run only for the roles that the table grants the action to.

    Stands outermost, above `arguments`. 401 without (good) credentials, 403 with the wrong role.
    """

    def decorator(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            require(action)
            return view(*args, **kwargs)

        guarded.__dict__["_apidoc"] = _documented(view, action)
        guarded.__dict__["permission"] = action
        return guarded  # type: ignore[return-value]

    return decorator


def require(action: Action) -> None:
    """Raise Unauthenticated or Forbidden unless the present caller may do the action."""
    if principal().scope(action) is not Scope.NONE:
        return
    log.info("permission.refused", action=action.value, role=principal().role.value)
    if principal() is ANYONE:
        fault: Problem | None = g.get("credentials_fault")
        challenge = {"WWW-Authenticate": "Bearer"}
        raise fault or Unauthenticated("identity.sign_in", headers=challenge)
    raise Forbidden("identity.forbidden")


def _documented(view: Callable[..., Any], action: Action) -> dict[str, Any]:
    documented: dict[str, Any] = getattr(view, "_apidoc", {})
    manual = dict(documented.get("manual_doc", {}))
    schemes = ["bearer"] if Role.ANYONE not in PERMISSIONS[action] else []
    schemes += ["partner_key"] if action in PARTNERS_MAY else []
    if schemes:
        manual["security"] = [*manual.get("security", []), *({name: []} for name in schemes)]
    return {**documented, "manual_doc": manual}
