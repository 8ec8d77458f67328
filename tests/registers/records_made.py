"""Small records of any kind, entered or published by the system."""

from typing import Any

from flask import Flask
from sqlalchemy.orm import Session

from smartcity.core.db import transaction
from smartcity.identity.permissions import SYSTEM
from smartcity.registers import service as registers
from smartcity.registers.service import Entry, Kind


def drafted(app: Flask, kind: Kind, **fields: Any) -> Entry:
    """A draft with these fields, and a title where none is given."""
    with app.app_context(), transaction() as session:
        return enter(session, kind, **fields)


def published(app: Flask, kind: Kind, **fields: Any) -> Entry:
    """Such a record as the public sees it."""
    with app.app_context(), transaction() as session:
        entry = enter(session, kind, **fields)
        return registers.move(session, kind, SYSTEM, entry.id, entry.version, registers.PUBLISH)


def enter(session: Session, kind: Kind, **fields: Any) -> Entry:
    """A draft in a transaction that is open."""
    return registers.enter(session, kind, SYSTEM, made(kind, **fields))


def made(kind: Kind, **fields: Any) -> dict[str, Any]:
    """A record as it is kept."""
    schema = kind.schema()
    kept: dict[str, Any] = schema.dump(schema.load({"title": "Một mục thử", **fields}))
    return kept
