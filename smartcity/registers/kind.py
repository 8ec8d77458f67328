"""What a register holds: the one description of a kind of entries that all else reads."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any

import marshmallow as ma
from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from smartcity.core.paging import PageQuery
from smartcity.identity.permissions import Action
from smartcity.registers.models import Entry
from smartcity.registers.schemas import ListQuery, RecordIn, desk_schema, shown_schema

Record = Mapping[str, Any]


class Order(StrEnum):
    """How the public's list of a kind goes."""

    NEWEST = "published_at"  # published last first
    SOONEST = "opens_at"  # what begins first, first; every record has a beginning
    TITLE = "sorting"


def nothing_more(_record: Record) -> dict[str, Any]:
    """What a kind adds to a record that says all there is."""
    return {}


def nothing_beside(_session: Session, _entry: Entry) -> dict[str, Any]:
    """What a kind tells beside a record whose fields say all there is."""
    return {}


def any_change(_session: Session, _entry: Entry, _record: Record | None) -> None:
    """What a kind does that lets every change pass."""


def no_filter(_asked: Mapping[str, Any]) -> Iterator[ColumnElement[bool]]:
    """What a kind without filters of its own narrows its list by."""
    return iter(())


@dataclass(frozen=True)
class Kind:
    """A kind of entries.

    `name` stands in `changes`, search and synchronisation; `path` in addresses; `one` and `many` in
    names of operations and schemas. `private` fields of the record are for officers alone;
    `in_card` are those that lists show. `more(record)` gives what the public reads beside the
    record, by the names of `more_fields`. `window` names the fields that begin and end it.
    """

    name: str
    path: str
    one: str
    many: str
    title: str  # in Vietnamese, of the register as a whole
    schema: type[RecordIn]
    in_card: tuple[str, ...]
    read: Action
    manage: Action
    order: Order = Order.NEWEST
    window: tuple[str, str] | None = None
    nowhere: tuple[str, ...] = ()  # categories of what is on no map: it stands nowhere
    private: tuple[str, ...] = ()
    more: Callable[[Record], dict[str, Any]] = nothing_more
    # The same of what the kind keeps beside the entry, as it is first shown or changes.
    beside: Callable[[Session, Entry], dict[str, Any]] = nothing_beside
    more_fields: Mapping[str, ma.fields.Field[Any]] = field(default_factory=dict)
    more_in_card: tuple[str, ...] = ()
    body: tuple[str, ...] = ("about", "about_en")  # fields that search looks in beside the title
    # Before a record changes (the new one) or is published (None): raises Conflict or Invalid.
    check: Callable[[Session, Entry, Record | None], None] = any_change
    # After an entry has come out, changed in public, or gone: keeps what the kind has beside it.
    follow: Callable[[Session, Entry], None] = lambda _session, _entry: None
    query: type[PageQuery] = ListQuery
    narrow: Callable[[Mapping[str, Any]], Iterator[ColumnElement[bool]]] = no_filter

    @cached_property
    def card_schema(self) -> type[ma.Schema]:
        """What lists show of an entry."""
        return shown_schema(self.one, "Card", self.schema, self.in_card, self._more(card=True))

    @cached_property
    def whole_schema(self) -> type[ma.Schema]:
        """What the public reads of an entry."""
        fields = [name for name in self.schema._declared_fields if name not in self.private]
        return shown_schema(self.one, "", self.schema, fields, self._more(card=False))

    @cached_property
    def entry_schema(self) -> type[ma.Schema]:
        """An entry as officers see it."""
        return desk_schema(self.one, self.schema)

    def _more(self, *, card: bool) -> dict[str, ma.fields.Field[Any]]:
        wanted = self.more_in_card if card else self.more_fields
        return {name: self.more_fields[name] for name in wanted}
