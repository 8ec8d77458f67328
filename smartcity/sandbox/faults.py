"""Faults on demand: `PUT /faults` breaks a sandbox for a while, `DELETE /faults` mends it."""

from __future__ import annotations

import itertools
import math
import threading
import time
from dataclasses import asdict, dataclass, replace

from flask import Blueprint, abort, request
from flask.typing import ResponseReturnValue

ERROR = "error"
FLAKY = "flaky"
NONE = "none"


@dataclass(frozen=True)
class Fault:
    """What goes wrong, for which share of the requests, and for how long (both in seconds)."""

    mode: str = ERROR
    status: int = 503
    rate: float = 1.0
    seconds: float | None = None
    delay: float = 0.0
    retry_after: int | None = None

    def headers(self) -> dict[str, str]:
        """`Retry-After` in seconds, when the fault gives one."""
        return {} if self.retry_after is None else {"Retry-After": str(self.retry_after)}


class Faults:
    """The fault a sandbox suffers now; `flaky` takes the sandbox's other modes in turn."""

    def __init__(self, *modes: str) -> None:
        self._modes = {NONE, *modes}
        self._turns = itertools.cycle(mode for mode in modes if mode != FLAKY)
        self._lock = threading.Lock()
        self.clear()

    def clear(self) -> None:
        """Mend everything."""
        self._suffer(Fault(mode=NONE))

    def suffer(self, wish: object) -> Fault:
        """Begin the fault of a JSON body; ValueError when it names none we know."""
        if not isinstance(wish, dict):
            raise ValueError("a fault is an object")
        try:
            fault = Fault(**wish)
            known = fault.mode in self._modes and 400 <= fault.status <= 599
            sane = 0 <= fault.rate <= 1 and fault.delay >= 0 and (fault.seconds or 0) >= 0
        except TypeError as problem:
            raise ValueError(str(problem)) from problem
        if not (known and sane):
            raise ValueError(f"mode is one of {sorted(self._modes)}, status 4xx or 5xx, rate 0..1")
        self._suffer(fault)
        return fault

    def strike(self) -> Fault | None:
        """The fault this request meets, or None.

        The share is dealt evenly, not by lot (0.5 strikes every second request), so that a test
        can count on it.
        """
        with self._lock:
            if self._fault.mode == NONE or time.monotonic() >= self._until:
                return None
            self._owed += self._fault.rate
            if self._owed < 1 - 1e-9:
                return None
            self._owed -= 1
            if self._fault.mode == FLAKY:
                return replace(self._fault, mode=next(self._turns))
            return self._fault

    def _suffer(self, fault: Fault) -> None:
        with self._lock:
            self._fault, self._owed = fault, 0.0
            self._until = time.monotonic() + (math.inf if fault.seconds is None else fault.seconds)

    def routes(self) -> Blueprint:
        """`PUT` and `DELETE /faults`."""
        routes = Blueprint("faults", __name__)
        routes.put("/faults")(self._put)
        routes.delete("/faults")(self._delete)
        return routes

    def _put(self) -> ResponseReturnValue:
        try:
            return asdict(self.suffer(request.get_json()))
        except ValueError as problem:
            abort(400, str(problem))

    def _delete(self) -> ResponseReturnValue:
        self.clear()
        return "", 204
