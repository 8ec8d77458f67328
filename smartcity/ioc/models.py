"""Operations centres, what goes to them, and what comes back."""

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Text,
    literal_column,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from smartcity.core.db import Base


class State(StrEnum):
    """How a delivery stands.

    PENDING: not taken yet and surely not arrived, or asked for once more. IN_FLIGHT: being sent,
    or its worker died while it was. UNKNOWN: sent, and no answer tells whether it arrived; the
    same id goes again. DEAD: refused for good, it holds its report. SUPERSEDED: given up by a
    person, or overtaken.
    """

    PENDING = "pending"
    IN_FLIGHT = "in_flight"
    DELIVERED = "delivered"
    ACKNOWLEDGED = "acknowledged"
    UNKNOWN = "unknown"
    DEAD = "dead"
    SUPERSEDED = "superseded"


class Start(StrEnum):
    """From which step of a report on a destination hears of it."""

    SUBMITTED = "submitted"
    ACCEPTED = "accepted"


def _where(condition: str) -> dict[str, Any]:
    return {"postgresql_where": text(condition), "sqlite_where": text(condition)}


class Destination(Base):
    """An operations centre, a department's system, a city's: where events go.

    `categories`, `areas` and `moves` narrow what it hears; null is all. `partner_id`: whose key
    may stand for it where it cannot sign. `options` are its driver's. `offset` is how far a centre
    that pulls has read. `retired_at`: it hears nothing any more.
    """

    __tablename__ = "ioc_destinations"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    driver: Mapped[str] = mapped_column(String(20))
    url: Mapped[str] = mapped_column(String(500))  # empty for one that pulls
    secret_sealed: Mapped[str] = mapped_column(Text)
    old_secret_sealed: Mapped[str | None] = mapped_column(Text)
    old_secret_until: Mapped[datetime | None]
    categories: Mapped[list[Any] | None]
    areas: Mapped[list[Any] | None]
    moves: Mapped[list[Any] | None]
    start: Mapped[str] = mapped_column(String(10))
    timeout: Mapped[float]  # seconds
    concurrency: Mapped[int]
    per_second: Mapped[float | None]
    ack_hours: Mapped[int | None]  # null: it acknowledges nothing
    partner_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("partners.id"), unique=True)
    options: Mapped[dict[str, Any]]
    offset: Mapped[int] = mapped_column(BigInteger)
    polled_to: Mapped[str | None] = mapped_column(String(200))
    retired_at: Mapped[datetime | None]
    version: Mapped[int]
    created_at: Mapped[datetime]


class Message(Base):
    """A report's step as it is told to every destination: encoded once, the same on every attempt.

    `position` rises without gaps in the order in which steps become visible: who has read up to
    one has missed none below it. `body` goes after some weeks; `sha256` (hexadecimal) stays.
    """

    __tablename__ = "ioc_messages"

    event_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("report_events.id"), primary_key=True)
    position: Mapped[int] = mapped_column(BigInteger, unique=True)
    report_id: Mapped[uuid.UUID]  # no foreign key: a locked report would hold up the log
    code: Mapped[str] = mapped_column(String(40))
    sequence: Mapped[int] = mapped_column(Integer)
    move: Mapped[str] = mapped_column(String(30))
    body: Mapped[str | None] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime]

    __table_args__ = (
        Index("ix_ioc_messages_report", "report_id", "sequence"),
        Index("ix_ioc_messages_body", "made_at", **_where("body IS NOT NULL")),
    )


