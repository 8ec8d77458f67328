"""Reports as they may stand, put into the table directly: figures ask for nothing else."""

from __future__ import annotations

import itertools
import random
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask

from smartcity.core.db import transaction
from smartcity.core.ids import new_id
from smartcity.reports.models import Report

NOW = datetime(2026, 10, 20, 5, tzinfo=UTC)
HOUR = timedelta(hours=1)
CATEGORIES = ("traffic_infra", "traffic_infra.pothole", "noise", "lighting")
AREAS = ("10507", "10532", "11311")
AGENCIES = (None, "so-xay-dung", "chieu-sang", "cong-an")
STATUSES = (
    *("submitted", "need_info", "accepted", "assigned", "returned", "in_progress"),
    *("pending_approval", "pending_publication", "reopened"),
    *("resolved", "closed", "rejected", "duplicate", "withdrawn"),
)
_numbers = itertools.count(1)


def report(**values: Any) -> dict[str, Any]:
    """A row of a report, resolved in time unless told otherwise."""
    submitted = values.get("submitted_at", NOW - 100 * HOUR)
    return {
        "id": new_id(),
        "number": next(_numbers),
        "prefix": "HP",
        "reporter_id": None,
        "anonymous": False,
        "urgent": False,
        "category": "traffic_infra",
        "description": "Ổ gà trước nhà bà Lan, số 12",
        "folded": "o ga",
        "latitude": 20.941234,
        "longitude": 106.331234,
        "area": "10507",
        "agency": "so-xay-dung",
        "status": "resolved",
        "sequence": 9,
        "submitted_at": submitted,
        "updated_at": submitted,
        "resolve_due_at": submitted + 72 * HOUR,
        "due_at": None,
        "resolved_at": submitted + 10 * HOUR,
        "verdict": None,
        "reopenings": 0,
        "part_of": None,
        "visibility": "public",
        "public_description": "Ổ gà trước nhà dân",
        "public_address": None,
        "public_latitude": 20.941,
        "public_longitude": 106.331,
        **values,
    }


def put(app: Flask, *reports: dict[str, Any]) -> None:
    """Write them into the database."""
    with app.app_context(), transaction() as session:
        session.connection().execute(Report.__table__.insert(), list(reports))


def many(count: int) -> list[dict[str, Any]]:
    """Reports of all sorts through 2026, always the same ones."""
    dice = random.Random(1022)
    return [_any(dice) for _ in range(count)]


def _any(dice: random.Random) -> dict[str, Any]:
    submitted = datetime(2026, 1, 1, tzinfo=UTC) + dice.uniform(0, 7000) * HOUR
    status = dice.choice(STATUSES + 8 * ("closed",))
    done = status in ("resolved", "closed")
    is_open = status in STATUSES[:9]
    return report(
        submitted_at=submitted,
        category=dice.choice(CATEGORIES),
        area=dice.choice(AREAS),
        agency=dice.choice(AGENCIES),
        status=status,
        resolve_due_at=dice.choice((None, submitted + dice.uniform(1, 200) * HOUR)),
        resolved_at=submitted + dice.uniform(0, 300) * HOUR if done else None,
        due_at=submitted + dice.uniform(1, 500) * HOUR if is_open else None,
        verdict=dice.choice((None, "satisfied", "accepted", "dissatisfied")) if done else None,
        reopenings=dice.choice((0, 0, 1)),
    )
