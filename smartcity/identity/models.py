"""Who the program knows: citizens by their phone, officers by their account, and their sessions."""

import uuid
from datetime import datetime

from sqlalchemy import Index, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from smartcity.core.db import Base


class Citizen(Base):
    """A person, known by one mobile number: its keyed index, and itself under the person's key."""

    __tablename__ = "citizens"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    phone_index: Mapped[str] = mapped_column(String(43), unique=True)
    phone_sealed: Mapped[str] = mapped_column(String(100))
    assurance: Mapped[str] = mapped_column(String(10), server_default="otp")  # or verified
    verified_at: Mapped[datetime | None]
    # Keyed like the number's: one official identity verifies one account.
    identity_index: Mapped[str | None] = mapped_column(String(43), unique=True)
    created_at: Mapped[datetime]


class Officer(Base):
    """An account of the operations centre or of a handling unit."""

    __tablename__ = "officers"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(String(64), unique=True)
    password_hash: Mapped[str] = mapped_column(String(160))
    role: Mapped[str] = mapped_column(String(20))
    agency: Mapped[str | None] = mapped_column(String(60))
    display_name: Mapped[str] = mapped_column(String(120))
    active: Mapped[bool] = mapped_column(default=True)
    totp_secret: Mapped[str | None] = mapped_column(String(200))  # encrypted for "totp"
    created_at: Mapped[datetime]


class OtpChallenge(Base):
    """One code sent to one number; the code itself is nowhere, only its keyed digest."""

    __tablename__ = "otp_challenges"
    __table_args__ = (Index(None, "phone", "created_at"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    phone: Mapped[str] = mapped_column(String(16))
    code_mac: Mapped[str] = mapped_column(String(43))
    tries: Mapped[int] = mapped_column(SmallInteger, default=0)
    created_at: Mapped[datetime] = mapped_column(index=True)
    expires_at: Mapped[datetime]
    consumed_at: Mapped[datetime | None]


class SignedIn(Base):
    """One device signed in: a family of refresh tokens, of which the newest generation is good."""

    __tablename__ = "sessions"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))  # citizen or officer
    principal_id: Mapped[uuid.UUID] = mapped_column(index=True)
    generation: Mapped[int] = mapped_column(default=1)
    device: Mapped[str] = mapped_column(String(120))  # its User-Agent, shortened
    created_at: Mapped[datetime]
    rotated_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    revoked_at: Mapped[datetime | None]
