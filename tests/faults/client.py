"""Many phones and an officer at once: each repeats what it asks until it has an answer.

What the API said yes to is on disk before anything else is asked: the client's own journal.
"""

from __future__ import annotations

import json
import os
import random
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import urllib3

PATIENCE = 180.0  # seconds until a phone gives up; a test fails then
PAUSE = 0.1  # between two tries
MOVES = (("acceptance", "accepted", {}), ("assignment", "assigned", {"agency": "so-xay-dung"}))


class Unanswered(Exception):
    """A phone gave up, or was told what it should never hear."""


@dataclass(frozen=True)
class Try:
    """One request: when it went out, when it ended (monotonic seconds), and its status.

    Status 0: the connection broke or nothing came in time.
    """

    began: float
    ended: float
    status: int

    @property
    def seconds(self) -> float:
        return self.ended - self.began


@dataclass
class Client:
    """Files reports; of every second one the officer makes two more steps: 2 events a report."""

    base: str
    citizen: Mapping[str, str]
    officer: Mapping[str, str]
    journal: Path
    name: str
    threads: int = 6
    tries: list[Try] = field(default_factory=list)
    reports: dict[str, str] = field(default_factory=dict)  # key -> code
    _numbers: int = 0
    _over: bool = False
    _filings: list[Future[None]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._http = urllib3.PoolManager(maxsize=self.threads, retries=False, timeout=40)
        self._pool = ThreadPoolExecutor(self.threads)
        self._writing = threading.Lock()
        self._file = self.journal.open("ab")

    def file(self, events: int, rate: float | None = None) -> Callable[[], None]:
        """Begin so many events, at most `rate` a second; call what it returns to await the end."""
        ends = Future[None]()
        self._filings.append(ends)
        first, self._numbers = self._numbers, self._numbers + events // 2
        numbers = range(first, self._numbers)
        threading.Thread(target=self._begin, args=(numbers, rate, ends), daemon=True).start()
        return lambda: ends.result(PATIENCE + 60 + events / (rate or 10))

    def close(self) -> None:
        """Give up what is under way."""
        self._over = True
        self._pool.shutdown(cancel_futures=True)
        self._file.close()

    @property
    def busy(self) -> bool:
        """Whether what it was told to file is still being filed."""
        return not all(ends.done() for ends in self._filings)

    def broken(self, at: float) -> int:
        """How many requests were under way at a moment and came to nothing."""
        tries = list(self.tries)
        return sum(1 for t in tries if t.status == 0 and t.began < at <= t.ended)

    def answered(self, since: float, until: float) -> list[float]:
        """Seconds that each filing took which began in a stretch of time, sorted."""
        tries = list(self.tries)
        return sorted(t.seconds for t in tries if t.status == 201 and since <= t.began < until)

    def _begin(self, numbers: range, rate: float | None, ends: Future[None]) -> None:
        try:
            cases = []
            began = time.monotonic()
            for count, number in enumerate(numbers):
                if rate:
                    time.sleep(max(0.0, began + 2 * count / rate - time.monotonic()))
                cases.append(self._pool.submit(self._case, number))
            for case in cases:
                case.result()
            ends.set_result(None)
        except BaseException as error:  # noqa: BLE001 - raised again by who awaits the end
            ends.set_exception(error)

    def _case(self, number: int) -> None:
        key = f"{self.name}-{number}"
        headers = {**self.citizen, "Idempotency-Key": key}
        filed = self._ask("POST", "/api/v1/reports", _report(key, number), headers)
        self._accepted(key, filed["code"])
        if number % 2 == 0:
            for noun, status, told in MOVES:
                filed = self._move(filed, noun, status, told)

    def _move(
        self, report: dict[str, Any], noun: str, status: str, told: dict[str, str]
    ) -> dict[str, Any]:
        """A step that is done once, though its first answer may be lost on the way."""
        path = f"/api/v1/officer/reports/{report['id']}"
        while report["status"] != status:
            headers = {**self.officer, "If-Match": f'"{report["version"]}"'}
            moved = self._ask("PUT", f"{path}/{noun}", told, headers, {412})
            report = moved or self._ask("GET", path, None, self.officer)
        return report

    def _ask(
        self,
        method: str,
        path: str,
        body: dict[str, Any] | None,
        headers: Mapping[str, str],
        none: frozenset[int] | set[int] = frozenset(),
    ) -> dict[str, Any]:
        """The good answer, however often it must be asked for; empty for a status of `none`."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and not self._over:
            status, told = self._try(method, path, body, headers)
            if status in none:
                return {}
            if 200 <= status < 300:
                answer: dict[str, Any] = json.loads(told)
                return answer
            if status not in {0, 409, 429} and status < 500:
                raise Unanswered(f"{method} {path}: {status} {told.decode()}")
            time.sleep(PAUSE * random.uniform(0.5, 1.5))
        raise Unanswered(f"{method} {path}: no answer in {PATIENCE} s")

    def _try(
        self, method: str, path: str, body: dict[str, Any] | None, headers: Mapping[str, str]
    ) -> tuple[int, bytes]:
        content = {} if body is None else {"json": body}
        began, status, told = time.monotonic(), 0, b""
        try:
            answer = self._http.request(method, self.base + path, headers=headers, **content)
            status, told = answer.status, answer.data
        except (urllib3.exceptions.HTTPError, OSError):
            pass
        self.tries.append(Try(began, time.monotonic(), status))
        return status, told

    def _accepted(self, key: str, code: str) -> None:
        line = json.dumps({"key": key, "code": code}).encode()
        with self._writing:
            self._file.write(line + b"\n")
            self._file.flush()
            os.fsync(self._file.fileno())
            self.reports[key] = code


def _report(key: str, number: int) -> dict[str, Any]:
    """The same for the same number; far enough from its neighbours to be no duplicate."""
    dice = random.Random(number)
    return {
        "category": "traffic_infra",
        "description": f"Ổ gà sâu trước cổng trường, xe máy rất dễ ngã: {key}",
        "latitude": round(dice.uniform(20.91, 20.97), 6),
        "longitude": round(dice.uniform(106.30, 106.36), 6),
    }
