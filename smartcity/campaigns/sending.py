"""A shard's job: window by window, one transaction between two of them and none around a POST.

That transaction writes down what became of the window before and what comes next, behind the
lease's fence. So whoever dies leaves one window of which nobody knows.
"""

import threading
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from smartcity.adapters.fcm.answers import Answer, Reply
from smartcity.adapters.fcm.envelope import encode
from smartcity.adapters.fcm.multi import Multi
from smartcity.adapters.fcm.quota import Granted, Lane, quota
from smartcity.campaigns import canary, finishing, shards, windows
from smartcity.campaigns.drafting import notification
from smartcity.campaigns.models import Campaign, Outcome, State
from smartcity.campaigns.scheduling import is_critical
from smartcity.campaigns.shards import Batch
from smartcity.core import clock
from smartcity.core.context import per_app, settings
from smartcity.core.db import transaction
from smartcity.core.texts import text
from smartcity.jobs.service import Lease
from smartcity.push import service as push
from smartcity.settings import Settings

TURN = 0.7  # seconds, then the job gives its thread to others: from one second on it counts as slow
ROUNDS = 3  # times at once that somebody is tried whom FCM did not take up
LATER = 5.0  # seconds until they are tried again
STOPPED = 1.0  # seconds; the queue of a campaign that somebody stopped is paused besides
HELD = 60.0  # seconds until a job looks whether a person let a platform go
PASSES = (30.0, 120.0, 300.0)  # seconds until those that are unknown are sent to again
CONNECTIONS = 2  # a thread's: a window is 200 messages, a connection bears 100 at a time
REFUSED = "campaign.halted_refused"
_STATE = select(Campaign.state).where(
    Campaign.id == bindparam("id")
)  # built once: it is asked often
_UNTOUCHED = {Answer.NOT_SENT, Answer.QUOTA, Answer.PLATFORM}


def send(lease: Lease) -> None:
    """Send what a shard has left; hands itself back when its turn is over or something holds it."""
    campaign_id, number = uuid.UUID(lease.payload["campaign"]), lease.payload["shard"]
    with transaction() as session:
        lease.hold(session)
        batch = shards.read(session, campaign_id, number)
        if batch is None:
            return
        died = batch.window is not None
        if died:
            windows.lose(session, batch)
            shards.save(session, batch)
    Turn(lease, batch, died).take()


