"""The stores misbehave: Redis, PostgreSQL, a locked row, a full disk."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from smartcity.demo.client import wait_for
from tests.conftest import _prepare
from tests.faults.client import Client
from tests.faults.conftest import MakeSite
from tests.faults.measures import ms, p95
from tests.faults.postgres import own_cluster
from tests.faults.results import prove
from tests.faults.scenarios.scale import EVENTS, SUSTAINED
from tests.faults.site import PATIENCE, Site
from tests.faults.store import Store

pytestmark = pytest.mark.timeout(400)
STOPS = 5
LOCKED = EVENTS / SUSTAINED  # seconds
FULL = 3


def _flush(store: Store, _work: Callable[[], None]) -> None:
    store.flush()


def _restart(store: Store, work: Callable[[], None]) -> None:
    store.kill()
    work()
    store.start()


def _freeze(store: Store, work: Callable[[], None]) -> None:
    store.freeze()
    work()
    store.thaw()


@pytest.mark.parametrize("fault", [_flush, _restart, _freeze], ids=["flushall", "restart", "stop"])
def test_redis_fails(
    fault: Callable[[Store, Callable[[], None]], None],
    make_site: MakeSite,
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> None:
    store = Store(tmp_path)
    request.addfinalizer(store.kill)
    store.start()
    site = make_site(settings={"REDIS_URL": store.url})
    client = site.client("redis")
    filed = client.file(EVENTS, rate=40)
    for _ in range(3):
        fault(store, lambda: _goes_on_filing(client))
        _goes_on(site)
    filed()
    drain = site.drained()
    worst = ms(p95([t.seconds for t in client.tries]))
    name = f"Redis: {request.node.callspec.id.partition('-')[0]}"
    prove(site, client, name, "3 ×", drain=drain, remark=f"p95 of requests {worst}")
    assert {tried.status for tried in client.tries} <= {200, 201}


def test_postgresql_stops_at_once(make_site: MakeSite) -> None:
    with own_cluster() as cluster:
        _prepare(cluster.url)
        site = make_site(cluster.url)
        client = site.client("stopped")
        filed = client.file(EVENTS, rate=40)
        for _ in range(STOPS):
            _goes_on(site)
            wait_for(lambda: any(site.records.held_by(each.pid) for each in site.crew), PATIENCE)
            cluster.stop_at_once()
            tries = len(client.tries)
            wait_for(lambda tries=tries: len(client.tries) > tries + 2, seconds=60)
            cluster.start()
        filed()
        drain = site.drained()
        broken = _refused(client)
        remark = f"{broken} requests answered 503 and repeated"
        faults = f"{STOPS} × immediate stop and start"
        prove(site, client, "PostgreSQL stopped", faults, drain=drain, remark=remark)
        assert broken


def test_rows_are_locked_for_a_minute(make_site: MakeSite) -> None:
    site = make_site()
    before, held, client = (site.client(name) for name in ("before", "held", "free"))
    before.file(EVENTS // 10, rate=SUSTAINED)()
    site.drained()
    moving = held.file(40)
    wait_for(lambda: len(held.reports) >= 10, PATIENCE)
    with _locked(site.database, list(held.reports.values())):
        began = time.monotonic()
        client.file(EVENTS, rate=SUSTAINED)()
        free = {event.id for event in site.records.events(client.reports.values())}
        wait_for(lambda: not free & site.records.unsettled(site.centre.name), seconds=60)
        wait_for(lambda: time.monotonic() > began + LOCKED, seconds=LOCKED)
    moving()
    drain = site.drained()
    lags = [p95(site.records.lags(site.centre.name, c.reports.values())) for c in (before, client)]
    remark = f"other reports arrived within {lags[1]:.2f} s (p95; before: {lags[0]:.2f} s)"
    faults = f"the rows of {len(held.reports)} reports for {LOCKED:.0f} s"
    prove(site, held, "the reports whose rows were locked", faults, drain=drain)
    prove(site, client, "rows locked", faults, drain=drain, remark=remark)
    assert lags[1] < 2 * lags[0] + 1


def test_the_disk_is_full(make_site: MakeSite, sqlite_template: Path, tmp_path: Path) -> None:
    with _small_disk(tmp_path / "disk") as disk:
        shutil.copy(sqlite_template, disk / "full.sqlite3")
        site = make_site(f"sqlite:///{disk / 'full.sqlite3'}")
        client = site.client("full", threads=3)
        for _ in range(FULL):
            filed = client.file(EVENTS // FULL)
            _goes_on_filing(client)
            refused = _refused(client)
            with _filled(disk):
                wait_for(lambda refused=refused: _refused(client) > refused + 10, seconds=60)
            filed()
        drain = site.drained()
        prove(site, client, "disk full", f"{FULL} × a full disk", drain=drain)


def _refused(client: Client) -> int:
    return sum(1 for tried in list(client.tries) if tried.status >= 500)


def _goes_on(site: Site) -> None:
    """Another fifty steps arrive."""
    arrived = len(site.centre.ids())
    wait_for(lambda: len(site.centre.ids()) > arrived + 50, seconds=90)


def _goes_on_filing(client: Client) -> None:
    """Another twenty reports are accepted."""
    accepted = len(client.reports)
    wait_for(lambda: len(client.reports) > accepted + 20, seconds=60)


@contextmanager
def _locked(database: str, reports: list[str]) -> Iterator[None]:
    """Hold the rows of reports, as a session of a person who went for lunch."""
    url = make_url(database).set(drivername="postgresql").render_as_string(hide_password=False)
    numbers = [int(code.rpartition("-")[2]) for code in reports]
    with closing(psycopg.connect(url)) as holder:
        holder.execute("SELECT 1 FROM reports WHERE number = ANY(%s) FOR UPDATE", [numbers])
        yield
        holder.rollback()


@contextmanager
def _small_disk(folder: Path) -> Iterator[Path]:
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=48m", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("a small disk can be mounted by root only")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@contextmanager
def _filled(disk: Path) -> Iterator[None]:
    """Take all that is left of it."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file:
        try:
            while file.write(bytes(4096)):
                pass
        except OSError:
            pass
    yield
    ballast.unlink()
