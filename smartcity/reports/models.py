"""A report as it stands, and the append-only history of how it came there."""

import re
import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    ForeignKey,
    Index,
    Sequence,
    String,
    Text,
    UniqueConstraint,
    and_,
    false,
    literal_column,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from smartcity.core.clock import LOCAL
from smartcity.core.db import Base

# What everybody sees who may see a report.
SHOWN = (
    "id",
    "code",
    "status",
    "category",
    "description",
    "latitude",
    "longitude",
    "address",
    "area",
    "agency",
    "urgent",
    "anonymous",
    "due_at",
    "extended",
    "answer_due_at",
    "verdict",
    "submitted_at",
    "updated_at",
)
_WATCHED = text("watch_at IS NOT NULL")
_JOINED = text("duplicate_of IS NOT NULL")
_SPLIT = text("part_of IS NOT NULL")
_ASKED = text("answer_due_at IS NOT NULL")
_RESOLVED = text("status = 'resolved'")
_APPEALED = text("appealed_at IS NOT NULL")
_PROPOSED = text("proposed_question IS NOT NULL")
_RUNNING = text("due_at IS NOT NULL")
# The words of a description on PostgreSQL, whose parser would take ngo-12/5 for one word, and the
# days, 8 and 64 days in which it was filed (decision 0016).
_DAY = "EXTRACT(epoch FROM (submitted_at AT TIME ZONE 'UTC'::text))::bigint / 86400"
WORDS: ColumnElement[str] = literal_column(
    "to_tsvector('simple'::regconfig, "
    "(((((translate(folded, './-_@&<+~:'::text, '          '::text)"
    f" || ' d1x'::text) || (({_DAY}))::text)"
    f" || ' d8x'::text) || (({_DAY} / 8))::text)"
    f" || ' d64x'::text) || (({_DAY} / 64))::text)"
)
_PUBLIC = text("visibility = 'public'")
_FILED = text("filed_by IS NOT NULL")
# Where the public map looks, and the words of what the public reads, on PostgreSQL.
PUBLIC_PLACE: ColumnElement[str] = literal_column("point(public_longitude, public_latitude)")
PUBLIC_WORDS: ColumnElement[str] = literal_column("to_tsvector('simple', public_words)")
OPEN = text("status NOT IN ('closed', 'duplicate', 'rejected', 'resolved', 'withdrawn')")
# Where, and when, on PostgreSQL: a range is indexed without an extension, a plain time is not.
PLACE: ColumnElement[str] = literal_column("point(longitude, latitude)")
FILED: ColumnElement[str] = literal_column("tstzrange(submitted_at, submitted_at, '[]'::text)")
REPORT_NUMBER = Sequence("report_number_seq", metadata=Base.metadata)  # PostgreSQL


