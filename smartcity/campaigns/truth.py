"""What became of a campaign, to the last recipient: from its counts, never from its shards' bytes.

All of it is of one moment, and changes with what happens to the campaign, not with the clock.
"""

import hashlib
import uuid
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Integer, cast, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from smartcity.areas import service as areas
from smartcity.campaigns.listing import find
from smartcity.campaigns.models import Campaign, Count, Outcome, Receipts, Shard, State
from smartcity.campaigns.receipts import EVENTS, OPENED, RECEIVED
from smartcity.campaigns.states import ENDED
from smartcity.core import clock
from smartcity.core.db import is_sqlite, reading
from smartcity.core.spreadsheet import BOM, csv_text
from smartcity.core.texts import text
from smartcity.push import service as push

OUTCOMES = tuple(outcome.name.lower() for outcome in Outcome if outcome is not Outcome.PENDING)
RECEIPTS = EVENTS
COUNTED = (*OUTCOMES, *RECEIPTS)
COLUMNS = ("minute", "area", "area_name", "platform", "outcome", "count")
POLICIES = RESENT, KEPT = ("resent", "kept")
_MOVING = {State.CANARY, State.RUNNING}
_MOVES = ("version", "state", "recipients", "launched_at", "finished_at")
_BATCH = 1_000  # rows of the file at a time
_LAST = timedelta(minutes=2)
Counts = dict[str, int]


@dataclass(frozen=True)
class Truth:
    """How a campaign stands; `frozen` and `sending` are read from its shards.

    The parts are its counts by platform, by area (empty: not told) and by minute.
    """

    campaign: Campaign
    frozen: int
    sending: int
    brakes: list[push.Brake]
    counts: Counts
    by_platform: list[dict[str, Any]]
    by_area: list[dict[str, Any]]
    by_minute: list[dict[str, Any]]

    @property
    def recipients(self) -> int:
        return self.campaign.recipients or 0

    @property
    def handled(self) -> int:
        """Recipients with an outcome."""
        return sum(self.counts[name] for name in OUTCOMES)

    @property
    def pending(self) -> int:
        return self.recipients - self.sending - self.handled

    @property
    def sum_holds(self) -> bool:
        """Whether nobody is missing, nor counted twice."""
        if self.campaign.recipients is None:  # nobody is counted yet
            return True
        left = self.pending + self.sending if self.campaign.finished_at else 0
        return self.frozen == self.recipients and self.pending >= 0 and not left

    @property
    def received_rate(self) -> float | None:
        """Of those whom it may have reached."""
        return _rate(self.counts[RECEIVED], self.counts["accepted"] + self.counts["unknown"])

    @property
    def opened_rate(self) -> float | None:
        """Of those who received it."""
        return _rate(self.counts[OPENED], self.counts[RECEIVED])

    @property
    def unknown_are(self) -> str:
        """What is done about those of whom nobody knows whether it arrived."""
        return RESENT if self.campaign.resend else KEPT

    @property
    def ends_at(self) -> datetime | None:
        """When it ends if it goes on as it did; None where it does not go on, or has not begun."""
        begun = self.campaign.launched_at
        ended: list[datetime] = [
            one["minute"] for one in self.by_minute if any(one[name] for name in OUTCOMES)
        ]
        if self.campaign.state not in _MOVING or not begun or not ended:
            return None
        took = ended[-1] + timedelta(minutes=1) - begun
        return begun + took * (self.recipients / self.handled)


def _rate(part: int, of: int) -> float | None:
    return round(part / of, 4) if of else None


def begin(session: Session, campaign_id: uuid.UUID) -> Campaign:
    """The campaign; all that the session reads from here on is of one moment. NotFound."""
    if not is_sqlite(session):  # there, reading is so by itself
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    return find(session, campaign_id)


def tag(session: Session, campaign: Campaign) -> str:
    """The strong ETag of what `whole` would read, at a small part of its cost.

    A recipient's outcome is counted in the minute in which it is written, so that whatever
    happened since shows in the last minutes; receipts are counted under earlier ones too.
    """
    told = select(func.sum(Receipts.told)).where(Receipts.campaign_id == campaign.id)
    brakes = [(brake.scope, brake.at, brake.until) for brake in _brakes(session, campaign)]
    moved = [getattr(campaign, name) for name in _MOVES]
    seen = (moved, _sending(session, campaign), session.scalar(told), brakes)
    digest = hashlib.sha256(repr((*seen, _latest(session, campaign))).encode())
    return f'"{digest.hexdigest()[:32]}"'


