"""Campaigns, their templates, and whom they reached."""

import uuid
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, Integer, LargeBinary, SmallInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from smartcity.core.db import Base


class State(StrEnum):
    """How a campaign stands; `states.py` has the one table of what leads where."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    SCHEDULED = "scheduled"
    FREEZING = "freezing"
    CANARY = "canary"
    RUNNING = "running"
    PAUSED = "paused"
    HALTED = "halted"
    CANCELLED = "cancelled"
    FINISHED = "finished"


class Outcome(IntEnum):
    """What became of one recipient: one byte.

    PENDING: nothing was sent. UNKNOWN: sent, and nobody knows whether it arrived. PRUNED: the
    address was gone. QUARANTINED: of another Firebase project. FAILED: FCM refuses the message.
    LEFT: the phone left before its turn, or turned the category off. QUIET: it is in the phone's
    quiet hours. CANCELLED: the campaign ended before its turn.
    """

    PENDING = 0
    ACCEPTED = 1
    UNKNOWN = 2
    PRUNED = 3
    QUARANTINED = 4
    FAILED = 5
    LEFT = 6
    QUIET = 7
    CANCELLED = 8


class Template(Base):
    """A version of a text with named variables; a version never changes.

    `content` holds `{language: {title, body}}`.
    """

    __tablename__ = "push_templates"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    category: Mapped[str] = mapped_column(String(30))
    content: Mapped[dict[str, Any]]
    link: Mapped[str] = mapped_column(Text)
    made_by: Mapped[str] = mapped_column(String(80))
    made_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]


class Campaign(Base):
    """One message to an audience, from the draft to the last phone.

    `content` holds `{language: {title, body}}`; `tag` is what a later message of the same tag
    takes the place of. `canary`: phones that get it first, 0 is none; `ramp`: seconds until full
    speed. `resend`: whether who is unknown gets it again, under the same tag. `approved_hash` is
    of payload and audience as they were approved. `emergency`: sent on one person's word, to be
    reviewed after. `recall_of`: it corrects that one, for those whom that one reached.
    `recurs`: `yearly`, or null; `recurrence_of`: the campaign of the year before.
    """

    __tablename__ = "campaigns"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    folded: Mapped[str] = mapped_column(String(150))
    category: Mapped[str] = mapped_column(String(30))
    content: Mapped[dict[str, Any]]
    link: Mapped[str] = mapped_column(Text)
    tag: Mapped[str] = mapped_column(String(64))
    template: Mapped[dict[str, Any] | None]  # {name, version, values}
    audience: Mapped[dict[str, Any]]
    starts_at: Mapped[datetime | None]  # null: as soon as it is approved
    spread: Mapped[int]  # minutes
    recurs: Mapped[str | None] = mapped_column(String(10))
    canary: Mapped[int]
    ramp: Mapped[int]
    resend: Mapped[bool]
    state: Mapped[str] = mapped_column(String(12))
    resumes_to: Mapped[str | None] = mapped_column(String(12))  # the state before the pause
    version: Mapped[int]
    made_by: Mapped[str] = mapped_column(String(80))
    made_at: Mapped[datetime]
    approved_by: Mapped[str | None] = mapped_column(String(80))
    approved_at: Mapped[datetime | None]
    approved_hash: Mapped[str | None] = mapped_column(String(64))
    emergency: Mapped[bool]
    reviewed_by: Mapped[str | None] = mapped_column(String(80))
    reviewed_at: Mapped[datetime | None]
    recall_of: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("campaigns.id"))
    recurrence_of: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("campaigns.id"))
    recipients: Mapped[int | None]  # once frozen
    frozen_at: Mapped[datetime | None]
    launched_at: Mapped[datetime | None]  # the first message
    finished_at: Mapped[datetime | None]
    halted_reason: Mapped[str | None] = mapped_column(String(200))
    sum_error: Mapped[str | None] = mapped_column(String(200))  # what the minute's sum found wrong

    __table_args__ = (
        Index("ix_campaigns_made", "made_at", "id"),
        Index("ix_campaigns_state", "state", "starts_at"),
    )


class Step(Base):
    """Who moved a campaign, when and why."""

    __tablename__ = "campaign_steps"

    campaign_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("campaigns.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    action: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(12))  # after it
    actor: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(Text)


class Shard(Base):
    """Some 1,000 recipients in the order of their turns, and a byte for each.

    `devices`: their numbers, 8 bytes each, little-endian; never written again. `outcomes`: an
    `Outcome` each. `sending_from`, `sending_to`: the window that is being sent, or was when its
    worker died. `passes` counts how often those that are unknown were gone through again.
    """

    __tablename__ = "campaign_shards"

    campaign_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("campaigns.id"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    size: Mapped[int] = mapped_column(SmallInteger)
    devices: Mapped[bytes] = mapped_column(LargeBinary)
    outcomes: Mapped[bytes] = mapped_column(LargeBinary)
    sending_from: Mapped[int | None] = mapped_column(SmallInteger)
    sending_to: Mapped[int | None] = mapped_column(SmallInteger)
    passes: Mapped[int] = mapped_column(SmallInteger)
    done_at: Mapped[datetime | None]


class Receipts(Base):
    """Which recipients of a shard told us that they received it, and opened it: a bit for each.

    `told`: how many of these bits are set; by their sum a reader knows whether anybody told more.
    """

    __tablename__ = "campaign_receipts"

    campaign_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    shard: Mapped[int] = mapped_column(Integer, primary_key=True)
    received: Mapped[bytes] = mapped_column(LargeBinary)
    opened: Mapped[bytes] = mapped_column(LargeBinary)
    told: Mapped[int] = mapped_column(SmallInteger)


class Count(Base):
    """How many recipients of a platform in a ward had an outcome in a minute.

    `outcome` is one of `Outcome`'s names in small letters, `received` or `opened`. Where a later
    outcome takes the place of an earlier one, that one's count of its own minute falls. No foreign
    key: a campaign that is locked would hold up its senders; nor have the receipts one.
    """

    __tablename__ = "campaign_counts"

    campaign_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    minute: Mapped[datetime] = mapped_column(primary_key=True)
    platform: Mapped[str] = mapped_column(String(10), primary_key=True)
    ward: Mapped[str] = mapped_column(String(10), primary_key=True)  # empty: not told
    outcome: Mapped[str] = mapped_column(String(12), primary_key=True)
    count: Mapped[int] = mapped_column(Integer)
