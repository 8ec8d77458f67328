"""Sources as officers keep them: added, changed, paused, asked now, retired and restored.

The version counts what officers change, not what polls find; who names none takes it as it is.
"""

import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from smartcity.areas import service as areas
from smartcity.audit.service import record
from smartcity.core import clock
from smartcity.core.db import lock_row
from smartcity.core.errors import Conflict, Invalid, NotFound, PreconditionFailed
from smartcity.core.ids import new_id
from smartcity.core.text import fold
from smartcity.identity.permissions import Action, Principal, Scope
from smartcity.news.rules import rules
from smartcity.news.sources import pace, polling
from smartcity.news.sources.models import Licence, Source

DEFAULTS: dict[str, Any] = {
    "agency": None,
    "language": "vi",
    "licence": Licence.SUMMARY,
    "auto_publish": False,
    "interval_least": pace.LEAST,
    "interval_most": pace.MOST,
}
CHANGED = ("name", "url", "category", *DEFAULTS)


def create(session: Session, actor: str, asked: Mapping[str, Any]) -> Source:
    """A new source, polled at once; Conflict for a known address, Invalid for what does not fit."""
    known = session.scalar(select(Source).where(Source.url == asked["url"]))
    if known:
        raise Conflict("source.known_retired" if known.retired_at else "source.known")
    said = {**DEFAULTS, **{name: asked[name] for name in CHANGED if name in asked}}
    source = Source(
        id=new_id(),
        **said,
        paused=False,
        interval=pace.FIRST,
        failures=0,
        version=1,
        made_by=actor,
        made_at=clock.now(),
    )
    _check(source)
    session.add(source)
    session.flush()
    _ask(session, source)
    record(session, actor, "source.create", ("source", source.id), after=_told(source))
    return source


def change(
    session: Session,
    actor: str,
    source_id: uuid.UUID,
    version: int | None,
    asked: Mapping[str, Any],
) -> Source:
    """Change how a source is treated; at a new address it is met as a stranger, and at once."""
    source = hold(session, source_id, version)
    before, url = _told(source), source.url
    for name in asked.keys() & set(CHANGED):
        setattr(source, name, asked[name])
    _check(source)
    if source.url != url:
        _refuse_known(session, source)
        source.etag = source.last_modified = source.moved_to = None
        _ask(session, source)
    _changed(session, actor, "change", source, before)
    return source


def pause(
    session: Session, actor: str, source_id: uuid.UUID, version: int | None, reason: str
) -> Source:
    """Ask a source no more until it is resumed."""
    source = hold(session, source_id, version)
    _refuse(source, paused=True)
    before = _told(source)
    source.paused, source.due_at = True, None
    _changed(session, actor, "pause", source, before, reason=reason)
    return source


def resume(session: Session, actor: str, source_id: uuid.UUID, version: int | None) -> Source:
    """Ask a paused source again, at once."""
    source = hold(session, source_id, version)
    if not source.paused:
        raise Conflict("source.not_paused")
    before = _told(source)
    source.paused, source.failures, source.fault = False, 0, None
    _ask(session, source)
    _changed(session, actor, "resume", source, before)
    return source


def poll_now(session: Session, actor: str, source_id: uuid.UUID) -> Source:
    """Ask a source now, whenever its time would come."""
    source = hold(session, source_id)
    _refuse(source, paused=True)
    polling.begin(session, source)
    record(session, actor, "source.poll", ("source", source_id))
    return source


def retire(
    session: Session, actor: str, source_id: uuid.UUID, version: int | None, reason: str
) -> Source:
    """Ask a source no more, and list it no more; its articles stay."""
    source = hold(session, source_id, version)
    _refuse(source)
    before = _told(source)
    source.retired_at, source.due_at = clock.now(), None
    _changed(session, actor, "retire", source, before, reason=reason)
    return source


def restore(session: Session, actor: str, source_id: uuid.UUID, version: int | None) -> Source:
    """Take a retirement back."""
    source = hold(session, source_id, version)
    if not source.retired_at:
        raise Conflict("source.not_retired")
    before = _told(source)
    source.retired_at = None
    _ask(session, source)
    _changed(session, actor, "restore", source, before)
    return source


def visible(who: Principal) -> Select[Source]:
    """All sources, or those of a unit's officer's own agency."""
    if who.scope(Action.READ_CONTENT) is Scope.ALL:
        return select(Source)
    return select(Source).where(Source.agency == (who.agency or ""))


def hold(session: Session, source_id: uuid.UUID, version: int | None = None) -> Source:
    """A source, held until the transaction ends; 412 when it is at another version."""
    source = lock_row(session, select(Source), Source.id == source_id)
    if source is None:
        raise NotFound("source.not_found")
    if version is not None and source.version != version:
        raise PreconditionFailed("precondition.failed")
    return source


def _ask(session: Session, source: Source) -> None:
    """Poll a source that is new, or as good as new."""
    if not source.paused and not source.retired_at:
        pace.trust(source, clock.now())
        polling.begin(session, source)


def _refuse(source: Source, *, paused: bool = False) -> None:
    if source.retired_at:
        raise Conflict("source.retired")
    if paused and source.paused:
        raise Conflict("source.paused")


def _refuse_known(session: Session, source: Source) -> None:
    other = select(Source).where(Source.url == source.url, Source.id != source.id)
    with session.no_autoflush:
        if session.scalar(other):
            raise Conflict("source.known")


def _check(source: Source) -> None:
    if source.category not in rules().categories:
        raise Invalid(category="source.no_category")
    if source.agency:
        areas.agency(source.agency)
    if source.interval_least > source.interval_most:
        raise Invalid(interval_least="source.interval_order")
    source.name_folded = fold(source.name)[:400]
    source.interval = min(max(source.interval, source.interval_least), source.interval_most)


def _changed(
    session: Session,
    actor: str,
    deed: str,
    source: Source,
    before: Mapping[str, Any],
    **told: Any,
) -> None:
    source.version += 1
    session.flush()
    about = ("source", source.id)
    record(session, actor, f"source.{deed}", about, before=before, after=_told(source), **told)


def _told(source: Source) -> dict[str, Any]:
    said = {name: getattr(source, name) for name in (*CHANGED, "paused", "version")}
    return {**said, "retired": source.retired_at is not None}
