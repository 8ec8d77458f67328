"""Erasing a person: the case stays, the person goes, irrecoverably."""

import uuid

import structlog
from sqlalchemy.exc import SQLAlchemyError

from smartcity.audit.service import record
from smartcity.core.db import reading, transaction
from smartcity.identity import service as identity
from smartcity.identity.permissions import SYSTEM
from smartcity.jobs.service import enqueue
from smartcity.privacy.holdings import HOLDINGS

log = structlog.get_logger(__name__)


def erase_due() -> None:
    """Erase everybody whose grace is over, each in one transaction.

    Cut short at any point it is taken up again. One who cannot be erased does not keep the others
    waiting; the fault is raised at the end.
    """
    with reading() as session:
        due = identity.due_for_erasure(session)
    fault: SQLAlchemyError | None = None
    for citizen_id in due:
        try:
            erase(citizen_id)
        except SQLAlchemyError as error:
            fault = error
    if fault:
        raise fault


def erase(citizen_id: uuid.UUID) -> None:
    """Erase a person, unless he took it back or is gone already."""
    with transaction() as session:
        if not identity.hold_for_erasure(session, citizen_id):
            return
        for holding in HOLDINGS:
            if holding.erase:
                holding.erase(session, citizen_id)
        enqueue(session, "media.sweep", {})  # originals, and photos that no case uses
        record(session, SYSTEM.key, "account.erase", ("citizen", citizen_id))
    log.info("person.erased")
