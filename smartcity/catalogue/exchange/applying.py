"""What was compared is done: in one transaction, and only if the register still stands so."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from smartcity.audit import service as audit
from smartcity.catalogue.exchange.comparing import Difference
from smartcity.catalogue.models import Procedure
from smartcity.catalogue.register.publishing import KIND, bring_in, restore, withdraw
from smartcity.core.db import one_at_a_time
from smartcity.core.errors import Conflict
from smartcity.identity.permissions import Principal

_BATCH = 500


@dataclass(frozen=True)
class Import:
    """A file that is brought, and why; `digest` is its SHA-256."""

    file: str
    digest: str
    reason: str


def of_file(file: Path, reason: str | None) -> Import:
    """The import of a file; its name is the reason where none is given."""
    with file.open("rb") as opened:
        digest = hashlib.file_digest(opened, "sha256").hexdigest()
    return Import(file.name[:150], digest, (reason or file.name)[:500])


def apply(
    session: Session,
    who: Principal,
    found: Difference,
    asked: Import,
    *,
    withdraw_missing: bool,
    restore_withdrawn: bool,
) -> None:
    """Do all of a difference. Raises Conflict when the register has changed since it was made."""
    one_at_a_time(session, "catalogue")
    _refuse_others(session, found)
    bring_in(session, who, found.coming.values(), asked.file, asked.reason)
    back = found.withdrawn if restore_withdrawn else []
    for code in back:
        restore(session, who, session.get_one(Procedure, code), asked.reason)
    gone = list(found.missing) if withdraw_missing else []
    for code in gone:
        withdraw(session, who, session.get_one(Procedure, code), asked.reason)
    counts = {"new": len(found.new), "changed": len(found.changes), "same": len(found.same)}
    counts |= {"refused": len(found.refused), "restored": len(back), "withdrawn": len(gone)}
    told = {"file": asked.file, "sha256": asked.digest, "reason": asked.reason, **counts}
    audit.record(session, who.key, "service.import", (KIND, None), after=told)


def _refuse_others(session: Session, found: Difference) -> None:
    codes = list(found.versions)
    for begins in range(0, len(codes), _BATCH):
        some = codes[begins : begins + _BATCH]
        query = select(Procedure.code, Procedure.version).where(Procedure.code.in_(some))
        standing = {row.code: row.version for row in session.execute(query)}
        if any(standing.get(code, 0) != found.versions[code] for code in some):
            raise Conflict("catalogue.changed_meanwhile")
