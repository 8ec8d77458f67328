"""A chain to attack: deeds that are recorded and sealed, an attacker, and what is found after."""

import uuid
from datetime import timedelta
from typing import Any

from sqlalchemy import text

from smartcity.audit import jobs, service
from smartcity.audit.chain import NOTHING, Anchor, head
from smartcity.audit.models import AuditEntry
from smartcity.audit.verification import Search, Walk, against, before_the_first
from smartcity.core import clock
from smartcity.core.db import engine, reading, transaction

SOMETHING = uuid.UUID("0198c0de-4a6e-7c3f-9d0f-6f1b2a3c4d5e")
TABLES = ("audit_entries", "audit_seals")
Found = list[tuple[str, int | None, int | None]]


def deeds(many: int, **detail: Any) -> None:
    """Record so many deeds of an officer, an hour ago."""
    with clock.frozen(clock.now() - timedelta(hours=1)), transaction() as session:
        for count in range(many):
            service.record(
                session, "officer:1", "thing.mend", ("thing", SOMETHING), count=count, **detail
            )


def sealed_deeds(many: int, **detail: Any) -> None:
    deeds(many, **detail)
    jobs.seal()


def fill(many: int) -> None:
    """So many entries at once."""
    row = {
        "at": clock.now() - timedelta(hours=1),
        "actor": "officer:1",
        "action": "thing.mend",
        "subject_kind": "thing",
        "subject_id": SOMETHING,
        "detail": {"reason": "spam", "text": "Ổ gà"},
    }
    with transaction() as session:
        session.execute(AuditEntry.__table__.insert(), [row] * many)


def attack(*statements: str) -> None:
    """Somebody who holds the database: he drops the triggers first."""
    bind = engine()
    postgres = bind.dialect.name == "postgresql"
    with bind.begin() as connection:
        for table in TABLES:
            if postgres:  # tests share this database, so they are only put out of force
                connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
            else:
                for event in ("update", "delete"):
                    connection.execute(text(f"DROP TRIGGER IF EXISTS {table}_no_{event}"))
        for statement in statements:
            connection.execute(text(statement))
        for table in TABLES if postgres else ():
            connection.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER USER"))


def wrong(start: Anchor = NOTHING, anchor: Anchor | None = None) -> Found:
    """What verification finds: kind, position, number."""
    with reading() as session:
        findings = against(session, anchor) if anchor else []
        findings += before_the_first(session)
    for stage in (Walk(start), Search()):
        while not stage.over:
            with reading() as session:
                findings += stage.step(session)
    assert all(str(finding) for finding in findings)
    return [(finding.kind.value, finding.position, finding.number) for finding in findings]


def present_head() -> Anchor:
    with reading() as session:
        return head(session)
