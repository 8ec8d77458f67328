"""The one way in and out of the register: a record comes in, is withdrawn, comes back.

With each change go, in the same transaction: a version, the public texts, the search index, and
the log of public changes.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from smartcity.audit import service as audit
from smartcity.catalogue.models import Procedure, ProcedureVersion, State
from smartcity.catalogue.reading.rendering import card, whole
from smartcity.catalogue.records.record import Record
from smartcity.catalogue.register.entries import indexed
from smartcity.changes import service as changes
from smartcity.core import clock
from smartcity.core.db import insert, insert_all, one_at_a_time
from smartcity.core.text import fold
from smartcity.identity.permissions import Principal
from smartcity.search import service as search

KIND = "service"  # of what appears in `changes` and is found
_BATCH = 200


@dataclass(frozen=True)
class Brought:
    """How many procedures came in that were not there, and how many came in another way."""

    entered: int
    changed: int


def bring_in(
    session: Session,
    who: Principal,
    records: Iterable[Record],
    origin: str | None,
    reason: str | None = None,
) -> Brought:
    """Publish records that are new or differ from what stands; the same ones again do nothing.

    Thousands at once, in a few statements per hundred, each code once. A withdrawn procedure is
    changed and stays withdrawn. Whoever calls audits: one deed may bring thousands.
    """
    one_at_a_time(session, "catalogue")
    why = {"origin": origin, "reason": reason, "made_by": who.key, "at": clock.now()}
    entered = changed = 0
    public: list[str] = []
    left = iter(records)
    while batch := list(islice(left, _BATCH)):
        versions, shown = _bring(session, batch, why)
        public += shown
        entered += sum(each["deed"] == "entered" for each in versions)
        changed += sum(each["deed"] == "changed" for each in versions)
    if public:
        changes.appeared_all(session, KIND, public)  # last: whoever publishes waits from here on
    return Brought(entered, changed)


def differing(before: Record, after: Record) -> list[str]:
    """The fields in which two records are not the same; empty and absent are."""
    named = dict.fromkeys((*after, *before))
    return [name for name in named if (before.get(name) or None) != (after.get(name) or None)]


def render_anew(session: Session) -> int:
    """Write the public texts again where they would read otherwise now; how many did.

    After an upgrade, whose texts may differ from those that an earlier release wrote.
    """
    one_at_a_time(session, "catalogue")
    codes = session.scalars(select(Procedure.code).order_by(Procedure.code)).all()
    public: list[str] = []
    for begins in range(0, len(codes), _BATCH):
        wanted = Procedure.code.in_(codes[begins : begins + _BATCH])
        rows = session.scalars(select(Procedure).where(wanted).with_for_update()).all()
        public += [each.code for each in rows if _rendered(each) and each.state == State.PUBLISHED]
        session.flush()
        session.expunge_all()
    if public:
        changes.appeared_all(session, KIND, public)
    return len(public)


def withdraw(session: Session, who: Principal, procedure: Procedure, reason: str) -> None:
    """Take a procedure out of the public's sight; it is kept. Audited; twice is once."""
    if procedure.state == State.WITHDRAWN:
        return
    _move(session, who, procedure, State.WITHDRAWN, reason)
    search.remove(session, KIND, procedure.code)
    changes.vanished(session, KIND, procedure.code)


def restore(session: Session, who: Principal, procedure: Procedure, reason: str) -> None:
    """Show a withdrawn procedure again, as it was. Audited; twice is once."""
    if procedure.state == State.PUBLISHED:
        return
    _move(session, who, procedure, State.PUBLISHED, reason)
    search.put(session, indexed(procedure))
    changes.appeared(session, KIND, procedure.code)


_DEEDS = {State.WITHDRAWN: ("withdrawn", "withdraw"), State.PUBLISHED: ("restored", "restore")}


def _move(
    session: Session, who: Principal, procedure: Procedure, state: State, reason: str
) -> None:
    past, action = _DEEDS[state]
    procedure.state = state
    why = {"origin": None, "reason": reason, "made_by": who.key, "at": clock.now()}
    _write(procedure, procedure.record, procedure.version + 1, why)
    session.flush()
    insert(session, ProcedureVersion, **_version(procedure, past, []), **why)
    deed, of = f"service.{action}", (KIND, None)
    audit.record(session, who.key, deed, of, procedure=procedure.code, reason=reason)


def _bring(
    session: Session, records: Sequence[Record], why: dict[str, Any]
) -> tuple[list[dict[str, Any]], list[str]]:
    """The versions that a batch makes, and the codes that the public sees anew."""
    wanted = Procedure.code.in_([record["code"] for record in records])
    query = select(Procedure).where(wanted).with_for_update()
    standing = {procedure.code: procedure for procedure in session.scalars(query)}
    versions, touched = [], []
    for record in records:
        procedure = standing.get(record["code"])
        fields = differing(procedure.record, record) if procedure else []
        if procedure and not fields:
            continue
        deed = "changed" if procedure else "entered"
        procedure = procedure or _entered(session, record)
        _write(procedure, record, procedure.version + 1, why)
        versions.append({**_version(procedure, deed, fields), **why})
        touched.append(procedure)
    session.flush()
    insert_all(session, ProcedureVersion, versions)
    shown = [each for each in touched if each.state == State.PUBLISHED]
    search.put_all(session, [indexed(each) for each in shown])
    return versions, [each.code for each in shown]


def _entered(session: Session, record: Record) -> Procedure:
    procedure = Procedure(code=record["code"], state=State.PUBLISHED, version=0)
    session.add(procedure)
    return procedure


def _write(procedure: Procedure, record: Record, version: int, why: dict[str, Any]) -> None:
    source = record["source"]
    procedure.version = version
    procedure.record = dict(record)
    for name in ("name", "field", "agency", "degree"):
        setattr(procedure, name, record[name])
    procedure.folded = fold(f"{record['code']} {record['name']}")[:1100]
    procedure.demo = source is None
    procedure.checked_on = date.fromisoformat(source["checked_on"]) if source else None
    procedure.changed_by, procedure.changed_at = why["made_by"], why["at"]
    _rendered(procedure)


def _rendered(procedure: Procedure) -> bool:
    """Give it its public texts; whether they are others than before."""
    before = procedure.card, procedure.whole
    procedure.card = card(procedure.record)
    procedure.whole = whole(procedure.record, procedure.version, procedure.changed_at)
    return before != (procedure.card, procedure.whole)


def _version(procedure: Procedure, deed: str, fields: list[str]) -> dict[str, Any]:
    told = {"code": procedure.code, "number": procedure.version, "record": procedure.record}
    return {**told, "deed": deed, "fields": fields}
