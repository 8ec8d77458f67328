"""What signing in at another provider needs: requests under way, and officers known from there."""

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from smartcity.core.db import Base


class AuthorizationRequest(Base):
    """One person sent to a provider and not back yet; the row goes when it is spent."""

    __tablename__ = "authorization_requests"

    state_index: Mapped[str] = mapped_column(String(43), primary_key=True)
    bound_to: Mapped[str] = mapped_column(String(43), index=True)  # index of a browser or session
    sealed: Mapped[str] = mapped_column(String(400))  # nonce and PKCE verifier
    expires_at: Mapped[datetime] = mapped_column(index=True)


class OfficerIdentity(Base):
    """Whose account a subject of a provider signs in to."""

    __tablename__ = "officer_identities"

    issuer: Mapped[str] = mapped_column(String(255), primary_key=True)
    subject: Mapped[str] = mapped_column(String(255), primary_key=True)
    officer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("officers.id"), unique=True)
    created_at: Mapped[datetime]
