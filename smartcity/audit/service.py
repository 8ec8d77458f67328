"""Writing the audit record; a job seals it, later and in order."""

import uuid
from typing import Any

from sqlalchemy.orm import Session

from smartcity.audit.models import AuditEntry
from smartcity.core import clock
from smartcity.core.caller import origin
from smartcity.core.db import insert


def record(
    session: Session,
    actor: str,
    action: str,
    subject: tuple[str, uuid.UUID | None],
    **detail: Any,
) -> None:
    """Append a deed to the caller's transaction; `detail` holds no secrets and no citizen's words.

    `actor` is a principal's key, `subject` the kind and id of the thing.
    """
    request_id, address = origin()
    insert(
        session,
        AuditEntry,
        at=clock.now(),
        actor=actor,
        action=action,
        subject_kind=subject[0],
        subject_id=subject[1],
        detail=detail,
        request_id=request_id,
        address=address,
    )
