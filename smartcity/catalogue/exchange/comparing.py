"""A file against the register: what would come in, and why the rest would not."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

import marshmallow as ma
from sqlalchemy import select
from sqlalchemy.orm import Session

from smartcity.catalogue.exchange.reading.drafts import Draft, Piece, Refused, Remark
from smartcity.catalogue.models import Procedure, State
from smartcity.catalogue.records import checking
from smartcity.catalogue.records.record import Record, read_record
from smartcity.catalogue.register.publishing import differing
from smartcity.catalogue.rules import rules
from smartcity.core.datafile import faults_of
from smartcity.core.tables.packed import Packed

_BATCH = 200
Seen = Callable[[int], None]
Standing = tuple[Record, int]  # a record and its version


@dataclass
class Difference:
    """What a file would do to the register, by code.

    `coming` holds the records that are new or change, `versions` what stands where they go (0 is
    nothing), `before` the records that they change, `changes` the fields that differ. `withdrawn`
    are in the file and withdrawn here, `missing` published here and not in the file, with names.
    """

    coming: Packed = field(default_factory=Packed)
    versions: dict[str, int] = field(default_factory=dict)
    before: Packed = field(default_factory=Packed)
    changes: dict[str, list[str]] = field(default_factory=dict)
    same: set[str] = field(default_factory=set)
    refused: list[Refused] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    withdrawn: list[str] = field(default_factory=list)
    missing: dict[str, str] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)  # where each code of the file stands

    @property
    def new(self) -> list[str]:
        """The codes that are not there yet."""
        return [code for code in self.coming if code not in self.changes]


def compared(session: Session, pieces: Iterable[Piece], seen: Seen) -> Difference:
    """What a file's pieces would do; `seen` is told how many procedures were looked at.

    A code that comes twice is refused in both places: nobody knows which of them is meant.
    """
    found = Difference()
    drafts = _drafts(pieces, found)
    while batch := list(islice(drafts, _BATCH)):
        standing = _standing(session, [draft.code for draft in batch])
        for draft in batch:
            _look(found, draft, standing.get(draft.code))
        seen(len(found.lines))
    for refused in found.refused:
        _forget(found, refused.code)
    _note_states(session, found)
    _note_remarks(session, found)
    found.refused = sorted(dict.fromkeys(found.refused), key=lambda each: each.line)
    found.remarks.sort(key=lambda each: each.line)
    return found


def _drafts(pieces: Iterable[Piece], found: Difference) -> Iterator[Draft]:
    for piece in pieces:
        if isinstance(piece, Remark):
            found.remarks.append(piece)
            continue
        first = found.lines.setdefault(piece.code, piece.line) if piece.code else piece.line
        if first != piece.line:
            told = f"comes twice, in lines {first} and {piece.line}: keep one"
            found.refused += [Refused(line, piece.code, told) for line in (first, piece.line)]
        elif isinstance(piece, Refused):
            found.refused.append(piece)
        else:
            yield piece


def _standing(session: Session, codes: list[str]) -> dict[str, Standing]:
    query = select(Procedure.code, Procedure.record, Procedure.version)
    rows = session.execute(query.where(Procedure.code.in_(codes)))
    return {row.code: (row.record, row.version) for row in rows}


def _look(found: Difference, draft: Draft, standing: Standing | None) -> None:
    before, version = standing or ({}, 0)
    try:
        record = read_record(draft.values if draft.whole else {**before, **draft.values})
    except ma.ValidationError as error:
        faults = list(faults_of(error.messages))
    else:
        faults = checking.faults(record, rules())
    if faults:
        found.refused.append(Refused(draft.line, draft.code, "; ".join(faults)))
        return
    fields = differing(before, record) if standing else []
    if standing and not fields:
        found.same.add(draft.code)
        return
    if standing and not draft.whole and "source" not in draft.values and before["source"]:
        record, fields = {**record, "source": None}, [*fields, "source"]  # it told other facts
    found.coming[draft.code], found.versions[draft.code] = record, version
    if standing:
        found.before[draft.code], found.changes[draft.code] = before, fields


def _forget(found: Difference, code: str) -> None:
    for place in (found.coming, found.versions, found.before, found.changes):
        place.pop(code, None)
    found.same.discard(code)


def _note_states(session: Session, found: Difference) -> None:
    """What the register has that the file has not, and what it hides that the file has."""
    taken = found.coming.keys() | found.same
    rows = session.execute(select(Procedure.code, Procedure.name, Procedure.state))
    for code, name, state in rows.yield_per(1_000):
        if state == State.WITHDRAWN and code in taken:
            found.withdrawn.append(code)
        elif state == State.PUBLISHED and code not in found.lines:
            found.missing[code] = name


def _note_remarks(session: Session, found: Difference) -> None:
    known = {*session.scalars(select(Procedure.code)), *found.coming}
    for record in found.coming.values():
        code = record["code"]
        told = checking.remarks(record, known)
        found.remarks += [Remark(found.lines[code], code, each) for each in told]
