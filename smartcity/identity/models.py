"""Who the program knows: citizens by their phone, officers by their account, and their sessions."""

import uuid
from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, SmallInteger, String, Text, false
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
    name_sealed: Mapped[str | None] = mapped_column(String(500))  # what he wants to be called
    restricted_at: Mapped[datetime | None]  # his data serve his open cases only
    erase_at: Mapped[datetime | None] = mapped_column(index=True)
    reading_size: Mapped[str | None] = mapped_column(String(8))  # of letters; None: the phone's
    created_at: Mapped[datetime]


class Officer(Base):
    """An account of the operations centre or of a handling unit."""

    __tablename__ = "officers"
    __table_args__ = (Index(None, "created_at", "id"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(String(64), unique=True)
    password_hash: Mapped[str] = mapped_column(String(160))
    role: Mapped[str] = mapped_column(String(20))
    agency: Mapped[str | None] = mapped_column(String(60))
    display_name: Mapped[str] = mapped_column(String(120))
    active: Mapped[bool] = mapped_column(default=True)
    totp_secret: Mapped[str | None] = mapped_column(String(200))  # sealed for "totp"
    totp_confirmed_at: Mapped[datetime | None]  # the factor counts from here on
    totp_step: Mapped[int | None] = mapped_column(BigInteger)  # that a code was last good in
    password_temporary: Mapped[bool] = mapped_column(server_default=false(), default=False)
    version: Mapped[int] = mapped_column(server_default="1", default=1)  # rises by admins' changes
    created_at: Mapped[datetime]


class RecoveryCode(Base):
    """A code, good once, for an officer who has lost his second factor; only its keyed digest."""

    __tablename__ = "recovery_codes"

    officer_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("officers.id", ondelete="CASCADE"), primary_key=True
    )
    digest: Mapped[str] = mapped_column(String(43), primary_key=True)


class OtpChallenge(Base):
    """One code sent to one number; the code itself is nowhere, only its keyed digest."""

    __tablename__ = "otp_challenges"
    __table_args__ = (Index(None, "phone_index", "created_at"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    phone_index: Mapped[str] = mapped_column(String(43))
    phone_sealed: Mapped[str] = mapped_column(String(100))
    code_mac: Mapped[str] = mapped_column(String(43))
    tries: Mapped[int] = mapped_column(SmallInteger, default=0)
    created_at: Mapped[datetime] = mapped_column(index=True)
    expires_at: Mapped[datetime]
    consumed_at: Mapped[datetime | None]


class ZnsToken(Base):
    """What opens Zalo's notification service, sealed: one row, renewed by whoever finds it old."""

    __tablename__ = "zns_tokens"

    app_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    access_sealed: Mapped[str | None] = mapped_column(Text)
    refresh_sealed: Mapped[str] = mapped_column(Text)
    expires_at: Mapped[datetime]


class SignedIn(Base):
    """One device signed in: a family of refresh tokens, of which the newest generation is good.

    A browser at the console has a cookie instead; `cookie_hash` is its SHA-256 in hexadecimal.
    """

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
    cookie_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    seen_at: Mapped[datetime | None]  # a browser's, to the minute
    second_factor: Mapped[str | None] = mapped_column(String(10))  # what an officer proved
