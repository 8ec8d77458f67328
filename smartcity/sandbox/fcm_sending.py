"""messages:send, judged as FCM does, with the faults on purpose."""

from __future__ import annotations

import itertools
import secrets
from collections.abc import Callable
from dataclasses import replace

from smartcity.sandbox import fcm_errors, fcm_messages
from smartcity.sandbox.account import PROJECT
from smartcity.sandbox.faults import ERROR, Fault, Faults
from smartcity.sandbox.fcm_behaviour import Behaviour
from smartcity.sandbox.fcm_errors import Refusal
from smartcity.sandbox.fcm_journal import Journal
from smartcity.sandbox.fcm_messages import Posted
from smartcity.sandbox.fcm_window import Window
from smartcity.sandbox.fcm_wire import JSON, Answer, Ending

ACCEPT_THEN_DROP = "accept_then_drop"
ACCEPT_THEN_ERROR = "accept_then_error"
SLOW = "slow"
REFUSE_STREAM = "refuse_stream"
GOAWAY = "goaway"
MODES = (ERROR, ACCEPT_THEN_ERROR, ACCEPT_THEN_DROP, SLOW, REFUSE_STREAM, GOAWAY)
_SOUND = Fault(mode="none")
_UNPROCESSED = {
    REFUSE_STREAM: Answer(ending=Ending.REFUSED),
    GOAWAY: Answer(ending=Ending.GONE_AWAY),
}
_DROPPED = Answer(ending=Ending.DROPPED)


class Sending:
    """One project's messages; `admits` says whether an Authorization header is good."""

    def __init__(self, admits: Callable[[str], bool], journal: Journal, faults: Faults) -> None:
        self._admits, self._journal, self._faults = admits, journal, faults
        self._names = itertools.count()
        self._start = secrets.token_hex(8)
        self.behave(Behaviour())

    def behave(self, behaviour: Behaviour) -> None:
        """From now on; a new quota begins with an empty window."""
        self.behaviour, self._granted = behaviour, Window()

    def send(self, project: str, authorization: str, body: bytes) -> Answer:
        """`{name}` of the message; a google.rpc.Status; or no answer at all, when asked for."""
        try:
            self._admit(project, authorization)
            now = self._journal.arrive()
            fault = self._faults.strike() or _SOUND
            if unprocessed := _UNPROCESSED.get(fault.mode):
                return unprocessed
            self._draw(now)
            posted = fcm_messages.read(body)
        except Refusal as refusal:
            self._journal.refuse(refusal)
            return self._delayed(refusal.answer(), _SOUND)
        return self._deliver(posted, fault)

    def _admit(self, project: str, authorization: str) -> None:
        if not self._admits(authorization):
            raise fcm_errors.unauthenticated()
        if project != PROJECT:
            raise fcm_errors.denied(project)

    def _draw(self, now: float) -> None:
        """Take one from the quota; 429 while it is spent. What is refused so does not count."""
        quota = self.behaviour.quota
        if quota is None:
            return
        if self._granted.count(now) >= quota:
            raise fcm_errors.over_quota(self._granted.wait(now))
        self._granted.add(now)

    def _deliver(self, posted: Posted, fault: Fault) -> Answer:
        refusal = fcm_errors.by_address(posted.address)
        if refusal is None and self.behaviour.is_dead(posted.address):
            refusal = fcm_errors.unregistered()
        if fault.mode == ERROR:
            refusal = fcm_errors.by_fault(fault)
        arrived = refusal is None
        if arrived and fault.mode == ACCEPT_THEN_ERROR:
            refusal = fcm_errors.by_fault(fault)
        is_dropped = arrived and fault.mode == ACCEPT_THEN_DROP
        if not posted.is_trial:
            self._journal.record(posted, refusal, arrived=arrived, answered=not is_dropped)
        if is_dropped:
            return _DROPPED
        return self._delayed(refusal.answer() if refusal else self._named(), fault)

    def _named(self) -> Answer:
        name = f"projects/{PROJECT}/messages/0:{next(self._names):016d}%{self._start}"
        return Answer(200, f'{{"name": "{name}"}}'.encode(), (JSON,))

    def _delayed(self, answer: Answer, fault: Fault) -> Answer:
        delay = fault.delay + self.behaviour.delay()
        return replace(answer, delay=delay) if delay else answer
