"""Many callbacks at once, from one call or one poll: each whole or not at all, in their order."""

from collections.abc import Callable, Sequence
from time import monotonic
from typing import Any

import marshmallow as ma
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from smartcity.core.db import is_held, transaction
from smartcity.core.errors import NotFound, Problem
from smartcity.identity.permissions import Principal
from smartcity.ioc import callbacks
from smartcity.ioc.callbacks import Told
from smartcity.ioc.schemas import BUSY, INVALID, NOT_FOUND, CallbackIn

PATIENCE = 20.0  # seconds, after which nothing more is begun: the caller waits for 30
Note = Callable[[Session, str], None]
_schema = CallbackIn()


def take_each(
    centre: Principal,
    items: Sequence[object],
    note: Note = lambda _session, _id: None,
    patience: float = PATIENCE,
) -> list[dict[str, Any]]:
    """Take callbacks, each in a transaction of its own; what came of each, in the same order.

    `busy`: somebody held its report, or `patience` was over. So are the later ones of that report
    then, which would else overtake it; all of them again do what is left. `note` writes with each
    that was taken.
    """
    ends = monotonic() + patience
    waiting: set[str] = set()
    return [_take(centre, item, note, waiting, ends) for item in items]


def _take(
    centre: Principal, item: object, note: Note, waiting: set[str], ends: float
) -> dict[str, Any]:
    try:
        told = Told(**_schema.load(item))  # type: ignore[arg-type]
    except ma.ValidationError as fault:
        return _untaken(_id(item), INVALID, _by_field(fault.messages))
    if told.report in waiting or monotonic() > ends:
        return _untaken(told.id, BUSY)
    try:
        with transaction() as session:
            taken = callbacks.take(session, centre, told)
            note(session, told.id)
    except NotFound:
        return _untaken(told.id, NOT_FOUND)
    except Problem as fault:
        return _untaken(told.id, INVALID, fault.errors)
    except OperationalError as fault:
        if not is_held(fault):
            raise
        waiting.add(told.report)
        return _untaken(told.id, BUSY)
    return taken


def _untaken(id: str | None, outcome: str, errors: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"id": id, "outcome": outcome, "repeated": False, "status": None, "errors": errors}


def _by_field(messages: Any) -> dict[str, Any]:
    return {"_body" if name == "_schema" else str(name): told for name, told in messages.items()}


def _id(item: object) -> str | None:
    found = item.get("id") if isinstance(item, dict) else None
    return found if isinstance(found, str) else None
