"""Who among the officers hears of a report."""

import uuid
from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy.orm import Session

from smartcity.identity import service as identity
from smartcity.identity.permissions import Role
from smartcity.notices import service as notices
from smartcity.notices.service import Told
from smartcity.reports.deadlines.policy import Audience
from smartcity.reports.models import Report
from smartcity.reports.visible import subject
from smartcity.reports.workflow import Status

# Where the centre has to act, whatever unit is named.
_CENTRES = frozenset(
    {
        Status.SUBMITTED,
        Status.ACCEPTED,
        Status.RETURNED,
        Status.REOPENED,
        Status.PENDING_PUBLICATION,
    }
)
_ABOVE = {
    Audience.HOLDER: Audience.HOLDER_LEAD,
    Audience.HOLDER_LEAD: Audience.IOC_LEAD,
    Audience.IOC_OPERATORS: Audience.IOC_LEAD,
}
_ROLES = {Audience.IOC_OPERATORS: Role.IOC_OPERATOR, Audience.IOC_LEAD: Role.IOC_LEAD}
_OF_UNITS = {Audience.HOLDER: Role.UNIT_OFFICER, Audience.HOLDER_LEAD: Role.UNIT_LEADER}
_OF_CENTRE = {Audience.HOLDER: Role.IOC_OPERATOR, Audience.HOLDER_LEAD: Role.IOC_LEAD}


class Directory:
    """The active officers of centre and units, read once in one statement."""

    def __init__(self, session: Session) -> None:
        self._units: dict[tuple[Role, str | None], list[uuid.UUID]] = {}
        self._roles: dict[Role, list[uuid.UUID]] = {}
        for ident, role, agency in identity.active_officers(session, list(_wanted())):
            self._units.setdefault((role, agency), []).append(ident)
            self._roles.setdefault(role, []).append(ident)

    def of(self, report: Report, audiences: Iterable[Audience]) -> list[uuid.UUID]:
        """The officers of some audiences, each once; where one is empty, the next above it."""
        found = (self._reached(report, audience) for audience in audiences)
        return list(dict.fromkeys(officer for officers in found for officer in officers))

    def _reached(self, report: Report, audience: Audience | None) -> list[uuid.UUID]:
        while audience is not None:
            if officers := self._officers(report, audience):
                return officers
            audience = _ABOVE.get(audience)
        return []

    def _officers(self, report: Report, audience: Audience) -> list[uuid.UUID]:
        if audience in _ROLES:
            return self._roles.get(_ROLES[audience], [])
        if report.agency is None or Status(report.status) in _CENTRES:
            return self._roles.get(_OF_CENTRE[audience], [])
        return self._units.get((_OF_UNITS[audience], report.agency), [])


def told(report: Report, officers: list[uuid.UUID], text: str, **values: Any) -> Told:
    """A notice on a report."""
    shown = {"code": report.code, **values}
    return Told(officers, text, shown, f"/reports/{report.id}", subject(report.id))


def tell(
    session: Session, report: Report, text: str, audiences: Iterable[Audience], **values: Any
) -> None:
    """Tell some audiences of a report at once."""
    officers = Directory(session).of(report, audiences)
    notices.tell(session, [told(report, officers, text, **values)])


def _wanted() -> Iterator[Role]:
    for roles in (_ROLES, _OF_UNITS):
        yield from roles.values()
