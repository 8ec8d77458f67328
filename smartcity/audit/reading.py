"""Reading the record, newest first; that is a deed too, and recorded.

A search is recorded with its filters as its first page is read. The pages after it add nothing:
their cursor opens this search to this auditor only.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from smartcity.audit.models import AuditEntry
from smartcity.audit.service import private_part, record
from smartcity.core.errors import Malformed
from smartcity.core.paging import Page
from smartcity.core.signing import seal, unseal

BATCH = 1_000
_SHOWN = ("number", "at", "actor", "action", "subject_kind", "subject_id")
_TOLD = ("detail", "before", "after")
COLUMNS = (*_SHOWN, *_TOLD, "request_id", "address")


def page(session: Session, auditor: str, asked: Mapping[str, Any]) -> Page[dict[str, Any]]:
    """A page of the record, with the personal values of people who were not erased."""
    filters = _filters(asked)
    purpose = _purpose(auditor, filters)
    size, cursor = asked["limit"], asked.get("cursor")
    found = newest(session, asked, _position(purpose, cursor) if cursor else None, size + 1)
    if not cursor:
        record(session, auditor, "audit.read", ("audit", None), filters=filters)
    items = [_shown(session, entry) for entry in found[:size]]
    more = seal(purpose, found[size - 1].number) if len(found) > size else None
    return Page(items, more)


def begin_export(session: Session, auditor: str, asked: Mapping[str, Any]) -> None:
    """Record that an auditor takes a list of entries away."""
    record(session, auditor, "audit.export", ("audit", None), filters=_filters(asked))


def newest(
    session: Session, asked: Mapping[str, Any], before: int | None, most: int
) -> Sequence[AuditEntry]:
    """The entries that the filters name, before a number, newest first."""
    query = select(AuditEntry).where(*_wanted(asked))
    if before is not None:
        query = query.where(AuditEntry.number < before)
    return session.scalars(query.order_by(AuditEntry.number.desc()).limit(most)).all()


def cells(entry: AuditEntry) -> list[object]:
    """An entry as cells, one for each of COLUMNS.

    Without the personal values: a file would keep them when the person is erased.
    """
    return [_cell(getattr(entry, name)) for name in COLUMNS]


def _cell(value: Any) -> object:
    if isinstance(value, datetime):
        return value.isoformat(timespec="milliseconds")
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else value


def _shown(session: Session, entry: AuditEntry) -> dict[str, Any]:
    told = {name: getattr(entry, name) for name in COLUMNS}
    return {**told, "private": private_part(session, entry)}


def _wanted(asked: Mapping[str, Any]) -> Iterator[ColumnElement[bool]]:
    for name in ("actor", "subject_kind", "subject_id", "address"):
        if name in asked:
            yield getattr(AuditEntry, name) == asked[name]
    if "action" in asked:
        yield AuditEntry.action.startswith(asked["action"], autoescape=True)
    if "since" in asked:
        yield AuditEntry.at >= asked["since"]
    if "until" in asked:
        yield AuditEntry.at < asked["until"]


def _filters(asked: Mapping[str, Any]) -> dict[str, str]:
    return {k: str(v) for k, v in sorted(asked.items()) if k not in ("cursor", "limit")}


def _purpose(auditor: str, filters: Mapping[str, str]) -> str:
    digest = hashlib.sha256(json.dumps([auditor, filters]).encode()).hexdigest()[:16]
    return f"cursor:audit:{digest}"


def _position(purpose: str, cursor: str) -> int:
    found = unseal(purpose, cursor)
    if not isinstance(found, int):
        raise Malformed("request.cursor")
    return found
