"""What the public reads of procedures: texts rendered when a record changed, given out as such."""

from collections.abc import Collection, Sequence

from sqlalchemy.orm import Session


def services_for_phones(session: Session, refs: Collection[str]) -> dict[str, str]:
    """The whole texts of those of some procedures that are public, by code."""
    raise NotImplementedError


def popular(session: Session, most: int) -> Sequence[str]:
    """Cards of those opened most of late, and of essential services where too few were."""
    raise NotImplementedError
