"""What the operations centre accepted, each event once and in order within its report."""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path

from smartcity.sandbox.cloudevents import Event


class Ledger:
    """Accepted events in order of arrival; with a journal, on disk before `take` returns."""

    def __init__(self, journal: Path | None = None) -> None:
        self._lock = threading.Lock()
        self._events: list[Event] = []
        self._ids: set[str] = set()
        self._last: dict[str, str] = {}
        if journal and journal.exists():
            self._reload(journal)
        self._journal = journal.open("ab") if journal else None

    def take(self, event: Event) -> tuple[str, str | None]:
        """`accepted` with its reference, or `duplicate` (id) or `stale` (sequence) without."""
        with self._lock:
            if event["id"] in self._ids:
                return "duplicate", None
            if self._is_stale(event):
                return "stale", None
            self._write(event)
            self._remember(event)
            return "accepted", f"IOC-{len(self._events):06d}"

    def since(self, index: int = 0) -> list[Event]:
        """The events but the first `index`, in order of arrival."""
        with self._lock:
            return self._events[index:]

    def by_report(self) -> dict[str, list[Event]]:
        """Each subject's events; reports and events that came last stand first."""
        reports: dict[str, list[Event]] = {}
        for event in reversed(self.since()):
            reports.setdefault(event.get("subject", ""), []).append(event)
        return reports

    def _is_stale(self, event: Event) -> bool:
        last = self._last.get(event.get("subject", ""))
        return last is not None and "sequence" in event and event["sequence"] <= last

    def _remember(self, event: Event) -> None:
        self._events.append(event)
        self._ids.add(event["id"])
        if "subject" in event and "sequence" in event:
            self._last[event["subject"]] = event["sequence"]

    def _write(self, event: Event) -> None:
        if self._journal:
            self._journal.write(json.dumps(event).encode() + b"\n")
            self._journal.flush()
            os.fsync(self._journal.fileno())

    def _reload(self, journal: Path) -> None:
        whole, end, torn = journal.read_bytes().rpartition(b"\n")
        for line in whole.splitlines():
            self._remember(json.loads(line))
        if torn:  # a crash in the middle of a line: nobody was told that it was accepted
            os.truncate(journal, len(whole) + len(end))