def _latest(session: Session, campaign: Campaign) -> list[tuple[Any, ...]]:
    """The sums of the last minutes, more than one since clocks and commits do not go together."""
    of_it = Count.campaign_id == campaign.id
    last = session.scalar(select(func.max(Count.minute)).where(of_it))
    if last is None:
        return []
    sums = select(Count.minute, Count.outcome, func.sum(Count.count)).where(
        of_it, Count.minute >= last - _LAST
    )
    by = Count.minute, Count.outcome
    return [tuple(row) for row in session.execute(sums.group_by(*by).order_by(*by))]


def _brakes(session: Session, campaign: Campaign) -> list[push.Brake]:
    return [] if campaign.state in ENDED else list(push.brakes.held(session).values())


def _sending(session: Session, campaign: Campaign) -> int:
    """Whom the open windows send to for the first time; of a pass over the unknown nobody."""
    slice_ = func.substr(
        Shard.outcomes,
        Shard.sending_from + 1,
        Shard.sending_to - Shard.sending_from,
        type_=Shard.outcomes.type,
    )
    open_ = Shard.campaign_id == campaign.id, Shard.sending_to.is_not(None)
    windows = session.scalars(select(slice_).where(*open_))
    return sum(window.count(Outcome.PENDING) for window in windows)


def whole(session: Session, campaign: Campaign) -> Truth:
    """What became of a campaign, read in the session that began with it."""
    platforms: dict[str, Counts] = defaultdict(_none)
    wards: dict[str, Counts] = defaultdict(_none)
    minutes: dict[datetime, Counts] = defaultdict(_none)
    totals = _none()
    for platform, ward, name, number in _summed(session, campaign, Count.platform, Count.ward):
        for part in (platforms[platform], wards[ward], totals):
            part[name] += number
    for minute, name, number in _summed(session, campaign, Count.minute):
        minutes[minute][name] += number
    frozen = select(func.sum(Shard.size)).where(Shard.campaign_id == campaign.id)
    return Truth(
        campaign,
        frozen=int(session.scalar(frozen) or 0),
        sending=_sending(session, campaign),
        brakes=_brakes(session, campaign),
        counts=totals,
        by_platform=[{"platform": one, **of} for one, of in sorted(platforms.items())],
        by_area=[
            {"area": ward, "area_name": area_name(ward), **of} for ward, of in sorted(wards.items())
        ],
        by_minute=[{"minute": minute, **of} for minute, of in sorted(minutes.items())],
    )


def _summed(
    session: Session, campaign: Campaign, *key: InstrumentedAttribute[Any]
) -> Iterator[Any]:
    number = cast(func.sum(Count.count), Integer)  # PostgreSQL sums to a decimal
    columns = *key, Count.outcome
    summed = select(*columns, number).where(Count.campaign_id == campaign.id)
    yield from session.execute(summed.group_by(*columns))


def _none() -> Counts:
    return dict.fromkeys(COUNTED, 0)


def lines(campaign_id: uuid.UUID) -> Iterator[str]:
    """The counts of a campaign as CSV, piece by piece, first minute first."""
    yield BOM + csv_text([[text(f"campaign.column.{name}") for name in COLUMNS]])
    key = Count.minute, Count.ward, Count.platform, Count.outcome
    counted = select(*key, Count.count).where(Count.campaign_id == campaign_id, Count.count != 0)
    with reading() as session:
        found = session.execute(counted.order_by(*key)).yield_per(_BATCH)
        for batch in found.partitions():
            yield csv_text(_cells(*row) for row in batch)


def _cells(minute: datetime, ward: str, *counted: object) -> tuple[object, ...]:
    local = minute.astimezone(clock.LOCAL).isoformat(timespec="minutes")
    return local, ward, area_name(ward), *counted


def area_name(ward: str) -> str | None:
    """A commune's name as people here write it; None where phones did not tell theirs."""
    known = areas.reference().areas.get(ward)
    return known.name_vi if known else None
