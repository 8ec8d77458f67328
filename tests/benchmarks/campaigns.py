"""Campaigns: a message's CPU beside the SDK's, a province frozen, the quota, a killed worker.

`CAMPAIGN_SHARE` makes all of it smaller, for a first try.
"""

import contextlib
import logging
import os
import tempfile
import threading
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil
from sqlalchemy import text

from smartcity.adapters.fcm.envelope import Notification, encode
from smartcity.adapters.fcm.multi import Multi
from smartcity.adapters.fcm.sdk import push
from smartcity.campaigns.ramp import beside_the_quarter
from smartcity.core.db import engine, reading
from smartcity.demo.client import wait_for
from smartcity.settings import Settings
from tests.benchmarks.house import Bench
from tests.benchmarks.measure import spent, spent_by_postgres, tell
from tests.conftest import _prepare
from tests.faults.campaign_phones import fill
from tests.faults.campaign_site import CONTENT, CampaignSite
from tests.faults.processes import Process
from tests.faults.site import LEASE
from tests.servers import create_database, drop_database

SHARE = float(os.environ.get("CAMPAIGN_SHARE", "1"))
PHONES = int(45_000 * SHARE)
PROVINCE = int(1_300_000 * SHARE)
QUOTA = int(60_000 * SHARE)  # a minute
LIMITED = int(62_000 * SHARE)  # phones: more than 75 s at our share of the quota
OURS = 0.8 * QUOTA
SDK, SDK_ROUNDS = 500, 3  # messages at a time: the most that `send_each` takes
BARE = 10_000
LATENCY = [0.05, 0.15]  # seconds, for both: as of a server far away
MICRO, MEGA = 1e6, 1e6
AREA = "10507"  # one commune of some 110: its shards are few
UNLIMITED = {"FCM_PER_MINUTE": "100000000", "JOB_POLL": "0.25"}  # the default
TABLES = ("campaigns", "campaign_steps", "campaign_shards", "campaign_counts", "broadcasts")
SIZE = text(f"SELECT {' + '.join(f'pg_total_relation_size({name!r})' for name in TABLES)}")
STOOD = text("SELECT state, frozen_at FROM campaigns WHERE id = :id")
MESSAGE = Notification(**CONTENT["vi"], link="/news/", tag="bench", category="events", ttl=86_400)


@dataclass(frozen=True)
class House:
    """The site, and the PostgreSQL that it shares with nobody."""

    site: CampaignSite
    database: psutil.Process

    def spent(self, worker: Process) -> float:
        """Seconds of CPU that a worker and PostgreSQL have used so far."""
        return spent(psutil.Process(worker.pid)) + spent_by_postgres(self.database)

    def size(self) -> int:
        """Bytes of all that campaigns keep."""
        with self.site.app.app_context(), reading() as session:
            return int(session.scalars(SIZE).one())

    def stands(self, campaign: uuid.UUID) -> tuple[str, bool]:
        """Its state, and whether it is frozen."""
        with self.site.app.app_context(), reading() as session:
            state, frozen_at = session.execute(STOOD, {"id": campaign}).one()
            return state, frozen_at is not None

    def finished(self, campaign: uuid.UUID) -> None:
        wait_for(lambda: self.stands(campaign)[0] == "finished", seconds=240)


def main(ready: Bench) -> bool:
    """Run all of it; True when every bound is met."""
    with _house(ready) as house:
        house.site.fcm.behave(latency=LATENCY)
        sdk = sending_one_by_one(house)
        return all(
            [
                *sending(house, sdk),
                bare(house, sdk),
                *limited(house),
                resuming(house),
                *freezing(house),
            ]
        )


def sending_one_by_one(house: House) -> float:
    """Seconds of CPU a message by `send_each` of the SDK, without any database."""
    from firebase_admin import messaging

    with house.site.app.app_context():
        app = push()._app
    messages = [
        messaging.Message(
            token=f"sdk-{n}:APA91b".ljust(142, "x"),
            notification=messaging.Notification(**CONTENT["vi"]),
            data={"mid": str(n), "link": "/news/"},
            android=messaging.AndroidConfig(
                ttl=86_400, notification=messaging.AndroidNotification(tag="bench")
            ),
        )
        for n in range(SDK)
    ]
    logging.getLogger("urllib3").setLevel(logging.ERROR)  # it tells each connection that it drops
    messaging.send_each(messages[:10], app=app)  # the token, the imports
    began = time.process_time()
    for _ in range(SDK_ROUNDS):
        if messaging.send_each(messages, app=app).failure_count:
            raise RuntimeError("the sandbox refused the SDK's messages")
    return (time.process_time() - began) / (SDK * SDK_ROUNDS)


def sending(house: House, sdk: float) -> Iterator[bool]:
    """45,000 phones by one worker: CPU a message, seconds, and what the database keeps of it."""
    site = house.site
    (worker,) = site.crew
    _warm(house)
    campaign = site.draft(category="news")
    _beside_the_quarter()
    size, used, began = house.size(), house.spent(worker), time.perf_counter()
    site.launch(campaign)
    house.finished(campaign)
    took = time.perf_counter() - began
    cost = (house.spent(worker) - used) / PHONES
    yield tell("push_campaign_cpu", cost * MICRO, sdk * MICRO, 1 / 20, "µs/message")
    yield tell("push_45000", took, 0, 60, "s")
    yield tell("push_bytes_per_recipient", (house.size() - size) / PHONES, 0, 50, "B")


