"""A file against a register: what would come in, and why the rest would not."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import marshmallow as ma
from sqlalchemy import select
from sqlalchemy.orm import Session

from smartcity.core.errors import Invalid, Problem
from smartcity.core.tables.cells import is_blank, words
from smartcity.core.tables.packed import Packed
from smartcity.core.texts import filled
from smartcity.registers.bringing import new_entry
from smartcity.registers.exchange.columns import Columns
from smartcity.registers.exchange.drafts import Draft, Piece, Refused, Remark
from smartcity.registers.exchange.fitting import Fitting
from smartcity.registers.exchange.keys import key_of
from smartcity.registers.exchange.loading import flat, load, old_letters
from smartcity.registers.exchange.twins import Twins, sighting, standing_like
from smartcity.registers.keeping import differing
from smartcity.registers.kind import Kind, Record
from smartcity.registers.models import Entry, State
from smartcity.registers.placing import placed

_BATCH = 200
Seen = Callable[[int], None]


def _unseen(_number: int) -> None:
    """Nobody watches."""


@dataclass
class Difference:
    """What a file would do to a register, by key.

    `coming` holds the records that are new or change, `versions` what stands where they go (0 is
    nothing), `before` the records that they change, `changes` the fields that differ. `twins` are
    remarks too: records that seem to be one thing.
    """

    coming: Packed = field(default_factory=Packed)
    versions: dict[str, int] = field(default_factory=dict)
    before: Packed = field(default_factory=Packed)
    changes: dict[str, list[str]] = field(default_factory=dict)
    same: set[str] = field(default_factory=set)
    refused: list[Refused] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    twins: list[Remark] = field(default_factory=list)
    lines: dict[str, int] = field(default_factory=dict)  # where each key of the file stands

    @property
    def counts(self) -> dict[str, int]:
        """How many are new, changed, the same, refused."""
        told = {"new": len(self.coming) - len(self.changes), "changed": len(self.changes)}
        return {**told, "same": len(self.same), "refused": len(self.refused)}


@dataclass(frozen=True)
class _Keyed:
    line: int
    key: str
    values: dict[str, Any]


def compared(
    session: Session, kind: Kind, pieces: Iterable[Piece], columns: Columns, seen: Seen = _unseen
) -> Difference:
    """What a file's pieces would do; `seen` is told how many records were looked at.

    A key that comes twice is refused in both places: nobody knows which of them is meant.
    """
    return _Comparison(session, kind, Fitting(columns.meant)).of(pieces, seen)


class _Comparison:
    def __init__(self, session: Session, kind: Kind, fitting: Fitting) -> None:
        self._session, self._kind, self._fitting = session, kind, fitting
        self._schema = kind.schema()
        self._twins = Twins()
        self._found = Difference()

    def of(self, pieces: Iterable[Piece], seen: Seen) -> Difference:
        found = self._found
        drafts = self._drafts(pieces)
        while batch := list(islice(drafts, _BATCH)):
            self._look_at(batch)
            seen(len(found.lines))
        for refused in found.refused:
            _forget(found, refused.key)
        found.refused = sorted(dict.fromkeys(found.refused), key=lambda each: each.line)
        return found

    def _drafts(self, pieces: Iterable[Piece]) -> Iterator[_Keyed]:
        for piece in pieces:
            if isinstance(piece, Remark):
                self._found.remarks.append(piece)
            elif isinstance(piece, Refused):
                self._found.refused.append(piece)
            elif (keyed := self._keyed(piece)) and not self._is_repeated(keyed):
                yield keyed

    def _keyed(self, draft: Draft) -> _Keyed | None:
        """A draft under its key, or the one made for it."""
        values = dict(draft.values)
        written = values.pop("key", None)
        key = "" if is_blank(written) else words(written)
        try:
            if fault := old_letters(values):
                raise Invalid(title=fault)
            key = key or self._made(values)
        except Problem as refused:
            self._refuse(draft.line, key, refused)
            return None
        return _Keyed(draft.line, key, {**values, "key": key})

    def _made(self, values: dict[str, Any]) -> str:
        named = ("title", "ward", "latitude", "longitude")
        told = self._fit({name: values[name] for name in named if name in values}, None)
        if not told.get("title"):
            raise Invalid(title="field.required")
        return key_of(told["title"], placed(told).get("ward"))

    def _is_repeated(self, keyed: _Keyed) -> bool:
        first = self._found.lines.setdefault(keyed.key, keyed.line)
        if first == keyed.line:
            return False
        fault = filled("register.import.repeated", first=first, second=keyed.line)
        self._found.refused += [Refused(n, keyed.key, "key", fault) for n in (first, keyed.line)]
        return True

    def _look_at(self, batch: Sequence[_Keyed]) -> None:
        keys = Entry.key.in_([each.key for each in batch])
        query = select(Entry).where(Entry.kind == self._kind.name, keys)
        standing = {entry.key: entry for entry in self._session.scalars(query)}
        loaded = []
        for each in batch:
            entry = standing.get(each.key)
            if record := self._record(each, entry):
                loaded.append((each, record))
                self._note(each, record, entry)
        titles = [record["title"] for _, record in loaded]
        like = standing_like(self._session, self._kind, titles)
        for each, record in loaded:
            new = sighting(self._kind, record, each.line, each.key)
            for other in self._twins.like(record["title"], new, like):
                self._note_twins(each, other.line, other.key)

    def _record(self, each: _Keyed, entry: Entry | None) -> Record | None:
        try:
            before = entry.record if entry else None
            record = load(self._kind, self._fit(each.values, before), before)
            if entry is None:
                self._kind.check(self._session, new_entry(self._kind), record)
        except Problem as refused:
            self._refuse(each.line, each.key, refused)
            return None
        return record

    def _fit(self, values: dict[str, Any], before: Record | None) -> dict[str, Any]:
        try:
            return self._fitting.fit(values, self._schema, before=before)
        except ma.ValidationError as error:
            raise Invalid(**dict(flat(error.messages))) from None

    def _note(self, each: _Keyed, record: Record, entry: Entry | None) -> None:
        found, key = self._found, each.key
        if entry and entry.state != State.PUBLISHED:
            found.remarks.append(Remark(each.line, key, "", "register.import.stays_hidden"))
        fields = differing(entry.record, record) if entry else []
        if entry and not fields:
            found.same.add(key)
            return
        if entry and "source" not in each.values and record["source"]:
            record, fields = {**record, "source": None}, [*fields, "source"]  # of other facts
        found.coming[key], found.versions[key] = record, entry.version if entry else 0
        if entry:
            found.before[key], found.changes[key] = entry.record, fields

    def _note_twins(self, each: _Keyed, line: int, key: str) -> None:
        fault = "register.import.like_line" if line else "register.import.like_entry"
        told = filled(fault, line=line, key=key)
        self._found.twins.append(Remark(each.line, each.key, "title", told))

    def _refuse(self, line: int, key: str, refused: Problem) -> None:
        faults = {name: found[0] for name, found in refused.errors.items()} or {"": refused.code}
        self._found.refused += [Refused(line, key, *fault) for fault in faults.items()]


def _forget(found: Difference, key: str) -> None:
    for place in (found.coming, found.versions, found.before, found.changes):
        place.pop(key, None)
    found.same.discard(key)