class Report(Base):
    """A citizen's field report (phản ánh hiện trường).

    `sequence` is the number of its last event, and so also its version.
    """

    __tablename__ = "reports"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, unique=True)
    prefix: Mapped[str] = mapped_column(String(10))
    reporter_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("citizens.id"))
    anonymous: Mapped[bool]
    urgent: Mapped[bool]
    category: Mapped[str] = mapped_column(String(40))
    description: Mapped[str] = mapped_column(Text)
    folded: Mapped[str] = mapped_column(Text)
    latitude: Mapped[float]
    longitude: Mapped[float]
    address: Mapped[str | None] = mapped_column(String(300))
    area: Mapped[str] = mapped_column(String(10))
    agency: Mapped[str | None] = mapped_column(String(40))
    status: Mapped[str] = mapped_column(String(20))
    asked_in: Mapped[str | None] = mapped_column(String(20))
    sequence: Mapped[int]
    submitted_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    # How it came in: `channel` app, hotline or open311; `filed_by` whoever filed it for another.
    channel: Mapped[str] = mapped_column(String(20), server_default="app", default="app")
    filed_by: Mapped[str | None] = mapped_column(String(80))
    suggested_agency: Mapped[str | None] = mapped_column(String(40))
    area_uncertain: Mapped[bool] = mapped_column(server_default=false(), default=False)
    lane: Mapped[str | None] = mapped_column(String(20))  # `review`: somebody looks twice
    hints: Mapped[list[Any]] = mapped_column(server_default="[]", default=list)

    # By when. `due_at` is the limit that runs now; None while none does.
    accept_due_at: Mapped[datetime | None]
    resolve_due_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    extended: Mapped[bool] = mapped_column(server_default=false(), default=False)
    extension_until: Mapped[datetime | None]  # while a request to extend waits
    watch_at: Mapped[datetime | None]  # when the next reminder or escalation is due
    watch_step: Mapped[int] = mapped_column(server_default="0", default=0)
    answer_due_at: Mapped[datetime | None]  # the citizen's, while in need_info
    asked_at: Mapped[datetime | None]

    # How it went. `accepted_at` and `resolved_at` are the first and the last time.
    accepted_at: Mapped[datetime | None]
    resolved_at: Mapped[datetime | None]
    returns: Mapped[int] = mapped_column(server_default="0", default=0)
    reopenings: Mapped[int] = mapped_column(server_default="0", default=0)
    verdict: Mapped[str | None] = mapped_column(String(20))  # the last rating
    duplicate_of: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("reports.id"))
    part_of: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("reports.id"))
    proposed_question: Mapped[str | None] = mapped_column(Text)  # a unit's, not asked yet
    result: Mapped[str | None] = mapped_column(Text)  # public once resolved
    proof: Mapped[list[Any] | None]  # subjects of the result's photos
    appealed_at: Mapped[datetime | None]  # since when an appeal waits
    supporters: Mapped[int] = mapped_column(server_default="0", default=0)
    followers: Mapped[int] = mapped_column(server_default="0", default=0)

    # What the public sees, and nothing else of it: `visibility` hidden or public. `public_version`
    # counts the changes of this side, `public_words` are its words folded, one space between.
    visibility: Mapped[str] = mapped_column(String(10), server_default="hidden", default="hidden")
    public_version: Mapped[int] = mapped_column(server_default="0", default=0)
    published_at: Mapped[datetime | None]
    public_description: Mapped[str | None] = mapped_column(Text)
    public_words: Mapped[str | None] = mapped_column(Text)
    public_address: Mapped[str | None] = mapped_column(String(300))
    public_latitude: Mapped[float | None]
    public_longitude: Mapped[float | None]

    __table_args__ = (
        Index("ix_reports_submitted", "submitted_at", "id"),
        Index("ix_reports_watch", "watch_at", postgresql_where=_WATCHED, sqlite_where=_WATCHED),
        Index(
            "ix_reports_duplicate_of",
            "duplicate_of",
            postgresql_where=_JOINED,
            sqlite_where=_JOINED,
        ),
        Index("ix_reports_part_of", "part_of", postgresql_where=_SPLIT, sqlite_where=_SPLIT),
        Index(
            "ix_reports_answer_due",
            "answer_due_at",
            postgresql_where=_ASKED,
            sqlite_where=_ASKED,
        ),
        Index(
            "ix_reports_resolved",
            "resolved_at",
            postgresql_where=_RESOLVED,
            sqlite_where=_RESOLVED,
        ),
        Index(
            "ix_reports_appealed",
            "submitted_at",
            "id",
            postgresql_where=_APPEALED,
            sqlite_where=_APPEALED,
        ),
        Index(
            "ix_reports_proposed",
            "submitted_at",
            "id",
            postgresql_where=_PROPOSED,
            sqlite_where=_PROPOSED,
        ),
        Index("ix_reports_status", "status", "submitted_at", "id"),
        Index("ix_reports_agency", "agency", "submitted_at", "id"),
        Index("ix_reports_reporter", "reporter_id", "submitted_at", "id"),
        Index("ix_reports_area", "area", "submitted_at", "id"),
        Index("ix_reports_due", "due_at", "id", postgresql_where=_RUNNING, sqlite_where=_RUNNING),
        Index(
            "ix_reports_open_place", PLACE, FILED, postgresql_using="gist", postgresql_where=OPEN
        ),
        Index(  # SQLite's way there
            "ix_reports_open_latitude",
            "latitude",
            "longitude",
            sqlite_where=OPEN,
            info={"only": "sqlite"},
        ),
        Index("ix_reports_words", WORDS, postgresql_using="gin"),
        Index(
            "ix_reports_published",
            "published_at",
            "id",
            postgresql_where=_PUBLIC,
            sqlite_where=_PUBLIC,
        ),
        Index(
            "ix_reports_public_submitted",
            "submitted_at",
            "id",
            postgresql_where=_PUBLIC,
            sqlite_where=_PUBLIC,
        ),
        Index(
            "ix_reports_public_updated",
            "updated_at",
            "id",
            postgresql_where=_PUBLIC,
            sqlite_where=_PUBLIC,
        ),
        Index(
            "ix_reports_filed_by",
            "filed_by",
            "submitted_at",
            "id",
            postgresql_where=_FILED,
            sqlite_where=_FILED,
        ),
        Index(
            "ix_reports_public_place",
            PUBLIC_PLACE,
            postgresql_using="gist",
            postgresql_where=_PUBLIC,
        ),
        Index(
            "ix_reports_public_words",
            PUBLIC_WORDS,
            postgresql_using="gin",
            postgresql_where=_PUBLIC,
        ),
        Index(  # SQLite's way to the map
            "ix_reports_public_latitude",
            "public_latitude",
            "public_longitude",
            postgresql_where=_PUBLIC,
            sqlite_where=_PUBLIC,
        ),
    )

    @property
    def code(self) -> str:
        """What people call it by, such as HP-2026-000123."""
        return f"{self.prefix}-{self.submitted_at.astimezone(LOCAL).year}-{self.number:06d}"

    @property
    def public(self) -> bool:
        """Whether everybody may see its public side."""
        return self.visibility == "public"


def coded(code: str) -> ColumnElement[bool]:
    """Finds the report of a code by its number; none for what is no code."""
    found = re.fullmatch(r"([A-Z]{1,10})-(20[0-9]{2})-([0-9]{6,12})", code)
    if found is None:
        return false()
    year = int(found[2])
    return and_(
        Report.number == int(found[3]),
        Report.prefix == found[1],
        Report.submitted_at >= datetime(year, 1, 1, tzinfo=LOCAL),
        Report.submitted_at < datetime(year + 1, 1, 1, tzinfo=LOCAL),
    )


class ReportEvent(Base):
    """One step of a report. Its id is what operations centres know it by."""

    __tablename__ = "report_events"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    report_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("reports.id"))
    sequence: Mapped[int]
    move: Mapped[str] = mapped_column(String(30))
    from_status: Mapped[str | None] = mapped_column(String(20))
    to_status: Mapped[str] = mapped_column(String(20))
    actor: Mapped[str] = mapped_column(String(80))
    agency: Mapped[str | None] = mapped_column(String(40))
    reason: Mapped[str | None] = mapped_column(String(40))
    public_text: Mapped[str | None] = mapped_column(Text)
    details: Mapped[dict[str, Any] | None]  # what else the step tells, such as a committed date
    at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("report_id", "sequence"),)
