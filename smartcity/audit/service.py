"""Writing the audit record; a job seals it, later and in order."""

import uuid
from typing import Any

from flask import g, has_request_context
from sqlalchemy import insert
from sqlalchemy.orm import Session

from smartcity.audit.models import AuditEntry
from smartcity.core import clock
from smartcity.core.caller import address


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
    inside = has_request_context()
    row = {
        "at": clock.now(),
        "actor": actor,
        "action": action,
        "subject_kind": subject[0],
        "subject_id": subject[1],
        "detail": detail,
        "request_id": g.get("request_id") if inside else None,
        "address": address() if inside else None,
    }
    session.execute(insert(AuditEntry).values(row))
