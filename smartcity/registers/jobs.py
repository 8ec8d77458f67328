"""The job of registers: the window of an entry is past."""

import uuid

from sqlalchemy import select

from smartcity.core.db import lock_row, transaction
from smartcity.jobs.service import Lease, handler
from smartcity.registers.models import Entry
from smartcity.registers.showing import CLOSE, note_past


@handler(CLOSE)
def close(lease: Lease) -> None:
    """Note that it is past; nothing if it was changed since: then another job does."""
    entry_id, version = uuid.UUID(lease.payload["entry"]), lease.payload["version"]
    with transaction() as session:
        entry = lock_row(session, select(Entry), Entry.id == entry_id, Entry.version == version)
        if entry is not None:
            note_past(session, entry)
        lease.finish(session)
