"""The published procedures in memory, as new as what is public: one copy an application.

Built on first use. Each question looks up whether anything public changed since (one statement):
an older copy would leave old answers in the byte cache. Few changes are brought in one by one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from threading import Lock

from sqlalchemy import select
from sqlalchemy.orm import Session

from smartcity.catalogue import models
from smartcity.catalogue.finding import answers
from smartcity.catalogue.finding.answers import Match
from smartcity.catalogue.finding.everyday import everyday
from smartcity.catalogue.finding.procedures import Procedures
from smartcity.catalogue.models import State
from smartcity.catalogue.rules import rules
from smartcity.changes import service as changes
from smartcity.core.cache import Refreshed
from smartcity.core.context import per_app
from smartcity.core.db import one_look, reading
from smartcity.settings import Settings

KIND = "service"
FEW = 200  # changes that are brought in one by one
_BATCH = 500  # rows in memory at once
_USE_EVERY = 600  # seconds


@dataclass(frozen=True)
class Copy:
    """The procedures as they stood at a position of `changes`."""

    procedures: Procedures
    position: int


class Current:
    """The newest copy; while one caller makes a new one, others are given the one before."""

    def __init__(self) -> None:
        self._copy: Copy | None = None
        self._making = Lock()

    def __call__(self) -> tuple[Procedures, bool]:
        """The procedures, and whether they are as new as what is public."""
        with one_look() as session:
            head = changes.head(session)
        copy = self._copy
        if copy and copy.position >= head:
            return copy.procedures, True
        if not self._making.acquire(blocking=copy is None):
            assert copy is not None
            return copy.procedures, False
        try:
            with reading() as session:
                self._copy = _brought_up_to(session, head, self._copy)
            return self._copy.procedures, True
        finally:
            self._making.release()


@per_app
def current(_settings: Settings) -> Current:
    """The application's copy."""
    return Current()


@per_app
def use(_settings: Settings) -> Refreshed[Mapping[str, int]]:
    """How often procedures were gone to of late, by code; those never gone to are left out."""
    return Refreshed(lambda _before: _opened(), _USE_EVERY)


def matches(words: str, most: int) -> Sequence[Match]:
    """The published procedures that answer to a question in everyday words, best first."""
    procedures, _ = current()()
    return answers.answer(procedures, words, use()(), most=most).matches


def _brought_up_to(session: Session, head: int, before: Copy | None) -> Copy:
    """A copy at least as new as a head that was looked up before the session began."""
    if before is None:
        return Copy(_all(session), head)
    if before.position >= head:  # made while we waited
        return before
    changed = changes.since(session, before.position, FEW + 1, (KIND,))
    if len(changed) > FEW or before.procedures.is_worn:
        return Copy(_all(session), head)
    _replace(session, before.procedures, [change.ref for change in changed])
    return Copy(before.procedures, head)


def _all(session: Session) -> Procedures:
    names = {each.id: f"{each.vi} {each.en}" for each in rules().life_events.values()}
    procedures = Procedures(everyday(), names)
    query = _PUBLISHED.execution_options(yield_per=_BATCH)
    for record, card in session.execute(query):
        procedures.put(record, card)
    return procedures


def _replace(session: Session, procedures: Procedures, codes: Sequence[str]) -> None:
    for code in codes:
        procedures.remove(code)
    for record, card in session.execute(_PUBLISHED.where(models.Procedure.code.in_(codes))):
        procedures.put(record, card)


def _opened() -> Mapping[str, int]:
    query = select(models.Procedure.code, models.Procedure.opened)
    with reading() as session:
        return dict(session.execute(query.where(models.Procedure.opened > 0)).all())


_PUBLISHED = select(models.Procedure.record, models.Procedure.card).where(
    models.Procedure.state == State.PUBLISHED
)
