"""What citizens do where they are asked to take part.

What they take part in (an activity, a contest, a survey, a draft) is an entry of a register.
"""

import uuid
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from smartcity.core.db import Base

_ENTRY = "register_entries.id"
_CITIZEN = "citizens.id"


class Seat(StrEnum):
    """How a registration for an activity stands."""

    CONFIRMED = "confirmed"
    WAITING = "waiting"
    CANCELLED = "cancelled"


class Seats(Base):
    """How many of an activity's places are taken, how many wait, and the last number given."""

    __tablename__ = "activity_seats"

    activity_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(_ENTRY), primary_key=True)
    taken: Mapped[int]
    waiting: Mapped[int]
    last: Mapped[int]


class Registration(Base):
    """A citizen's registration for an activity (đăng ký tình nguyện).

    `number` is his turn in the waiting list; `ward` and `birth_year` are his own word, asked for
    only where eligibility needs it. Under his key stand what he wants to be called, and the
    `secret` that makes his check-in codes (RFC 6238); `step` is the one that a code was last good
    in.
    """

    __tablename__ = "activity_registrations"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    activity_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(_ENTRY))
    citizen_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(_CITIZEN, ondelete="CASCADE"))
    state: Mapped[str] = mapped_column(String(10))
    number: Mapped[int]
    ward: Mapped[str | None] = mapped_column(String(20))
    birth_year: Mapped[int | None]
    called_sealed: Mapped[str | None] = mapped_column(String(500))
    secret: Mapped[str] = mapped_column(String(200))
    step: Mapped[int | None] = mapped_column(BigInteger)
    registered_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    checked_in_at: Mapped[datetime | None]
    checked_in_by: Mapped[str | None] = mapped_column(String(80))

    __table_args__ = (
        UniqueConstraint("activity_id", "citizen_id"),
        Index(None, "activity_id", "state", "number"),
        Index(None, "citizen_id", "registered_at", "id"),
    )


class SurveyResponse(Base):
    """What somebody answered to a survey, under a keyed digest of his account: nobody's name.

    `hurried`: quicker than a person reads; `counted`: or an officer counts it all the same. `at`
    is the day alone: an hour would tell in the log of requests whose answer it is.
    """

    __tablename__ = "survey_responses"

    survey_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(_ENTRY), primary_key=True)
    respondent: Mapped[str] = mapped_column(String(43), primary_key=True)
    answers: Mapped[dict[str, Any]]
    ward: Mapped[str | None] = mapped_column(String(20))
    seconds: Mapped[int]
    hurried: Mapped[bool]
    counted: Mapped[bool]
    at: Mapped[datetime]

    __table_args__ = (Index(None, "survey_id", "at", "respondent"),)


class Comment(Base):
    """A comment on a draft (góp ý dự thảo), on one of its clauses or on all of it.

    Moderated before the public sees it; `reply` is the drafters' (tiếp thu, giải trình).
    """

    __tablename__ = "draft_comments"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    draft_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(_ENTRY))
    citizen_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey(_CITIZEN, ondelete="SET NULL"), index=True
    )
    clause: Mapped[str | None] = mapped_column(String(40))
    text: Mapped[str] = mapped_column(Text)
    folded: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(10))  # received, published, refused or taken_back
    version: Mapped[int]
    reason: Mapped[str | None] = mapped_column(String(500))
    accepted: Mapped[bool | None]
    reply: Mapped[str | None] = mapped_column(String(4000))
    made_at: Mapped[datetime]
    changed_by: Mapped[str] = mapped_column(String(80))
    changed_at: Mapped[datetime]

    __table_args__ = (
        Index(None, "draft_id", "state", "made_at", "id"),
        Index(None, "state", "made_at", "id"),
    )


class Question(Base):
    """A question to the authorities (hỏi đáp). Its states stand in `questions.states`.

    `text` is what was asked, `shown` how the public reads it (without personal data); `private`:
    whoever asked wants the answer for himself. `watch_at`: when officers are reminded next.
    """

    __tablename__ = "citizen_questions"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    citizen_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey(_CITIZEN, ondelete="SET NULL"))
    state: Mapped[str] = mapped_column(String(12))
    version: Mapped[int]
    field: Mapped[str] = mapped_column(String(40))
    agency: Mapped[str | None] = mapped_column(ForeignKey("agencies.code"))
    text: Mapped[str] = mapped_column(Text)
    shown: Mapped[str | None] = mapped_column(Text)
    folded: Mapped[str] = mapped_column(Text)
    answer: Mapped[str | None] = mapped_column(Text)
    reason: Mapped[str | None] = mapped_column(String(500))
    private: Mapped[bool]
    demo: Mapped[bool]
    asked_at: Mapped[datetime]
    due_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    watch_at: Mapped[datetime | None] = mapped_column(index=True)
    changed_by: Mapped[str] = mapped_column(String(80))
    changed_at: Mapped[datetime]

    __table_args__ = (
        Index(None, "state", "asked_at", "id"),
        Index(None, "agency", "state", "due_at"),
        Index(None, "citizen_id", "asked_at", "id"),
        Index(None, "published_at", "id"),
    )


class QuestionStep(Base):
    """What happened to a question: the step, by whom, when and why.

    `agency` is where it went, `answer` what it was answered from then on.
    """

    __tablename__ = "citizen_question_steps"

    question_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("citizen_questions.id"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True)
    step: Mapped[str] = mapped_column(String(20))
    actor: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime]
    reason: Mapped[str | None] = mapped_column(String(500))
    agency: Mapped[str | None] = mapped_column(String(40))
    answer: Mapped[str | None] = mapped_column(Text)


class ReferralCode(Base):
    """A code that a community digital team (tổ công nghệ số cộng đồng) hands out.

    The team is an entry of the register of places; `holder` is the member who shows it.
    """

    __tablename__ = "referral_codes"

    code: Mapped[str] = mapped_column(String(12), primary_key=True)
    team_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(_ENTRY), index=True)
    ward: Mapped[str] = mapped_column(String(20))
    holder: Mapped[str] = mapped_column(String(120))
    made_by: Mapped[str] = mapped_column(String(80))
    made_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class Activation(Base):
    """That a team helped a citizen to begin: once an account, whatever codes he is shown."""

    __tablename__ = "referral_activations"

    citizen_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey(_CITIZEN, ondelete="CASCADE"), primary_key=True
    )
    code: Mapped[str] = mapped_column(ForeignKey("referral_codes.code"))
    ward: Mapped[str] = mapped_column(String(20))
    day: Mapped[date]
    at: Mapped[datetime]

    __table_args__ = (Index(None, "ward", "day"), Index(None, "code"))
