"""The one way in and out of the register: a record comes in, is withdrawn, comes back.

With each change go, in the same transaction: a version, the public texts, the search index, and
the log of public changes.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from smartcity.catalogue.models import Procedure
from smartcity.catalogue.records.record import Record
from smartcity.identity.permissions import Principal

KIND = "service"  # of what appears in `changes` and is found


@dataclass(frozen=True)
class Brought:
    """How many procedures came in that were not there, and how many came in another way."""

    entered: int
    changed: int


def bring_in(
    session: Session,
    who: Principal,
    records: Sequence[Record],
    origin: str,
    reason: str | None = None,
) -> Brought:
    """Publish records that are new or differ from what stands; the same ones again do nothing.

    Thousands at once, in a few statements per hundred. A withdrawn procedure is changed and stays
    withdrawn. Whoever calls audits: one deed may bring thousands.
    """
    raise NotImplementedError


def withdraw(session: Session, who: Principal, procedure: Procedure, reason: str) -> None:
    """Take a procedure out of the public's sight; it is kept. Audited; twice is once."""
    raise NotImplementedError


def restore(session: Session, who: Principal, procedure: Procedure, reason: str) -> None:
    """Show a withdrawn procedure again, as it was. Audited; twice is once."""
    raise NotImplementedError
