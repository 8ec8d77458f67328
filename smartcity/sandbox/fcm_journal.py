"""What was sent and what became of it: the last messages whole, the rest as screens and counts."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from smartcity.sandbox import fcm_messages
from smartcity.sandbox.fcm_errors import Refusal
from smartcity.sandbox.fcm_messages import Posted
from smartcity.sandbox.fcm_screens import Screens
from smartcity.sandbox.fcm_window import Window

KEPT = 10_000  # messages that `GET /journal` gives
NO_ANSWER = "NO_ANSWER"
_OK = "OK"


@dataclass(slots=True, frozen=True)
class Entry:
    """One message; `error` is the refusal's code, or NO_ANSWER, or None for a 200."""

    at: float  # seconds since 1970
    posted: Posted
    status: int | None
    error: str | None
    arrived: bool

    def told(self) -> dict[str, Any]:
        """For `GET /journal` and the file."""
        at = datetime.fromtimestamp(self.at, UTC).isoformat(timespec="milliseconds")
        return {
            "at": at,
            "address": self.posted.address,
            "kind": self.posted.kind,
            "message": self.posted.message,
            "status": self.status,
            "error": self.error,
            "arrived": self.arrived,
        }


class Journal:
    """With a file, an entry is the operating system's before `record` returns.

    So it outlives a kill of this process, not a power cut. A new journal reads the file again.
    """

    def __init__(self, file: Path | None = None) -> None:
        self._lock = threading.Lock()
        self._empty()
        if file and file.exists():
            self._reload(file)
        self._file = file.open("ab", buffering=0) if file else None

    def arrive(self) -> float:
        """A client sends a message, whatever will be answered; the moment, for `Window`s."""
        now = time.monotonic()
        with self._lock:
            self._window.add(now)
            self._seconds[int(time.time())] += 1
        return now

    def record(
        self, posted: Posted, refusal: Refusal | None, *, arrived: bool, answered: bool
    ) -> None:
        """What became of a message that was no trial."""
        status, error = (200, None) if answered else (None, NO_ANSWER)
        if refusal:
            status, error = refusal.status, refusal.code or refusal.rpc_status
        entry = Entry(time.time(), posted, status, error, arrived)
        with self._lock:
            self._keep(entry)
            if self._file:
                self._file.write(json.dumps(entry.told()).encode() + b"\n")

    def refuse(self, refusal: Refusal) -> None:
        """Count a request that never became a message."""
        with self._lock:
            self._answers[refusal.code or refusal.rpc_status] += 1

    def whole(self) -> dict[str, Any]:
        """The last messages, and what their devices show."""
        with self._lock:
            sent = list(self._sent)
            addresses = {entry.posted.address: None for entry in sent if entry.arrived}
            devices = {address: self._screens.shown(address) for address in addresses}
        return {"sent": [entry.told() for entry in sent], "devices": devices}

    def device(self, address: str) -> dict[str, Any]:
        """What one device shows, and how often each `mid` reached it."""
        with self._lock:
            shown, arrivals = self._screens.shown(address), self._screens.arrivals(address)
        return {"address": address, "shown": shown, "arrivals": arrivals}

    def arrivals(self) -> Iterator[str]:
        """`address TAB mid TAB times` for all devices."""
        return self._screens.lines()

    def stats(self) -> dict[str, Any]:
        """Counters since the start, or since the journal was emptied."""
        with self._lock:
            return {
                "answers": dict(self._answers),
                "accepted": self._answers[_OK],
                "arrived": self._screens.arrived,
                "arrived_again": self._screens.arrived_again,
                "shown_again": self._screens.shown_again,
                "devices": len(self._screens),
                "last_minute": self._window.count(time.monotonic()),
                "most_in_a_minute": self._window.most,
                "per_second": {str(second): n for second, n in self._seconds.items()},
            }

    def clear(self) -> None:
        """Forget everything, the file's content too."""
        with self._lock:
            self._empty()
            if self._file:
                self._file.truncate(0)

    def _empty(self) -> None:
        self._sent: deque[Entry] = deque(maxlen=KEPT)
        self._screens, self._window = Screens(), Window()
        self._answers: Counter[str] = Counter()
        self._seconds: Counter[int] = Counter()

    def _keep(self, entry: Entry) -> None:
        self._sent.append(entry)
        self._answers[entry.error or _OK] += 1
        if entry.arrived:
            self._screens.arrive(entry.posted.address, fcm_messages.notice(entry.posted.message))

    def _reload(self, file: Path) -> None:
        with file.open("rb") as lines:
            for line in lines:
                self._keep(_entry(json.loads(line)))


def _entry(told: dict[str, Any]) -> Entry:
    at = datetime.fromisoformat(told["at"]).timestamp()
    posted = Posted(told["kind"], told["address"], told["message"], is_trial=False)
    return Entry(at, posted, told["status"], told["error"], told["arrived"])
