"""The one way in and out of the register: a record comes in, is withdrawn, comes back.

With each change go, in the same transaction: a version, the public texts, the search index, and
the log of public changes.
"""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from smartcity.catalogue.models import Procedure
from smartcity.catalogue.records.record import Record
from smartcity.identity.permissions import Principal

KIND = "service"  # of what appears in `changes` and is found


def bring_in(session: Session, who: Principal, records: Sequence[Record], origin: str) -> None:
    """Publish records that are new or differ from what stands; the same ones again do nothing.

    Thousands at once, in a few statements per hundred.
    """
    raise NotImplementedError


def withdraw(session: Session, who: Principal, procedure: Procedure, reason: str) -> None:
    """Take a procedure out of the public's sight; it is kept."""
    raise NotImplementedError


def restore(session: Session, who: Principal, procedure: Procedure, reason: str) -> None:
    """Show a withdrawn procedure again, as it was."""
    raise NotImplementedError