class Turn:
    """One worker's time with a shard."""

    def __init__(self, lease: Lease, batch: Batch, died: bool) -> None:
        self._lease, self._batch, self._mids = lease, batch, batch.mids
        self._over_at = time.monotonic() + TURN
        self._critical = is_critical(batch.campaign)
        self._sent: Sequence[windows.Recipient] = ()
        self._replies: Sequence[Reply] = ()
        self._rounds, self._missed = 1, False
        self._envelope = cache(lambda locale: encode(notification(batch.campaign, locale)))
        self._taken_up = False  # whether FCM processed anything of it
        if Outcome.PENDING not in batch.outcomes:
            batch.position = batch.size
            if not died and self._resends:
                batch.target, batch.position, batch.passes = Outcome.UNKNOWN, 0, batch.passes + 1

    def take(self) -> None:
        """Send window after window until nothing is left, or something holds it."""
        while True:
            changes = windows.Changes()
            windows.settle(self._batch, self._sent, self._replies, changes)
            self._look_back()
            granted = self._granted()
            with transaction() as session:
                self._lease.hold(session)
                windows.react(session, self._sent, self._replies)
                self._sent = self._go_on(session, granted, changes)
            if not self._sent:
                return
            self._replies = transport().send([self._body(*one) for one in self._sent])

    def _look_back(self) -> None:
        """Begin anew with those whom FCM did not take up, a few times."""
        self._taken_up |= any(reply.answer not in _UNTOUCHED for reply in self._replies)
        self._missed |= any(reply.answer is Answer.NOT_SENT for reply in self._replies)
        batch = self._batch
        again = self._missed and self._rounds < ROUNDS and batch.target == Outcome.PENDING
        if again and not batch.left:
            self._rounds, self._missed, batch.position = self._rounds + 1, False, 0

    def _granted(self) -> Granted:
        """How many may be sent now; waits for the quota no longer than the turn lasts."""
        lane = Lane.URGENT if self._critical else Lane.CAMPAIGN
        wanted = min(windows.MOST, self._batch.left)
        while wanted and not self._is_over():
            granted = quota().take(lane, wanted)
            if granted.count or time.monotonic() + granted.wait > self._over_at:
                return granted
            time.sleep(granted.wait)
        return Granted(0)

    def _is_over(self) -> bool:
        """A pass over those unknown is not cut short: it would begin anew."""
        return self._batch.target == Outcome.PENDING and time.monotonic() > self._over_at

    def _go_on(
        self, session: Session, granted: Granted, changes: windows.Changes
    ) -> list[windows.Recipient]:
        """Write down what became of the last window, and open the next; none ends the turn."""
        recipients: list[windows.Recipient] = []
        conclude: Callable[[Session], None]
        state, held = _state(session, self._batch.campaign.id), push.brakes.held(session)
        if state == State.CANCELLED:
            windows.cancel(session, self._batch, changes)
            conclude = self._end
        elif refused := self._refused():
            conclude = partial(self._halt, reason=refused)
        elif (pause := self._obstacle(state, held, granted)) is not None:
            conclude = partial(self._leave, seconds=pause)
        else:
            recipients = windows.open_next(session, self._batch, granted.count, held, changes)
            conclude = self._save if recipients else partial(self._end_round, is_held=bool(held))
        changes.count(session, self._batch.campaign.id)  # before the campaign's row is held
        conclude(session)
        return recipients

    def _refused(self) -> str | None:
        """What FCM says against the message itself."""
        details = (reply.detail for reply in self._replies if reply.answer is Answer.REFUSED)
        return next(details, None)

    def _obstacle(
        self, state: str, held: Mapping[str, push.Brake], granted: Granted
    ) -> float | None:
        """Seconds until it pays to go on; None when nothing is in the way."""
        now = clock.now()
        if state not in (State.CANARY, State.RUNNING):
            return STOPPED
        if not self._critical and (until := push.province_quiet_ends(now)):
            return (until - now).total_seconds()
        if brake := held.get(push.brakes.ALL):
            return (brake.until - now).total_seconds() if brake.until else HELD
        if self._replies and all(reply.answer is Answer.NOT_SENT for reply in self._replies):
            return LATER
        return granted.wait if self._batch.left and not granted.count else None

    def _save(self, session: Session) -> None:
        shards.save(session, self._batch)

    def _leave(self, session: Session, seconds: float) -> None:
        """Hand the job back; a pass in which FCM took up nothing was none."""
        if self._batch.target == Outcome.UNKNOWN and not self._taken_up:
            self._batch.passes -= 1
        self._save(session)
        self._lease.postpone(session, seconds)

    def _halt(self, session: Session, reason: str) -> None:
        self._leave(session, 0.0)
        finishing.halt_sending(session, self._batch.campaign.id, text(REFUSED, "vi", said=reason))

    def _end_round(self, session: Session, is_held: bool) -> None:
        """Everybody had his turn: done, or some are tried again later."""
        batch = self._batch
        if Outcome.PENDING in batch.outcomes:
            return self._leave(session, HELD if is_held else LATER)
        if batch.passes == 0 and batch.number == 0:
            canary.end(session, batch.campaign)
        if batch.target == Outcome.UNKNOWN and not self._taken_up:
            return self._leave(session, HELD)
        if self._resends:
            return self._leave(session, PASSES[batch.passes])
        return self._end(session)

    def _end(self, session: Session) -> None:
        finishing.end_shard(session, self._batch)
        self._lease.finish(session)

    @property
    def _resends(self) -> bool:
        """Whether those that are unknown get it again."""
        batch = self._batch
        lost = Outcome.UNKNOWN in batch.outcomes
        return batch.campaign.resend and lost and batch.passes < len(PASSES)

    def _body(self, index: int, device: push.Address) -> bytes:
        envelope = self._envelope(device.locale)
        return envelope.body(device.kind, device.value, f"{self._mids}{index}")


def _state(session: Session, campaign_id: uuid.UUID) -> str:
    found: str = session.connection().execute(_STATE, {"id": campaign_id}).scalar_one()
    return found


@per_app
def _own(_settings: Settings) -> threading.local:
    return threading.local()


def transport() -> Multi:
    """This thread's connections to FCM, kept from job to job."""
    own = _own()
    if not hasattr(own, "transport"):
        own.transport = Multi(settings(), CONNECTIONS)
    found: Multi = own.transport
    return found