class Delivery(Base):
    """One event for one destination, and how far it came."""

    __tablename__ = "ioc_deliveries"

    destination: Mapped[str] = mapped_column(ForeignKey("ioc_destinations.name"), primary_key=True)
    event_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("ioc_messages.event_id"), primary_key=True
    )
    position: Mapped[int] = mapped_column(BigInteger)
    report_id: Mapped[uuid.UUID]
    state: Mapped[str] = mapped_column(String(12))
    attempts: Mapped[int]
    last_error: Mapped[str | None] = mapped_column(String(300))
    next_at: Mapped[datetime | None]  # of the next attempt, after one that failed
    reference: Mapped[str | None] = mapped_column(String(100))  # the destination's own
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]  # the last attempt
    answered_at: Mapped[datetime | None]
    acknowledged_at: Mapped[datetime | None]
    replayed_at: Mapped[datetime | None]  # when a person asked for it once more

    __table_args__ = (
        Index("ix_ioc_deliveries_position", "destination", "position"),
        Index("ix_ioc_deliveries_report", "report_id", "destination"),
        # What is not settled is little; what waits for an acknowledgement should be.
        Index(
            "ix_ioc_deliveries_open",
            "destination",
            "state",
            "position",
            **_where("state NOT IN ('delivered', 'acknowledged', 'superseded')"),
        ),
        Index(
            "ix_ioc_deliveries_unacknowledged",
            "destination",
            "answered_at",
            **_where("state = 'delivered'"),
        ),
        # What a centre that has names of its own tells is found by them.
        Index(
            "ix_ioc_deliveries_reference",
            "destination",
            "reference",
            **_where("reference IS NOT NULL"),
        ),
    )


class Callback(Base):
    """A centre's callback, remembered by its id with what came of it."""

    __tablename__ = "ioc_callbacks"

    source: Mapped[str] = mapped_column(String(40), primary_key=True)
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    report_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("reports.id"))
    sequence: Mapped[int]
    move: Mapped[str] = mapped_column(String(30))
    outcome: Mapped[str] = mapped_column(String(10))  # applied, late or refused
    sent_at: Mapped[datetime]
    received_at: Mapped[datetime]

    __table_args__ = (
        Index("ix_ioc_callbacks_report", "report_id", "source", "sequence"),
        Index("ix_ioc_callbacks_received", "received_at", "source", "id"),
    )


class Replay(Base):
    """Deliveries that a person asked for once more; done in batches up to `until_position`.

    `wanted` is what he named: states, events, since, until, report. `position` is the last one
    done, so that whoever goes on after a kill begins behind it.
    """

    __tablename__ = "ioc_replays"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    destination: Mapped[str] = mapped_column(ForeignKey("ioc_destinations.name"))
    wanted: Mapped[dict[str, Any]]
    reason: Mapped[str] = mapped_column(String(500))
    started_by: Mapped[str] = mapped_column(String(80))
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    position: Mapped[int] = mapped_column(BigInteger)
    until_position: Mapped[int] = mapped_column(BigInteger)
    replayed: Mapped[int]


class Reconciliation(Base):
    """One comparison of what we delivered with what a destination holds; resumable by page.

    Counts are of events: `missing` they lack, `different` they hold with other bytes, `extra` they
    hold and we never delivered. `cursor` is the last report compared.
    """

    __tablename__ = "ioc_reconciliations"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    destination: Mapped[str] = mapped_column(ForeignKey("ioc_destinations.name"))
    since: Mapped[datetime]
    until: Mapped[datetime]
    started_by: Mapped[str] = mapped_column(String(80))
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    cursor: Mapped[str | None] = mapped_column(String(100))
    pages: Mapped[int]
    reports: Mapped[int]
    events: Mapped[int]
    missing: Mapped[int]
    different: Mapped[int]
    extra: Mapped[int]
    repaired: Mapped[int]
    last_error: Mapped[str | None] = mapped_column(String(300))

    __table_args__ = (Index("ix_ioc_reconciliations_started", "destination", "started_at"),)


class Difference(Base):
    """One event on which a destination and we did not agree, and what was done about it."""

    __tablename__ = "ioc_differences"

    reconciliation_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    sequence: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))  # missing, different or extra
    event_id: Mapped[uuid.UUID | None]
    repaired_at: Mapped[datetime | None]

    __table_args__ = (
        ForeignKeyConstraint(
            ["reconciliation_id"],
            ["ioc_reconciliations.id"],
            name="fk_ioc_differences_reconciliation_id_ioc_reconciliations",
        ),
    )


SETTLED = (State.DELIVERED, State.ACKNOWLEDGED, State.SUPERSEDED)  # nothing is to be done
# Written out, not bound: a planner takes a partial index only when it sees the value.
DELIVERED = Delivery.state == literal_column("'delivered'")
OPEN = Delivery.state.not_in([literal_column(f"'{state}'") for state in SETTLED])
