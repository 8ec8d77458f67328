"""Writing the audit record; a job seals it, later and in order."""

import json
import re
import uuid
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from smartcity.audit.models import AuditEntry
from smartcity.core import clock, vault
from smartcity.core.caller import origin
from smartcity.core.db import insert, insert_all

Values = Mapping[str, Any]
PURPOSE = "audit"
ANONYMOUS = "anonymous:"  # a citizen who hides from everybody, auditors too
# Names of values that nobody may read later, and of those that stand in `private` only.
_SECRET = re.compile(
    r"(.*_)?(password|passphrase|secret|token|otp|totp|pin)s?"
    r"|(recovery_)?codes?|(api_|private_|signing_)?keys?"
)
_PERSONAL = re.compile(r"(.*_)?(phone|email|id_number)s?")


def record(
    session: Session,
    actor: str,
    action: str,
    subject: tuple[str, uuid.UUID | None],
    *,
    before: Values | None = None,
    after: Values | None = None,
    person: uuid.UUID | None = None,
    private: Values | None = None,
    **detail: Any,
) -> None:
    """Append a deed to the caller's transaction; none of it holds secrets or a citizen's words.

    `actor` is a principal's key or ANONYMOUS, `subject` the kind and id of the thing, `before` and
    `after` what changed in it. `private` holds personal values of a citizen who acts, or else of
    `person`; they and a citizen's network address can be read while that person's key lives. Raises
    ValueError for a name that promises a secret, for a personal one in clear, and for `private` of
    nobody.
    """
    _refuse((detail, before, after), _SECRET, _PERSONAL)
    _refuse(private, _SECRET)
    request_id, address = (None, None) if actor == ANONYMOUS else origin()
    citizen = _citizen(actor)
    if citizen:
        person, private, address = citizen, {"address": address, **(private or {})}, None
    sealed = _sealed(session, person, private)
    kind, ident = subject
    deed = {"actor": actor, "action": action, "subject_kind": kind, "subject_id": ident}
    origins = {"at": clock.now(), "request_id": request_id, "address": address}
    told = {"detail": detail, "before": before, "after": after}
    held = {"person_id": person if sealed else None, "private": sealed}
    insert(session, AuditEntry, **deed, **origins, **told, **held)


def record_export(session: Session, actor: str, kind: str, asked: Mapping[str, Any]) -> None:
    """Append that somebody takes a list of some kind away, and what narrows it."""
    filters = {name: str(value) for name, value in asked.items()}
    record(session, actor, f"{kind}.export", (kind, None), filters=filters)


def record_each(
    session: Session, actor: str, deeds: Iterable[tuple[str, tuple[str, uuid.UUID], Values]]
) -> None:
    """Append what the program did to many things at once: action, subject and detail of each."""
    rows = []
    for action, (kind, ident), detail in deeds:
        _refuse(detail, _SECRET, _PERSONAL)
        subject = {"subject_kind": kind, "subject_id": ident}
        rows.append(
            {"actor": actor, "action": action, **subject, "at": clock.now(), "detail": detail}
        )
    insert_all(session, AuditEntry, rows)


def private_part(session: Session, entry: AuditEntry) -> dict[str, Any] | None:
    """The personal values of an entry; None when it has none, or the person was erased."""
    if entry.person_id is None or entry.private is None:
        return None
    opened = vault.reveal(session, entry.person_id, PURPOSE, entry.private)
    return json.loads(opened) if opened else None


def deeds_of(session: Session, citizen_id: uuid.UUID) -> Iterator[dict[str, Any]]:
    """What a citizen did, first to last, with the personal values that only his key opens."""
    told = ("at", "action", "subject_kind", "subject_id", "detail", "before", "after")
    query = select(AuditEntry).where(AuditEntry.actor == f"citizen:{citizen_id}")
    for entry in session.scalars(query.order_by(AuditEntry.number)).yield_per(200):
        shown = {name: getattr(entry, name) for name in told}
        yield {**shown, "private": private_part(session, entry)}


def _citizen(actor: str) -> uuid.UUID | None:
    kind, _, ident = actor.partition(":")
    return uuid.UUID(ident) if kind == "citizen" else None


def _sealed(session: Session, person: uuid.UUID | None, private: Values | None) -> str | None:
    told = {name: value for name, value in (private or {}).items() if value is not None}
    if not told:
        return None
    if person is None:
        raise ValueError("private values of nobody")
    return vault.protect(session, person, PURPOSE, json.dumps(told, ensure_ascii=False))


def _refuse(told: Any, *kinds: re.Pattern[str]) -> None:
    for name in _names(told):
        if any(kind.fullmatch(name) for kind in kinds):
            raise ValueError(f"{name} does not belong into the audit record")


def _names(told: Any) -> Iterator[str]:
    if isinstance(told, Mapping):
        for name, value in told.items():
            yield name
            yield from _names(value)
    elif isinstance(told, (list, tuple)):
        for value in told:
            yield from _names(value)
