"""Kill -9 at the worst moment, and the proof that it was that moment."""

from __future__ import annotations

import time

from smartcity.demo.client import wait_for
from tests.faults.client import Client
from tests.faults.processes import Process
from tests.faults.site import Site

WHOLE = 10  # of so many kills of the API one takes the whole of it, the others one of its processes


def kill_api(site: Site, client: Client, kills: int) -> int:
    """Kill the API while it answers, again and again; how many requests that broke.

    A kill that broke none does not count and is repeated.
    """
    broken = done = 0
    while done < kills:
        site.await_api()
        hit = _kill_api_once(site, client, whole=done % WHOLE == 0)
        broken, done = broken + hit, done + bool(hit)
    site.await_api()
    return broken


def _kill_api_once(site: Site, client: Client, *, whole: bool) -> int:
    seen = len(client.tries)
    wait_for(lambda: len(client.tries) > seen)  # requests are under way
    at = time.monotonic()
    if whole:
        site.api.kill()
        site.api.start()
    else:
        wait_for(site.api.children)[0].kill()
    answered = len(client.tries)
    wait_for(lambda: len(client.tries) > answered + client.threads, seconds=60)
    return client.broken(at)


def kill_workers(site: Site, kills: int) -> int:
    """Kill workers between send and mark, one after the other; how many deliveries that caught.

    Caught: the receiver has it on disk, and the worker that sent it never wrote that down.
    """
    caught = 0
    for number in range(kills):
        worker = site.crew[number % len(site.crew)]
        caught += wait_for(lambda worker=worker: _killed_at_work(site, worker), seconds=60)
        worker.start()
    return caught


def _killed_at_work(site: Site, worker: Process) -> int:
    """The deliveries that it left sent and unmarked; 0 when there were none and it lives on."""
    if not _sent_and_unmarked(site, worker):
        return 0
    worker.freeze()
    time.sleep(0.02)  # what it had asked of the database before is done
    caught = _sent_and_unmarked(site, worker)
    if caught:
        worker.kill()
    else:
        worker.thaw()
    return caught


def _sent_and_unmarked(site: Site, worker: Process) -> int:
    held = site.records.held_by(worker.pid)
    return len(held & site.centre.ids()) if held else 0