def _warm(house: House) -> None:
    """A first campaign to a twentieth of the phones: imports, the token, connections."""
    _beside_the_quarter()
    few = house.site.draft(category="events", audience={"platforms": ["ios"], "locales": ["en"]})
    house.site.launch(few)
    house.finished(few)


def bare(house: House, sdk: float) -> bool:
    """The transport alone: bodies spliced and posted in windows."""
    envelope = encode(MESSAGE)
    address = "bare:APA91b".ljust(142, "x")
    with (
        house.site.app.app_context(),
        contextlib.closing(Multi(Settings.from_env(house.site.env))) as multi,
    ):
        multi.send([envelope.body("token", address, "warm")])
        began = time.process_time()
        for first in range(0, BARE, 200):
            mids = (f"{uuid.UUID(int=0)}.1.{first + n}" for n in range(200))
            replies = multi.send([envelope.body("token", address, mid) for mid in mids])
            if {reply.answer.value for reply in replies} != {"accepted"}:
                raise RuntimeError(replies)
        cost = (time.process_time() - began) / BARE
    return tell("push_multi_cpu", cost * MICRO, sdk * MICRO, 1 / 20, "µs/message")


def limited(house: House) -> Iterator[bool]:
    """At a quota of 60,000 a minute: never above our share, and no less than 80 % of it."""
    site = house.site
    with site.app.app_context():
        fill(engine(), LIMITED, PHONES + 1)
    _restart(site, FCM_PER_MINUTE=str(QUOTA))
    site.fcm.forget()
    campaign = site.draft(category="services")
    _beside_the_quarter()
    site.launch(campaign)
    wait_for(lambda: site.fcm.stats()["accepted"], seconds=60)
    time.sleep(60)
    last = site.fcm.stats()["last_minute"]
    house.finished(campaign)
    most = site.fcm.stats()["most_in_a_minute"]
    yield tell("push_quota_60000_most", most, OURS, 1, "messages/60 s")
    yield tell("push_quota_60000_least", OURS, last, 1.25, "messages/60 s")


def freezing(house: House) -> Iterator[bool]:
    """1,300,000 recipients frozen by one worker: seconds, and by how much its memory grew."""
    site = house.site
    with site.app.app_context():
        fill(engine(), PROVINCE, LIMITED + 1)
    worker = _restart(site)
    site.fcm.behave(latency=LATENCY)
    campaign = site.draft(category="surveys")
    with _watched(worker) as memory:
        began = time.perf_counter()
        site.launch(campaign)
        wait_for(lambda: house.stands(campaign)[1], seconds=240)
        took = time.perf_counter() - began
    yield tell("push_freeze_1300k", took, 0, 60, "s")
    yield tell("push_freeze_1300k_memory", max(memory) / MEGA, 0, 200, "MB resident at most")


def resuming(house: House) -> bool:
    """A worker dies over all that is left: seconds beyond the lease until another has it."""
    site = house.site
    site.fcm.behave(latency=[2.0, 2.0])  # so that it dies in a window, and holds its lease
    site.hire()
    campaign = site.draft(audience={"areas": [AREA]})
    site.launch(campaign)
    dead = wait_for(site.sender, seconds=60)
    held = site.truth.held_by(dead.pid)
    pid, began = dead.pid, time.perf_counter()
    dead.kill()
    wait_for(lambda: not held & site.truth.held_by(pid), seconds=LEASE + 60)
    return tell("push_resume_after_kill", time.perf_counter() - began - LEASE, 0, 5, "s")


@contextlib.contextmanager
def _house(ready: Bench) -> Iterator[House]:
    with ready.app.app_context():
        admin = engine().url.set(database="postgres").render_as_string(hide_password=False)
    url = create_database(admin, "campaigns")
    _prepare(url)
    try:
        with tempfile.TemporaryDirectory() as folder:
            wide = {"workers": 1, "phones": PHONES, "settings": UNLIMITED}
            with CampaignSite(Path(folder), url, **wide) as site:
                _rested(site.crew[0])
                yield House(site, ready.api.database)
    finally:
        drop_database(admin, "campaigns")


def _beside_the_quarter() -> None:
    """Wait until no campaign waits because everybody begins at a quarter of the hour."""
    soon = [timedelta(), timedelta(seconds=20)]
    wait_for(lambda: not any(beside_the_quarter(datetime.now(UTC) + s) for s in soon), seconds=120)


def _restart(site: CampaignSite, **settings: str) -> Process:
    """Another worker in the place of all, under other settings."""
    for worker in site.crew:
        worker.kill()
    site.crew.clear()
    site.settings = {**site.settings, **UNLIMITED, **settings}
    worker = site.hire()
    _rested(worker)
    return worker


def _rested(worker: Process) -> None:
    """Return when it has started."""
    wait_for(lambda: f":{worker.pid}:" in worker.log.read_text("utf-8"), seconds=60)


@contextlib.contextmanager
def _watched(worker: Process) -> Iterator[list[int]]:
    """Bytes resident of a process, twenty times a second until the block ends."""
    seen: list[int] = []
    ended = threading.Event()

    def look() -> None:
        while not ended.wait(0.05):
            seen.append(psutil.Process(worker.pid).memory_info().rss)

    watch = threading.Thread(target=look)
    watch.start()
    try:
        yield seen
    finally:
        ended.set()
        watch.join()
