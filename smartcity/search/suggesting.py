"""Suggestions while somebody types."""

from sqlalchemy.orm import Session


def suggest(session: Session, typed: str) -> list[str]:
    """Titles that hold the words typed so far, the last one perhaps unfinished; at most 8."""
    raise NotImplementedError
