"""The worker: one dispatcher that claims, N threads that do."""

import math
import os
import signal
import socket
import threading
import time
from collections import Counter
from collections.abc import Collection
from queue import SimpleQueue

import structlog
from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from smartcity.core.context import settings
from smartcity.core.db import reading, transaction
from smartcity.core.ids import new_id
from smartcity.jobs.claim import claim, due_queues
from smartcity.jobs.lease import Lease
from smartcity.jobs.perform import perform
from smartcity.jobs.registry import family, served
from smartcity.jobs.schedule import Schedule

GRACE = 30.0  # seconds that running jobs get to end when the worker is told to stop
DATABASE_PAUSE = 2.0  # seconds until the dispatcher asks again a database that failed
SLOW = 1.0  # seconds a job, from which on a queue gets a quarter of the threads
log = structlog.get_logger(__name__)


class Worker:
    """Does jobs until it is told to stop; any number may run on any number of machines.

    `queues`: the families it serves, by default all. No queue gets more than `threads` - 1 of the
    threads, and one whose last jobs were slow no more than a quarter: a destination that crawls,
    or rows that somebody holds, must not keep the others waiting.
    """

    def __init__(self, app: Flask, threads: int, queues: Collection[str] | None = None) -> None:
        self.name = f"{socket.gethostname()[:40]}:{os.getpid()}:{new_id().hex[-6:]}"
        self._app = app
        self._threads = threads
        self._queues = queues
        self._schedule = Schedule()
        self._leases: SimpleQueue[Lease | None] = SimpleQueue()
        self._running: Counter[str] = Counter()
        self._pace: dict[str, float] = {}  # seconds a job, lately
        self._counting = threading.Lock()
        self._wake = threading.Event()
        self._stopping = False
        self._served_last = ""

    def run(self) -> None:
        """Work until `stop`, SIGTERM or SIGINT; then let running jobs end, 30 seconds at most."""
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGTERM, lambda *_: self.stop())
            signal.signal(signal.SIGINT, lambda *_: self.stop())
        for number in range(self._threads):
            threading.Thread(target=self._serve, name=f"jobs-{number}", daemon=True).start()
        log.info("worker.started", worker=self.name, threads=self._threads)
        with self._app.app_context():
            while not self._stopping:
                self._look()
        self._drain()

    def stop(self) -> None:
        """Claim nothing more. Only a flag: a signal may come while the event's lock is held."""
        self._stopping = True

    def _look(self) -> None:
        """Look for work once; wait for a free thread or the next poll when there is none."""
        self._wake.clear()
        pause = settings().job_poll
        try:
            self._schedule.tick()
            found = self._dispatch()
        except SQLAlchemyError as error:
            log.error("worker.database_unavailable", reason=type(error).__name__)
            found, pause = False, DATABASE_PAUSE
        if not found:
            self._wake.wait(pause)

    def _dispatch(self) -> bool:
        """Hand leases to the idle threads, each queue its share; True when there were any."""
        idle = self._threads - self._running.total()
        queues = self._due() if idle else []
        claimed = 0
        for position, queue in enumerate(queues):
            share = math.ceil((idle - claimed) / (len(queues) - position))
            claimed += self._claim(queue, min(share, self._room(queue)))
        return claimed > 0

    def _due(self) -> list[str]:
        """The queues with work for this worker, beginning after the one that was served last."""
        with reading() as session:
            due = [queue for queue in due_queues(session) if self._serves(queue)]
        return sorted(due, key=lambda queue: (queue <= self._served_last, queue))

    def _serves(self, queue: str) -> bool:
        return served(queue) and (self._queues is None or family(queue) in self._queues)

    def _room(self, queue: str) -> int:
        slow = self._pace.get(queue, 0.0) > SLOW
        share = self._threads // 4 if slow else self._threads - 1
        return max(1, share) - self._running[queue]

    def _claim(self, queue: str, wanted: int) -> int:
        if wanted <= 0:
            return 0
        with transaction() as session:
            leases = claim(session, queue, wanted, self.name)
        self._count(queue, len(leases))
        for lease in leases:
            self._leases.put(lease)
        if leases:
            self._served_last = queue
        return len(leases)

    def _count(self, queue: str, change: int) -> None:
        with self._counting:
            self._running[queue] += change

    def _note_pace(self, queue: str, seconds: float) -> None:
        with self._counting:
            before = self._pace.get(queue, seconds)
            self._pace[queue] = before + (seconds - before) / 4

    def _serve(self) -> None:
        """One thread's life: do lease after lease."""
        while lease := self._leases.get():
            began = time.monotonic()
            try:
                with self._app.app_context():
                    self._do(lease)
            except Exception:  # the thread must live on; the job's lease lapses
                log.exception("job.unsettled", job=lease.id, job_name=lease.name)
            finally:
                self._note_pace(lease.queue, time.monotonic() - began)
                self._count(lease.queue, -1)
                self._wake.set()

    def _do(self, lease: Lease) -> None:
        if not self._stopping:
            perform(lease)
            return
        with transaction() as session:
            lease.release(session)

    def _drain(self) -> None:
        deadline = time.monotonic() + GRACE
        while self._running.total() and time.monotonic() < deadline:
            self._wake.wait(0.1)
            self._wake.clear()
        for _ in range(self._threads):
            self._leases.put(None)
        log.info("worker.stopped", worker=self.name, abandoned=self._running.total())
