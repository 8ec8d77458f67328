"""Idempotency keys: a phone may repeat a creating request, and it is done once.

Scoped to caller and route, kept 72 hours, stored in the transaction of the change itself, so that
a second request waits on the first one's row. The IETF draft "The Idempotency-Key HTTP Header
Field" gives the header; quoted and bare forms are taken.
"""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, cast

from flask import Response, current_app, request
from sqlalchemy import String, Table, Text, bindparam, delete
from sqlalchemy.orm import Mapped, Session, mapped_column

from smartcity.core import clock
from smartcity.core.caller import caller
from smartcity.core.db import Base, insert_if_absent, transaction
from smartcity.core.errors import Conflict, Malformed
from smartcity.core.expiry import Over
from smartcity.core.web import Blueprint

KEPT = timedelta(hours=72)
_HEADER = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "The same on every repeat of one request; the first answer is then given again",
    "schema": {
        "type": "string",
        "maxLength": 255,
        "example": "8e03978e-40d5-43dd-bc93-6894a57f9324",
    },
}


class IdempotencyKey(Base):
    """The answer that was given for a key; empty while its request is being done."""

    __tablename__ = "idempotency_keys"

    caller: Mapped[str] = mapped_column(String(80), primary_key=True)
    route: Mapped[str] = mapped_column(String(80), primary_key=True)
    key: Mapped[str] = mapped_column(String(255), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    status: Mapped[int | None]
    body: Mapped[str | None] = mapped_column(Text)
    location: Mapped[str | None] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(index=True)


_TABLE = cast(Table, IdempotencyKey.__table__)
_ANSWER = (
    _TABLE.update()
    .where(
        _TABLE.c.caller == bindparam("who"),
        _TABLE.c.route == bindparam("at"),
        _TABLE.c.key == bindparam("with"),
    )
    .values(status=bindparam("status"), body=bindparam("body"), location=bindparam("location"))
)


class KeyReused(Conflict):
    """The key was used with another body."""

    status = 422


def idempotent(view: Callable[..., Response]) -> Callable[..., Response]:
    """Open the request's transaction, pass its session first, and answer a repeat from store.

    Stands between `arguments` and `response`. A request that ends in a problem leaves no trace.
    """

    @wraps(view)
    def wrapper(*args: Any, **kwargs: Any) -> Response:
        key = _key()
        with transaction() as session:
            stored = _claim(session, key) if key else None
            if stored is not None:
                return stored
            response = view(session, *args, **kwargs)
            if key:
                _store(session, key, response)
        return response

    documented: Callable[..., Response] = Blueprint.doc(parameters=[_HEADER])(wrapper)
    return documented


def forget_old_keys(session: Session) -> None:
    """Drop the keys whose 72 hours are over."""
    session.execute(delete(IdempotencyKey).where(*over().where))


def over() -> Over:
    """The keys whose 72 hours are over."""
    return Over(IdempotencyKey, (IdempotencyKey.created_at < clock.now() - KEPT,))


def forget_caller(session: Session, name: str) -> None:
    """Drop the keys of a caller who is gone, with the answers that he got."""
    session.execute(delete(IdempotencyKey).where(IdempotencyKey.caller == name))


def _key() -> str | None:
    raw = request.headers.get("Idempotency-Key")
    if raw is None:
        return None
    bare = raw[1:-1] if len(raw) > 1 and raw[0] == raw[-1] == '"' else raw
    if not 0 < len(bare) <= 255 or not (bare.isascii() and bare.isprintable()):
        raise Malformed("idempotency.bad_key")
    return bare


def _scope(key: str) -> tuple[str, str, str]:
    return caller(), str(request.endpoint), key


def _claim(session: Session, key: str) -> Response | None:
    """None when the key is ours to use; the first answer when it was used before."""
    who, route, key = _scope(key)
    fresh = insert_if_absent(
        session,
        IdempotencyKey,
        caller=who,
        route=route,
        key=key,
        fingerprint=_fingerprint(),
        created_at=clock.now(),
    )
    if fresh:
        return None
    stored = session.get_one(IdempotencyKey, (who, route, key))
    if stored.fingerprint != _fingerprint():
        raise KeyReused("idempotency.other_body")
    headers = {"Idempotency-Replayed": "true"}
    if stored.location:
        headers["Location"] = stored.location
    return current_app.response_class(
        stored.body, stored.status, headers, mimetype="application/json"
    )


def _store(session: Session, key: str, response: Response) -> None:
    who, route, key = _scope(key)
    answer = {
        "status": response.status_code,
        "body": response.get_data(as_text=True),
        "location": response.headers.get("Location"),
    }
    session.connection().execute(_ANSWER, {"who": who, "at": route, "with": key, **answer})


def _fingerprint() -> str:
    """SHA-256 of what was sent: the body's bytes, or a form's fields and files."""
    digest = hashlib.sha256()
    if request.mimetype != "multipart/form-data":
        digest.update(request.get_data())
        return digest.hexdigest()
    for name, value in sorted(request.form.items(multi=True)):
        digest.update(f"{name}={value}\n".encode())
    for name, file in sorted(request.files.items(multi=True)):
        digest.update(f"{name}:{file.filename}\n".encode())
        file.stream.seek(0)  # a view's decorator may have read it
        digest.update(hashlib.file_digest(file.stream, "sha256").digest())  # type: ignore[arg-type]
        file.stream.seek(0)
    return digest.hexdigest()
