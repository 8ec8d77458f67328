"""kill -9 of API and workers, and two schedulers of which one sleeps past its leases."""

from __future__ import annotations

import json
from collections import Counter
from functools import partial

import pytest

from smartcity.demo.client import wait_for
from tests.faults.conftest import MakeSite
from tests.faults.kills import kill_api, kill_workers
from tests.faults.processes import Process
from tests.faults.results import prove
from tests.faults.scenarios.scale import EVENTS, KILLS, WORST
from tests.faults.site import HELD, LEASE, PATIENCE, Site

SPARE = 10  # kills: a mark may be in the database already while its worker freezes
SLOTS = 4  # of the audit's sealing, every 10 s


@pytest.mark.timeout(900)
def test_the_api_is_killed_in_the_middle_of_requests(make_site: MakeSite) -> None:
    site = make_site()
    client = site.client("killed-api")
    filed = client.file(WORST)
    broken = kill_api(site, client, KILLS)
    filed()
    drain = site.drained()
    remark = f"{broken} requests broken off and repeated under their keys"
    prove(site, client, "API killed mid-request", f"{KILLS} × kill -9", drain=drain, remark=remark)
    assert broken >= KILLS


@pytest.mark.timeout(1200)
def test_workers_are_killed_between_send_and_mark(make_site: MakeSite) -> None:
    site = make_site()
    client = site.client("killed-worker")
    site.centre.suffer(mode="timeout_after_accept", delay=0.8)  # the answer comes late, in time
    client.file(WORST)()  # a backlog: what dies over it has no client to share the cores with
    caught = kill_workers(site, KILLS + SPARE)
    site.centre.recover()
    drain = site.drained(600)  # nearly all of them, beside other scenarios
    repeated = len(site.records.repeated(caught))
    remark = f"{repeated} deliveries were on the receiver's disk when their worker died"
    faults = f"{KILLS + SPARE} × kill -9"
    result = prove(
        site, client, "worker killed between send and mark", faults, drain=drain, remark=remark
    )
    assert result.duplicates >= repeated >= KILLS


@pytest.mark.timeout(300)
def test_two_schedulers_of_which_one_sleeps_past_its_leases(make_site: MakeSite) -> None:
    site = make_site(workers=2)
    client = site.client("schedulers")
    site.centre.suffer(mode="timeout_after_accept", delay=0.2)
    filed = client.file(EVENTS, rate=25)
    first, naps = wait_for(partial(_sealed, site), PATIENCE), 0
    while site.records.slots()["audit.seal"] < first["audit.seal"] + SLOTS:
        naps += _oversleep(site.crew[naps % 2], site)
    site.centre.recover()
    filed()
    drain = site.drained()
    runs = sum((_runs(worker) for worker in site.crew), Counter())
    # Of a period before the first look there may be one run more.
    slots = {
        name: slot - first[name] + 2 for name, slot in site.records.slots().items() if name in first
    }
    remark = f"audit.seal: {slots['audit.seal']} periods, {runs['audit.seal']} runs"
    faults = f"{naps} × SIGSTOP until the leases were another's"
    prove(site, client, "two schedulers", faults, drain=drain, remark=remark)
    assert naps > 1
    assert runs["audit.seal"] > 1
    assert all(runs[name] <= number for name, number in slots.items()), (runs, slots)


def _sealed(site: Site) -> dict[str, int]:
    """The newest periods, once the audit was sealed in one."""
    slots = site.records.slots()
    return slots if "audit.seal" in slots else {}


def _oversleep(worker: Process, site: Site) -> int:
    """Freeze it until another has taken the deliveries in its hands; 1, or 0 when it had none."""
    worker.freeze()
    held = site.records.held_by(worker.pid)
    wait_for(lambda: not held & site.records.held_by(worker.pid), seconds=LEASE + HELD)
    worker.thaw()
    return 1 if held else 0


def _runs(worker: Process) -> Counter[str]:
    """How often a worker did each job, by its log."""
    lines = (line for line in worker.log.read_text("utf-8").splitlines() if '"job_name"' in line)
    jobs = map(json.loads, lines)
    return Counter(job["job_name"] for job in jobs if job.get("outcome") == "done")
