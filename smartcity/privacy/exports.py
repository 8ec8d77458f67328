"""Archives of all that is held of a citizen: asked for, given by a link, destroyed after a day."""

import math
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, delete, select, update
from sqlalchemy.orm import Session

from smartcity.adapters.storage import storage
from smartcity.audit.service import record
from smartcity.core import clock, quota
from smartcity.core.context import settings
from smartcity.core.db import one_at_a_time, reading, transaction
from smartcity.core.envelope import blind
from smartcity.core.errors import NotFound
from smartcity.core.expiry import Over
from smartcity.core.ids import new_id
from smartcity.core.signing import mac, verifies
from smartcity.core.web import too_many
from smartcity.identity.permissions import Principal
from smartcity.jobs.service import enqueue
from smartcity.privacy import requests
from smartcity.privacy.models import Export, ExportState

KEPT = timedelta(hours=24)
MAKE, DESTROY = "privacy.export", "privacy.destroy_archive"
_RUNNING = (ExportState.WAITING, ExportState.WORKING)
_A_DAY = 86_400


class Gone(NotFound):
    """The archive was there once."""

    status = 410


def ask(session: Session, citizen: Principal) -> Export:
    """Have an archive made; the one that is being made counts for the same request.

    Raises TooMany above the day's limit.
    """
    citizen_id = uuid.UUID(citizen.id)
    one_at_a_time(session, f"export:{citizen_id}")
    running = session.scalar(_of(citizen_id).where(Export.state.in_(_RUNNING)))
    if running:
        return running
    wait = quota.take(session, _quota(citizen_id), settings().export_limit, _A_DAY)
    if wait:
        raise too_many(math.ceil(wait))
    made = Export(
        id=new_id(),
        citizen_id=citizen_id,
        state=ExportState.WAITING,
        progress=0,
        asked_at=clock.now(),
    )
    session.add(made)
    session.flush()
    enqueue(session, MAKE, {"export": str(made.id)})
    requests.register(session, citizen_id, requests.Kind.EXPORT)
    record(session, citizen.key, "export.ask", ("export", made.id))
    return made


def newest(session: Session, citizen_id: uuid.UUID) -> Export:
    """The archive that a citizen asked for last; NotFound when he never did."""
    found = session.scalar(_of(citizen_id).limit(1))
    if found is None:
        raise NotFound("export.none")
    return found


def shown(export: Export) -> dict[str, Any]:
    """An export as its owner sees it, with a link while it is good."""
    columns = ("id", "progress", "size", "asked_at", "expires_at")
    ready = export.state == ExportState.READY
    over = ready and export.expires_at is not None and export.expires_at <= clock.now()
    return {
        **{name: getattr(export, name) for name in columns},
        "state": ExportState.EXPIRED if over else export.state,
        "link": _link(export) if ready and not over else None,
    }


def opened(export_id: uuid.UUID, expires: int, signature: str) -> str:
    """The storage key of the archive that a link opens; NotFound for a forged one, Gone after."""
    if not verifies("export", f"{export_id}:{expires}", signature):
        raise NotFound("export.not_found")
    with reading() as session:
        state = session.scalar(select(Export.state).where(Export.id == export_id))
    if state != ExportState.READY or expires <= clock.now().timestamp():
        raise Gone("export.expired")
    return storage_key(export_id)


def begin(session: Session, export_id: uuid.UUID) -> uuid.UUID | None:
    """Whose archive is to be made; None when he was erased meanwhile."""
    rows = update(Export).where(Export.id == export_id)
    return session.scalar(rows.values(state=ExportState.WORKING).returning(Export.citizen_id))


def tell_progress(session: Session, export_id: uuid.UUID, percent: int) -> None:
    session.execute(update(Export).where(Export.id == export_id).values(progress=percent))


def finish(session: Session, export_id: uuid.UUID, size: int) -> bool:
    """Let the archive be fetched; False when its owner was erased meanwhile."""
    values = {"state": ExportState.READY, "progress": 100, "size": size}
    rows = update(Export).where(Export.id == export_id)
    ends = clock.now() + KEPT
    owner = session.scalar(rows.values(**values, expires_at=ends).returning(Export.citizen_id))
    if owner is None:
        return False
    requests.settle(session, owner, requests.Kind.EXPORT)
    return True


def destroy_expired() -> None:
    """Destroy the archives whose day is over; cut short, it is taken up by the next sweep."""
    with reading() as session:
        ended = session.scalars(select(Export.id).where(*archives_over().where)).all()
    for export_id in ended:
        storage().delete(storage_key(export_id))
        with transaction() as session:
            rows = update(Export).where(Export.id == export_id)
            session.execute(rows.values(state=ExportState.EXPIRED))


def archives_over() -> Over:
    """The archives whose day is over."""
    return Over(Export, (Export.state == ExportState.READY, Export.expires_at <= clock.now()))


def over(before: datetime) -> Over:
    """The records of exports of a time ago whose archives are destroyed."""
    return Over(Export, (Export.asked_at < before, Export.state == ExportState.EXPIRED))


def held(session: Session, citizen_id: uuid.UUID) -> Iterator[dict[str, Any]]:
    """The archives that a citizen asked for."""
    for row in session.scalars(_of(citizen_id)):
        yield {name: getattr(row, name) for name in ("id", "asked_at", "state", "size")}


def erase(session: Session, citizen_id: uuid.UUID) -> None:
    """A person's archives, and what counts towards his limit."""
    gone = delete(Export).where(Export.citizen_id == citizen_id).returning(Export.id)
    for export_id in session.scalars(gone).all():
        enqueue(session, DESTROY, {"export": str(export_id)})
    quota.forget(session, _quota(citizen_id))


def storage_key(export_id: uuid.UUID) -> str:
    """Where the store keeps an archive."""
    return f"{export_id.hex[-2:]}/{export_id.hex}-export.zip"


def _of(citizen_id: uuid.UUID) -> Select[Export]:
    mine = select(Export).where(Export.citizen_id == citizen_id)
    return mine.order_by(Export.asked_at.desc(), Export.id.desc())


def _quota(citizen_id: uuid.UUID) -> str:
    return f"export:{blind('citizen', str(citizen_id))}"


def _link(export: Export) -> str:
    expires = int(export.expires_at.timestamp()) if export.expires_at else 0
    signature = mac("export", f"{export.id}:{expires}")
    base = f"{settings().public_url.rstrip('/')}/exports/{export.id}"
    return f"{base}?expires={expires}&signature={signature}"
