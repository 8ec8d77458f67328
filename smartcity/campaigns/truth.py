"""What became of a campaign, to the last recipient: from its counts, never from its shards' bytes.

All of it is of one moment, and changes with what happens to the campaign, not with the clock.
"""

import hashlib
import uuid
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Integer, cast, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from smartcity.areas import service as areas
from smartcity.campaigns.models import Campaign, Count, Outcome, Shard, State
from smartcity.campaigns.receipts import OPENED, RECEIVED
from smartcity.core import clock
from smartcity.core.db import is_sqlite
from smartcity.core.errors import NotFound
from smartcity.push import service as push

OUTCOMES = tuple(outcome.name.lower() for outcome in Outcome if outcome is not Outcome.PENDING)
COUNTED = (*OUTCOMES, RECEIVED, OPENED)
COLUMNS = ("minute", "area", "area_name", "platform", "outcome", "count")
POLICIES = RESENT, KEPT = ("resent", "kept")
_MOVING = {State.CANARY, State.RUNNING}
_OVER = {State.FINISHED, State.CANCELLED}
Counts = dict[str, int]


@dataclass(frozen=True)
class Summary:
    """How a campaign stands as a whole; `frozen` and `sending` are read from its shards."""

    campaign: Campaign
    counts: Counts
    latest: datetime | None  # the last minute in which somebody had an outcome
    frozen: int
    sending: int
    held: Mapping[str, push.Brake]

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
        left = self.pending + self.sending
        over = self.campaign.state in _OVER
        return self.frozen == self.recipients and self.pending >= 0 and not (over and left)

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
    def brakes(self) -> list[push.Brake]:
        return list(self.held.values())

    @property
    def ends_at(self) -> datetime | None:
        """When it ends if it goes on as it did; None where it does not go on, or has not begun."""
        begun, latest = self.campaign.launched_at, self.latest
        if self.campaign.state not in _MOVING or not begun or not latest or not self.handled:
            return None
        took = latest + timedelta(minutes=1) - begun
        return begun + took * (self.recipients / self.handled)

    @property
    def tag(self) -> str:
        """A strong ETag, made without reading the parts.

        Recipients only go from pending, by way of unknown at most, to what is final: whatever
        happened to one of them since, the totals are others.
        """
        of = self.campaign
        seen = (
            *(of.version, of.state, of.launched_at, of.finished_at, self.latest),
            *(self.counts, self.frozen, self.sending),
            *((brake.scope, brake.at, brake.until) for brake in self.brakes),
        )
        return f'"{hashlib.sha256(repr(seen).encode()).hexdigest()[:32]}"'


@dataclass(frozen=True)
class Truth(Summary):
    """The same with its parts; an area that is empty was not told."""

    by_platform: list[dict[str, Any]]
    by_area: list[dict[str, Any]]
    by_minute: list[dict[str, Any]]


def _rate(part: int, of: int) -> float | None:
    return round(part / of, 4) if of else None


def summary(session: Session, campaign_id: uuid.UUID) -> Summary:
    """How a campaign stands; the session's first question. Raises NotFound."""
    if not is_sqlite(session):  # there, reading is of one moment by itself
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    campaign = session.get(Campaign, campaign_id)
    if campaign is None:
        raise NotFound("campaign.not_found")
    totals = dict.fromkeys(COUNTED, 0)
    latest = None
    counted = select(Count.outcome, func.sum(Count.count), func.max(Count.minute))
    for name, number, minute in session.execute(
        counted.where(Count.campaign_id == campaign_id).group_by(Count.outcome)
    ):
        totals[name] = int(number)
        if name in OUTCOMES:
            latest = max(latest or minute, minute)
    held = {} if campaign.state in _OVER else push.brakes.held(session)
    return Summary(campaign, totals, latest, *_shards(session, campaign_id), held)


def _shards(session: Session, campaign_id: uuid.UUID) -> tuple[int, int]:
    """Recipients in all, and in the windows that are under way."""
    of_it = Shard.campaign_id == campaign_id
    frozen = session.scalar(select(func.sum(Shard.size)).where(of_it))
    window = func.sum(Shard.sending_to - Shard.sending_from)
    sending = session.scalar(select(window).where(of_it, Shard.sending_to.is_not(None)))
    return int(frozen or 0), int(sending or 0)


def whole(session: Session, found: Summary) -> Truth:
    """A summary with its parts, read in the summary's session."""
    platforms: dict[str, Counts] = defaultdict(_none)
    wards: dict[str, Counts] = defaultdict(_none)
    minutes: dict[datetime, Counts] = defaultdict(_none)
    for platform, ward, name, number in _summed(session, found, Count.platform, Count.ward):
        platforms[platform][name] += number
        wards[ward][name] += number
    for minute, name, number in _summed(session, found, Count.minute):
        minutes[minute][name] += number
    return Truth(
        **vars(found),
        by_platform=[{"platform": one, **of} for one, of in sorted(platforms.items())],
        by_area=[
            {"area": ward, "area_name": area_name(ward), **of} for ward, of in sorted(wards.items())
        ],
        by_minute=[{"minute": minute, **of} for minute, of in sorted(minutes.items())],
    )


def _summed(session: Session, found: Summary, *key: InstrumentedAttribute[Any]) -> Iterator[Any]:
    number = cast(func.sum(Count.count), Integer)  # PostgreSQL sums to a decimal
    columns = *key, Count.outcome
    summed = select(*columns, number).where(Count.campaign_id == found.campaign.id)
    yield from session.execute(summed.group_by(*columns))


def _none() -> Counts:
    return dict.fromkeys(COUNTED, 0)


def rows(session: Session, campaign_id: uuid.UUID) -> Iterator[list[Any]]:
    """The counts of a campaign, a row of COLUMNS each, first minute first."""
    key = Count.minute, Count.ward, Count.platform, Count.outcome
    counted = select(*key, Count.count).where(Count.campaign_id == campaign_id, Count.count != 0)
    found = session.execute(counted.order_by(*key)).yield_per(1000)
    for minute, ward, platform, name, number in found:
        local = minute.astimezone(clock.LOCAL).isoformat(timespec="minutes")
        yield [local, ward, area_name(ward), platform, name, number]


def area_name(ward: str) -> str | None:
    """A commune's name as people here write it; None where phones did not tell theirs."""
    known = areas.reference().areas.get(ward)
    return known.name_vi if known else None
