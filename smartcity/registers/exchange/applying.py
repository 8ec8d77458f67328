"""What was compared is done: whole, and only if the register still stands so."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from smartcity.audit import service as audit
from smartcity.core.db import one_at_a_time
from smartcity.core.errors import Conflict
from smartcity.identity.permissions import Principal
from smartcity.registers.bringing import bring_in
from smartcity.registers.exchange.comparing import Difference
from smartcity.registers.kind import Kind
from smartcity.registers.models import Entry

_BATCH = 500


@dataclass(frozen=True)
class Import:
    """A file that is brought, and why; `digest` is its SHA-256."""

    file: str
    digest: str
    reason: str


def import_of(file: Path, name: str, reason: str | None) -> Import:
    """The import of a file under a name, which is the reason where none is given."""
    with file.open("rb") as opened:
        digest = hashlib.file_digest(opened, "sha256").hexdigest()
    return Import(name[:150], digest, (reason or name)[:500])


def apply(session: Session, kind: Kind, who: Principal, found: Difference, asked: Import) -> None:
    """Do all of a difference in which nothing is refused; what is new is published. Audited.

    Raises Conflict when something was refused, or the register has changed since it was compared.
    """
    if found.refused:
        raise Conflict("register.import.refused")
    one_at_a_time(session, f"register:{kind.name}")
    _refuse_others(session, kind, found)
    records = found.coming.values()
    bring_in(session, kind, who, records, origin=asked.file, reason=asked.reason)
    told = {"file": asked.file, "sha256": asked.digest, "reason": asked.reason, **found.counts}
    audit.record(session, who.key, f"{kind.name}.import", (kind.name, None), after=told)


def _refuse_others(session: Session, kind: Kind, found: Difference) -> None:
    keys = list(found.versions)
    for begins in range(0, len(keys), _BATCH):
        some = keys[begins : begins + _BATCH]
        query = select(Entry.key, Entry.version).where(Entry.kind == kind.name)
        rows = session.execute(query.where(Entry.key.in_(some)))
        standing = {row.key: row.version for row in rows}
        if any(standing.get(key, 0) != found.versions[key] for key in some):
            raise Conflict("register.import.changed_meanwhile")
