"""Rows whose time is over: counted, or destroyed a few at a time so that nobody waits for it."""

from dataclasses import dataclass
from typing import cast

from sqlalchemy import ColumnElement, Table, delete, func, select, tuple_
from sqlalchemy.orm import Session

from smartcity.core.db import Base, transaction

AT_ONCE = 500  # rows in one transaction


@dataclass(frozen=True)
class Over:
    """The rows of a table that no purpose and no term keeps any more."""

    table: type[Base]
    where: tuple[ColumnElement[bool], ...]


def count(session: Session, over: Over) -> int:
    """How many rows would go."""
    query = select(func.count()).select_from(over.table).where(*over.where)
    return session.scalars(query).one()


def destroy(over: Over) -> None:
    """Delete the rows, each batch in a transaction of its own; cut short, it is taken up again."""
    table = cast(Table, over.table.__table__)
    key = tuple_(*table.primary_key)
    batch = select(*table.primary_key).where(*over.where).limit(AT_ONCE)
    while True:
        with transaction() as session:
            gone = session.connection().execute(delete(table).where(key.in_(batch))).rowcount
        if gone < AT_ONCE:
            return
