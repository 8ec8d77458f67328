"""The province's own procedures: `config/province/procedures/*.yaml`, by the same import.

What an officer has changed, or withdrawn, since it came from there is left as he wants it.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import marshmallow as ma
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from smartcity.catalogue.exchange.reading.drafts import Draft
from smartcity.catalogue.exchange.reading.structured import yaml_pieces
from smartcity.catalogue.models import ProcedureVersion
from smartcity.catalogue.records import checking
from smartcity.catalogue.records.record import Record, read_record
from smartcity.catalogue.register.publishing import Brought, bring_in
from smartcity.catalogue.rules import rules
from smartcity.core.datafile import BadFile, faults_of, refuse, repeated
from smartcity.identity.permissions import SYSTEM

FOLDER = "procedures"
_SEED = "seed:"  # and the SHA-256 of all files, is where a version of ours came from
_BY_SEED = ProcedureVersion.origin.startswith(_SEED)


def load_procedures(session: Session, province: Path) -> Brought:
    """Bring in what is new in the files or tells otherwise there. BadFile names every fault.

    Nothing is read when these very files were the last to bring anything.
    """
    files = sorted((province / FOLDER).glob("*.yaml"))
    origin = f"{_SEED}{_digest(files)}"
    newest = select(ProcedureVersion.origin).where(_BY_SEED).order_by(ProcedureVersion.at.desc())
    if session.scalar(newest.limit(1)) == origin:
        return Brought(0, 0)
    records = [record for file in files for record in _records(file)]
    refuse(province / FOLDER, repeated(record["code"] for record in records))
    others = _of_others(session)
    ours = [record for record in records if record["code"] not in others]
    return bring_in(session, SYSTEM, ours, origin)


def _digest(files: Sequence[Path]) -> str:
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _of_others(session: Session) -> set[str]:
    """The procedures whose newest version is not the seed's."""
    last = select(ProcedureVersion.code, func.max(ProcedureVersion.number).label("number"))
    newest = last.group_by(ProcedureVersion.code).subquery()
    key = (ProcedureVersion.code == newest.c.code) & (ProcedureVersion.number == newest.c.number)
    origins = select(ProcedureVersion.code, ProcedureVersion.origin).join(newest, key)
    return {code for code, origin in session.execute(origins) if not _is_ours(origin)}


def _is_ours(origin: str | None) -> bool:
    return origin is not None and origin.startswith(_SEED)


def _records(file: Path) -> Iterator[Record]:
    for piece in yaml_pieces(file):
        if not isinstance(piece, Draft):
            raise BadFile(file, [str(piece)])
        try:
            record = read_record(piece.values)
        except ma.ValidationError as error:
            raise BadFile(file, _at(piece, faults_of(error.messages))) from None
        refuse(file, _at(piece, checking.faults(record, rules())))
        yield record


def _at(piece: Draft, faults: Iterable[str]) -> list[str]:
    return [f"line {piece.line}, {piece.code}: {fault}" for fault in faults]
