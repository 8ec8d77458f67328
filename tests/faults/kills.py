"""Kill -9 at the worst moment, and the proof that it was that moment."""

from __future__ import annotations

import time
from functools import partial

from smartcity.demo.client import wait_for
from tests.faults.client import Client
from tests.faults.processes import Process
from tests.faults.site import PATIENCE, Site

MORE = 60  # events
WHOLE = 10  # of so many kills of the API one takes the whole of it, the others one of its processes


def kill_api(site: Site, client: Client, kills: int) -> int:
    """Kill the API while it answers, again and again; how many requests that broke.

    A kill that broke none does not count and is repeated. Whatever time that takes, there is
    something to file.
    """
    broken = done = 0
    more = []
    while done < kills:
        site.await_api()
        if not client.busy:
            more.append(client.file(MORE))
        hit = _kill_api_once(site, client, whole=done % WHOLE == 0)
        broken, done = broken + hit, done + bool(hit)
    site.await_api()
    for filed in more:
        filed()
    return broken


def _kill_api_once(site: Site, client: Client, *, whole: bool) -> int:
    seen = len(client.tries)
    # Requests are under way.
    wait_for(lambda: len(client.tries) > seen or not client.busy, PATIENCE)
    at = time.monotonic()
    if whole:
        site.api.kill()
        site.api.start()
    else:
        wait_for(site.api.children, PATIENCE)[0].kill()
    answered = len(client.tries)
    again = answered + client.threads
    wait_for(lambda: len(client.tries) > again or not client.busy, seconds=60)
    return client.broken(at)


def kill_workers(site: Site, kills: int) -> set[str]:
    """Kill workers between send and mark; the deliveries that it caught there, one a kill or more.

    Caught: the receiver has it on disk, and the worker that sent it has not written that down. Each
    kill catches another one: a dead worker's deliveries are the first that are claimed again.
    """
    caught: set[str] = set()
    for number in range(kills):
        worker = site.crew[number % len(site.crew)]
        caught |= wait_for(partial(_killed_at_work, site, worker, caught), seconds=60)
        worker.start()
    return caught


def _killed_at_work(site: Site, worker: Process, before: set[str]) -> set[str]:
    """The deliveries that it left sent and unmarked; none when it had no new one, and lives on."""
    if not _sent_and_unmarked(site, worker) - before:
        return set()
    worker.freeze()
    caught = _sent_and_unmarked(site, worker) - before
    if caught:
        worker.kill()
    else:
        worker.thaw()
    return caught


def _sent_and_unmarked(site: Site, worker: Process) -> set[str]:
    held = site.records.held_by(worker.pid)
    return held & site.centre.ids() if held else held
