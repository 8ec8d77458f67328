"""What the sandbox FCM was sent, what waits for it, and somebody who tells."""

import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from smartcity.core import clock
from smartcity.core.db import transaction
from smartcity.core.ids import new_id
from smartcity.jobs.models import JobRow, QueueRow
from smartcity.jobs.service import enqueue_all
from smartcity.push import service
from smartcity.sandbox.fcm import Fcm
from tests.helpers import (
    Headers,
    rows,
)


def sent(fcm: Fcm) -> list[dict[str, Any]]:
    return fcm.app.test_client().get("/journal").json["sent"]


def shown(fcm: Fcm, address: str) -> list[dict[str, Any]]:
    return fcm.app.test_client().get("/journal").json["devices"].get(address, [])


def waiting(app: Flask) -> list[tuple[str, int]]:
    return [(j.state, j.attempts) for j in rows(app, JobRow, JobRow.queue == "push")]


def make_due(app: Flask) -> None:
    with app.app_context(), transaction() as session:
        session.execute(update(JobRow).values(run_at=JobRow.enqueued_at))
        session.execute(update(QueueRow).values(next_probe_at=QueueRow.opened_at))


def at(hour: int) -> AbstractContextManager[None]:
    """The clock at an hour of tomorrow, local time."""
    day = clock.now().astimezone(clock.LOCAL) + timedelta(days=1)
    return clock.frozen(day.replace(hour=hour, minute=0))


def teller(app: Flask, client: FlaskClient, who: Headers) -> Callable[..., str]:
    """Tells somebody something, and whoever calls its id."""
    citizen = uuid.UUID(client.get("/api/v1/me", headers=who).json["id"])

    def tell(**other: str) -> str:
        values = {"code": "HP-1", "public_text": ""}
        told: Any = {"text": "push.report.comment", "values": values, "link": "/reports/1"}
        ident = new_id()
        with app.app_context(), transaction() as session:
            message = service.message(
                citizen=citizen, source=ident, at=clock.now(), **{**told, **other}
            )
            enqueue_all(session, [message])
        return str(ident)

    return tell
