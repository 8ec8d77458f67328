"""A window: up to 200 recipients that are written down as being sent, then sent, then settled.

What a window changes is put together in memory; who calls writes it in one transaction.
"""

import uuid
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from smartcity.adapters.fcm.answers import ACCEPTED, Answer, Reply
from smartcity.campaigns import counts
from smartcity.campaigns.models import Count, Outcome
from smartcity.campaigns.scheduling import is_critical
from smartcity.campaigns.shards import Batch, Range
from smartcity.core import clock
from smartcity.push import service as push

MOST = 200
GONE = ("", "")  # platform and ward of a phone that is not there any more
Place = tuple[str, str]
Recipient = tuple[int, push.Address]  # its index in the shard, and where it is reached

# What became of whom FCM answered so; with any other answer he waits as before.
_OUTCOMES = {
    Answer.ACCEPTED: Outcome.ACCEPTED,
    Answer.UNKNOWN: Outcome.UNKNOWN,
    Answer.UNREGISTERED: Outcome.PRUNED,
    Answer.BAD_ADDRESS: Outcome.PRUNED,
    Answer.OTHER_SENDER: Outcome.QUARANTINED,
    Answer.REFUSED: Outcome.FAILED,
}


@dataclass
class Changes:
    """What recipients became, by platform and ward, until it is counted."""

    now: Counter[tuple[Place, Outcome]] = field(default_factory=Counter)
    known: Counter[Place] = field(default_factory=Counter)  # who were unknown before

    def note(self, batch: Batch, index: int, outcome: Outcome, place: Place) -> None:
        before = batch.outcomes[index]
        if before == outcome:
            return
        batch.outcomes[index] = outcome
        self.now[place, outcome] += 1
        if before == Outcome.UNKNOWN:
            self.known[place] += 1

    def count(self, session: Session, campaign_id: uuid.UUID) -> None:
        """Write them into the campaign's counts, in the present minute."""
        minute = clock.now()
        rows = [(minute, *place, o.name.lower(), n) for (place, o), n in self.now.items()]
        counts.add(session, campaign_id, [*rows, *_taken_back(session, campaign_id, self.known)])


def _taken_back(
    session: Session, campaign_id: uuid.UUID, known: Counter[Place]
) -> Iterable[counts.Row]:
    """The earliest unknown of a place are those who are known now; else of the present minute."""
    if not known:
        return
    name = Outcome.UNKNOWN.name.lower()
    columns = Count.minute, Count.platform, Count.ward, Count.count
    found = select(*columns).where(
        Count.campaign_id == campaign_id, Count.outcome == name, Count.count > 0
    )
    left = Counter(known)
    for minute, platform, ward, count in session.execute(found.order_by(Count.minute)):
        taken = min(count, left[platform, ward])
        left[platform, ward] -= taken
        yield minute, platform, ward, name, -taken
    for place, count in left.items():
        yield clock.now(), *place, name, -count


def lose(session: Session, batch: Batch) -> None:
    """Nobody knows what became of a window whose worker died."""
    assert batch.window
    lost = [i for i in range(*batch.window) if batch.outcomes[i] == Outcome.PENDING]
    changes = Changes()
    _mark(session, batch, lost, Outcome.UNKNOWN, changes)
    changes.count(session, batch.campaign.id)
    batch.window = None


def cancel(session: Session, batch: Batch, changes: Changes) -> None:
    """Who has not had his turn gets nothing; what was sent stays what it became."""
    waiting = [i for i, outcome in enumerate(batch.outcomes) if outcome == Outcome.PENDING]
    _mark(session, batch, waiting, Outcome.CANCELLED, changes)


def _mark(
    session: Session, batch: Batch, indexes: Sequence[int], outcome: Outcome, changes: Changes
) -> None:
    numbers = [batch.devices[i] for i in indexes]
    found = push.devices_of(session, numbers, batch.campaign.category)
    for index in indexes:
        changes.note(batch, index, outcome, _place(found.get(batch.devices[index])))


def open_next(
    session: Session, batch: Batch, most: int, held: Collection[str], changes: Changes
) -> list[Recipient]:
    """The next recipients to send to, at most so many; none when the end is reached.

    Passes over those of platforms that are held, and settles those who are to get nothing.
    """
    batch.window = None
    while (begin := batch.outcomes.find(batch.target, batch.position)) >= 0:
        chosen = _chosen(batch, begin, most)
        batch.position = chosen[-1] + 1
        if recipients := _recipients(session, batch, chosen, held, changes):
            batch.window = Range(recipients[0][0], recipients[-1][0] + 1)
            return recipients
    batch.position = batch.size
    return []


def _chosen(batch: Batch, begin: int, most: int) -> list[int]:
    end = min(begin + MOST, batch.size)
    return [i for i in range(begin, end) if batch.outcomes[i] == batch.target][:most]


def _recipients(
    session: Session, batch: Batch, chosen: list[int], held: Collection[str], changes: Changes
) -> list[Recipient]:
    devices = push.devices_of(session, [batch.devices[i] for i in chosen], batch.campaign.category)
    is_quiet = cache(partial(_is_quiet, is_critical(batch.campaign), clock.now()))
    recipients: list[Recipient] = []
    for index in chosen:
        device = devices.get(batch.devices[index])
        if device and device.platform in held:
            if recipients:  # a window holds none that are not sent to: they would become unknown
                batch.position = index
                break
            continue
        has_left = device is None or device.off
        if device and not has_left and not is_quiet(device.quiet):
            recipients.append((index, device))
        elif batch.target == Outcome.PENDING:
            outcome = Outcome.LEFT if has_left else Outcome.QUIET
            changes.note(batch, index, outcome, _place(device))
    return recipients


def _is_quiet(critical: bool, now: datetime, hours: tuple[int | None, int | None]) -> bool:
    return not critical and push.ends_at(hours, now) is not None


def settle(
    batch: Batch, sent: Sequence[Recipient], replies: Sequence[Reply], changes: Changes
) -> None:
    """Note what FCM answered, in memory."""
    for (index, device), reply in zip(sent, replies, strict=True):
        outcome = _OUTCOMES.get(reply.answer)
        if outcome is not None:
            changes.note(batch, index, outcome, (device.platform, device.ward))
    batch.window = None


def react(session: Session, sent: Sequence[Recipient], replies: Sequence[Reply]) -> None:
    """Prune, quarantine and brake as FCM's answers say."""
    answered = [pair for pair in zip(sent, replies, strict=True) if pair[1] is not ACCEPTED]
    if answered:
        push.prune_all(session, _sent(answered, Answer.UNREGISTERED, Answer.BAD_ADDRESS))
        push.quarantine_all(session, _sent(answered, Answer.OTHER_SENDER))
        _brake(session, answered)


def _sent(
    answered: Iterable[tuple[Recipient, Reply]], *answers: Answer
) -> list[tuple[int, str, str]]:
    return [(d.number, d.kind, d.value) for (_, d), reply in answered if reply.answer in answers]


def _brake(session: Session, answered: Iterable[tuple[Recipient, Reply]]) -> None:
    """Once for each platform and answer, however many messages were answered so."""
    alike = {(device.platform, reply.answer.value): reply for (_, device), reply in answered}
    for (platform, _), reply in sorted(alike.items(), key=lambda pair: pair[0]):
        push.brakes.apply(session, platform, reply)


def _place(device: push.Address | None) -> Place:
    return (device.platform, device.ward) if device else GONE
