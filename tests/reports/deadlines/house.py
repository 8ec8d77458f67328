"""Reports filed and moved at times of a test's choice, through the service."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select

from smartcity.core.clock import LOCAL, frozen
from smartcity.core.db import reading, transaction
from smartcity.identity.models import Citizen
from smartcity.identity.permissions import Principal, Role
from smartcity.reports import service
from smartcity.reports.models import Report
from tests.helpers import UNIT, citizen, report_body

MONDAY = datetime(2026, 11, 16, 8, tzinfo=LOCAL)  # Tuesday of the week after is a day off
THURSDAY = datetime(2026, 11, 19, 17, tzinfo=LOCAL)  # three working days later, as offices close
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
KIND = "food_health"  # accepted within 4h, resolved within 3d


class House:
    """Whoever files and moves; each act names its moment."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        citizen(app)
        with app.app_context(), reading() as session:
            me = str(session.scalars(select(Citizen.id)).one())
        ids = {role: Principal(role, str(uuid.uuid4()), UNIT) for role in Role}
        self._people = {**ids, Role.CITIZEN: Principal(Role.CITIZEN, me)}

    def file(self, at: datetime = MONDAY, **other: Any) -> uuid.UUID:
        asked = {"urgent": False, "anonymous": False, "media_ids": [], "category": KIND, **other}
        with frozen(at), self._app.app_context(), transaction() as session:
            me = self._people[Role.CITIZEN]
            return service.submit(session, me, {**report_body(), **asked})[0].id

    def move(self, report: uuid.UUID, name: str, role: Role, at: datetime, **told: Any) -> Report:
        words = service.Told(**{"public_text": "Vì lý do đã nêu.", **told})
        with frozen(at), self._app.app_context(), transaction() as session:
            return service.move(session, self._people[role], report, name, told=words)

    def assigned(self, at: datetime = MONDAY, **other: Any) -> uuid.UUID:
        """A report that a unit has since a moment."""
        report = self.file(at, **other)
        self.move(report, "accept", Role.IOC_OPERATOR, at)
        self.move(report, "assign", Role.IOC_OPERATOR, at, agency=UNIT)
        return report

    def resolved(self, report: uuid.UUID, at: datetime) -> Report:
        """An assigned report's way to its end, all at once."""
        self.move(report, "start", Role.UNIT_OFFICER, at)
        self.move(report, "propose_result", Role.UNIT_OFFICER, at)
        self.move(report, "approve_result", Role.UNIT_LEADER, at)
        return self.move(report, "resolve", Role.IOC_OPERATOR, at)

    def report(self, report: uuid.UUID) -> Report:
        with self._app.app_context(), reading() as session:
            return session.get_one(Report, report)
