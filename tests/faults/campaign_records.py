"""How a campaign stands, counted beside the product from the bytes of its shards."""

from __future__ import annotations

import threading
import uuid
from array import array
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import NullPool, create_engine, func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from smartcity.campaigns.models import Campaign, Count, Outcome, Shard, State, Step
from smartcity.jobs.models import JobRow
from smartcity.push.models import Brake, Device

OVER = {State.FINISHED, State.CANCELLED, State.HALTED}
EVERY = 1.0  # seconds between two looks of a watch


@dataclass(frozen=True)
class Stand:
    """One moment of a campaign; `wrong` are sentences, none when every sum is right."""

    state: State
    recipients: int | None
    outcomes: Counter[Outcome]
    shards: int
    done: int
    wrong: list[str]

    @property
    def over(self) -> bool:
        return self.state in OVER

    @property
    def gone_through(self) -> bool:
        """Whether each has had his turn."""
        return self.recipients is not None and not self.outcomes[Outcome.PENDING]

    @property
    def settled(self) -> int:
        """Recipients that are no longer before their turn."""
        return self.outcomes.total() - self.outcomes[Outcome.PENDING]


@dataclass(frozen=True)
class Recipient:
    """One place of the frozen audience, and what became of it."""

    number: int
    mid: str
    outcome: Outcome


class CampaignRecords:
    """Reads only; a new connection each time, since the database may be restarted."""

    def __init__(self, url: str) -> None:
        self._engine = create_engine(url, poolclass=NullPool, isolation_level="REPEATABLE READ")

    def stand(self, campaign: uuid.UUID) -> Stand:
        """How it stands in one snapshot of the database."""
        with Session(self._engine) as session:
            row = session.get_one(Campaign, campaign)
            shards = session.execute(_shards(campaign)).all()
            counts = dict(session.execute(_counts(campaign)).all())
        outcomes = Counter(Outcome(byte) for shard in shards for byte in shard.outcomes)
        wrong = [sentence for shard in shards for sentence in _wrong_in(shard)]
        wrong += _wrong_sums(row, outcomes, counts)
        done = sum(1 for shard in shards if shard.done_at is not None)
        return Stand(State(row.state), row.recipients, outcomes, len(shards), done, wrong)

    def recipients(self, campaign: uuid.UUID) -> Iterator[Recipient]:
        """Every place of the frozen audience."""
        query = select(Shard).where(Shard.campaign_id == campaign).order_by(Shard.number)
        with Session(self._engine) as session:
            for shard in session.scalars(query):
                for index, number in enumerate(array("Q", shard.devices)):
                    mid = f"{campaign}.{shard.number}.{index}"
                    yield Recipient(number, mid, Outcome(shard.outcomes[index]))

    def steps(self, campaign: uuid.UUID) -> list[str]:
        """What was done with it, first to last."""
        query = select(Step.action).where(Step.campaign_id == campaign).order_by(Step.number)
        with Session(self._engine) as session:
            return list(session.scalars(query))

    def addresses(self) -> dict[int, str]:
        """Where each phone is reached, by its number."""
        with Session(self._engine) as session:
            return dict(session.execute(select(Device.number, Device.value)).all())

    def brakes(self) -> dict[str, str]:
        """What holds sending back, and why."""
        with Session(self._engine) as session:
            return dict(session.execute(select(Brake.scope, Brake.reason)).all())

    def attempts(self) -> int:
        """The most attempts that any shard's job has spent."""
        query = select(func.max(JobRow.attempts)).where(JobRow.name.startswith("campaigns."))
        with Session(self._engine) as session:
            return session.scalar(query) or 0

    def held_by(self, pid: int) -> set[int]:
        """The jobs of campaigns that a worker process has leased."""
        return set(self._leased(pid))

    def sends(self, pid: int) -> bool:
        """Whether a worker process has written down a window that it is sending."""
        held = {told.get("shard") for told in self._leased(pid).values()}
        query = select(Shard.number).where(Shard.sending_from.is_not(None))
        with Session(self._engine) as session:
            return not held.isdisjoint(session.scalars(query))

    def _leased(self, pid: int) -> dict[int, dict[str, Any]]:
        mine = JobRow.queue.startswith("campaign:"), JobRow.leased_by.like(f"%:{pid}:%")
        with Session(self._engine) as session:
            return dict(session.execute(select(JobRow.id, JobRow.payload).where(*mine)).all())

    @contextmanager
    def watched(self, campaign: uuid.UUID) -> Iterator[list[Stand]]:
        """Look every second until the block ends; what was seen. A database that is away waits."""
        seen: list[Stand] = []
        ended = threading.Event()

        def look() -> None:
            while not ended.wait(EVERY):
                try:
                    seen.append(self.stand(campaign))
                except OperationalError:
                    continue

        watch = threading.Thread(target=look, daemon=True)
        watch.start()
        try:
            yield seen
        finally:
            ended.set()
            watch.join(30)


def _shards(campaign: uuid.UUID):
    return select(
        Shard.number,
        Shard.size,
        Shard.outcomes,
        func.length(Shard.devices).label("bytes"),
        Shard.sending_from,
        Shard.sending_to,
        Shard.done_at,
    ).where(Shard.campaign_id == campaign)


def _counts(campaign: uuid.UUID):
    told = Count.outcome.not_in(["received", "opened"])
    query = select(Count.outcome, func.sum(Count.count)).where(Count.campaign_id == campaign, told)
    return query.group_by(Count.outcome)


def _wrong_in(shard) -> Iterator[str]:
    if not shard.size == len(shard.outcomes) == shard.bytes // 8:
        yield f"shard {shard.number}: {shard.size} recipients, {len(shard.outcomes)} outcomes"
    window = shard.sending_from, shard.sending_to
    if window != (None, None) and not 0 <= window[0] < window[1] <= shard.size:
        yield f"shard {shard.number}: a window of {window}"
    if shard.done_at is not None and Outcome.PENDING in shard.outcomes:
        yield f"shard {shard.number} is done, and some were not sent to"


def _wrong_sums(row: Campaign, outcomes: Counter[Outcome], counts: dict[str, int]) -> list[str]:
    wrong = []
    if row.recipients is not None and outcomes.total() != row.recipients:
        wrong.append(f"{row.recipients} recipients, {outcomes.total()} places")
    told = {o.name.lower(): n for o, n in outcomes.items() if o is not Outcome.PENDING}
    counted = {name: int(number) for name, number in counts.items() if number}
    if told != counted:
        wrong.append(f"the shards say {told}, the counts {counted}")
    return wrong
