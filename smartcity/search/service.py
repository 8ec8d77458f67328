"""What domains write as they publish, and the one query over all of it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session


@dataclass(frozen=True)
class Indexed:
    """A published thing as the index knows it; `body` is plain text, never shown whole."""

    kind: str
    ref: str
    title: str
    summary: str
    body: str
    link: str
    published_at: datetime
    language: str = "vi"
    agency: str | None = None
    area: str | None = None
    weight: float = 1.0


def put(session: Session, thing: Indexed) -> None:
    """Let a thing be found, as it now is."""
    raise NotImplementedError


def remove(session: Session, kind: str, ref: str) -> None:
    """Let a thing be found no more; nothing happens if it never was."""
    raise NotImplementedError
