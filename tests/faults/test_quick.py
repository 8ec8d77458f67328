"""The most telling faults, small enough for every run of the tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import MakeApp
from tests.faults.conftest import MakeSite
from tests.faults.kills import kill_api, kill_workers
from tests.faults.results import prove
from tests.faults.store import Store
from tests.helpers import at_once, bearer, citizen, file_report

EVENTS = 100


@pytest.mark.timeout(240)
def test_nothing_is_lost_or_done_twice_when_processes_die(make_site: MakeSite) -> None:
    site = make_site()
    client = site.client("kills", threads=4)
    filed = client.file(EVENTS)
    broken = kill_api(site, client, 2)
    filed()
    site.centre.suffer(mode="timeout_after_accept", delay=0.5)
    filed = client.file(EVENTS)
    caught = kill_workers(site, 2)
    filed()
    site.centre.kill()
    client.file(EVENTS // 2)()
    site.centre.start()
    drain = site.drained()
    result = prove(site, client, "quick", "4 kills", drain=drain)
    assert result.duplicates >= len(site.records.repeated(caught)) > 0
    assert broken > 0


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_reports_arrive_while_redis_is_silent(make_app: MakeApp, tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.start()
    try:
        app = make_app(redis_url=store.url)
        me = bearer(citizen(app))
        file_report(app.test_client(), me)
        store.freeze()
        at_once(*(lambda: file_report(app.test_client(), me) for _ in range(6)))
    finally:
        store.kill()
