"""What the operations centre accepted, each event once and in order within its report."""

from __future__ import annotations

import hashlib
import json
import os
import threading
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from smartcity.sandbox.cloudevents import Event


@dataclass(frozen=True)
class Entry:
    """One event, and the bytes that brought it."""

    event: Event
    body: bytes
    repair: str | None = None

    @property
    def subject(self) -> str:
        return str(self.event.get("subject", ""))

    @property
    def sequence(self) -> str | None:
        return self.event.get("sequence")

    @cached_property
    def sha256(self) -> str:
        return hashlib.sha256(self.body).hexdigest()

    def replaces(self, other: Entry) -> bool:
        """Whether they are one event, or hold one place in a report."""
        place = self.sequence is not None and (self.subject, self.sequence)
        return self.event["id"] == other.event["id"] or place == (other.subject, other.sequence)


class Ledger:
    """Accepted events in order of arrival; with a journal, on disk before `take` returns."""

    def __init__(self, journal: Path | None = None) -> None:
        self._lock = threading.Lock()
        self._entries: list[Entry] = []
        self._known: dict[str, str] = {}  # ids, each with its body's hash
        self._last: dict[str, str] = {}
        if journal and journal.exists():
            self._reload(journal)
        self._journal = journal.open("ab") if journal else None

    def take(self, event: Event, body: bytes, repair: str | None = None) -> tuple[str, str | None]:
        """`accepted` with its reference, or without: `duplicate` (id), `stale` (sequence).

        `repair`, the reconciliation that asked for it, makes of the last two `repaired`: stored in
        its place, in that of other bytes if need be. The report's last sequence never falls.
        """
        entry = Entry(event, body, repair)
        with self._lock:
            status = self._judge(entry)
            if status in ("duplicate", "stale"):
                return status, None
            self._write(entry)
            self._remember(entry)
            accepted = status == "accepted"
            return status, f"IOC-{len(self._entries):06d}" if accepted else None

    def since(self, index: int = 0) -> list[Event]:
        """The events but the first `index`, in order of arrival, repaired ones in their place."""
        with self._lock:
            return [entry.event for entry in self._entries[index:]]

    def by_report(self) -> dict[str, list[Event]]:
        """Each subject's events; reports and events that came last stand first."""
        reports: dict[str, list[Event]] = {}
        for event in reversed(self.since()):
            reports.setdefault(event.get("subject", ""), []).append(event)
        return reports

    def hashes(self, subjects: list[str]) -> dict[str, list[dict[str, str | None]]]:
        """Sequence and SHA-256 of the bytes of all events of these reports."""
        held: dict[str, list[dict[str, str | None]]] = {subject: [] for subject in subjects}
        with self._lock:
            for entry in self._entries:
                if entry.subject in held:
                    told = {"sequence": entry.sequence, "sha256": entry.sha256}
                    held[entry.subject].append(told)
        return held

    def forget(self, id: str) -> bool:
        """Lose an event, as from an old backup; a restart reads it in the journal again."""
        with self._lock:
            before = len(self._entries)
            self._entries = [entry for entry in self._entries if entry.event["id"] != id]
            self._known.pop(id, None)
            return len(self._entries) < before

    def _judge(self, entry: Entry) -> str:
        known, last = self._known.get(entry.event["id"]), self._last.get(entry.subject)
        if known == entry.sha256 or (known and not entry.repair):
            return "duplicate"
        late = last is not None and entry.sequence is not None and entry.sequence <= last
        if not (known or late):
            return "accepted"
        return "repaired" if entry.repair else "stale"

    def _remember(self, entry: Entry) -> None:
        if entry.repair:
            self._entries = [old for old in self._entries if not entry.replaces(old)]
        self._entries.insert(self._place(entry), entry)
        self._known[entry.event["id"]] = entry.sha256
        if "subject" in entry.event and entry.sequence is not None:
            self._last[entry.subject] = max(entry.sequence, self._last.get(entry.subject, ""))

    def _place(self, entry: Entry) -> int:
        """Before the report's first event of a higher sequence, else at the end."""
        if not entry.repair or entry.sequence is None:
            return len(self._entries)
        higher = (
            place
            for place, old in enumerate(self._entries)
            if old.subject == entry.subject and (old.sequence or "") > (entry.sequence or "")
        )
        return next(higher, len(self._entries))

    def _write(self, entry: Entry) -> None:
        if self._journal:
            self._journal.write(_line(entry))
            self._journal.flush()
            os.fsync(self._journal.fileno())

    def _reload(self, journal: Path) -> None:
        whole, end, torn = journal.read_bytes().rpartition(b"\n")
        for line in whole.splitlines():
            self._remember(_read(line))
        if torn:  # a crash in the middle of a line: nobody was told that it was accepted
            os.truncate(journal, len(whole) + len(end))


def _line(entry: Entry) -> bytes:
    told = {
        "id": entry.event["id"],
        "subject": entry.event.get("subject"),
        "sequence": entry.sequence,
        "repair": entry.repair,
        "body": entry.body.decode(),
    }
    return json.dumps(told).encode() + b"\n"


def _read(line: bytes) -> Entry:
    told = json.loads(line)
    body = told["body"].encode() if "body" in told else line  # a demo's of an earlier release
    return Entry(json.loads(body), body, told.get("repair"))
