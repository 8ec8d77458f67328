"""What tests of the engine do alike: phones, an approved campaign, its jobs, and what it left."""

import uuid
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from flask import Flask
from sqlalchemy import update
from sqlalchemy.orm import Session

from smartcity.campaigns import scheduling, shards, sums
from smartcity.campaigns.approval import fingerprint
from smartcity.campaigns.models import Campaign, Outcome, Shard, State
from smartcity.core import clock
from smartcity.core.db import reading, transaction
from smartcity.core.ids import new_id
from smartcity.identity.permissions import Principal, Role
from smartcity.jobs.models import JobRow
from smartcity.jobs.perform import perform
from smartcity.push.models import Device, DeviceChoice
from smartcity.sandbox.fcm import Fcm
from tests.helpers import rows, take, work
from tests.push.phones import add_phones, phone

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
TEXT = {"title": "Cảnh báo ngập", "body": "Nước lên nhanh ở phường Tân Hưng."}
LEADER = Principal(Role.IOC_LEAD, "lead")
CHANGED = {"title": "Đính chính", "body": "Nước đã rút."}


def phones(app: Flask, *made: dict[str, Any], many: int = 0, **chosen: Any) -> None:
    """Phones of the sandbox; `many` ordinary ones after them."""
    first = max((one["number"] for one in made), default=0) + 1
    with app.app_context(), transaction() as session:
        more = [phone(n) for n in range(first, first + many)]
        add_phones(session, [*made, *more], **chosen)


def approved(app: Flask, **other: Any) -> uuid.UUID:
    """A campaign that two people let go, and its launch job."""
    values: dict[str, Any] = {
        "id": new_id(),
        "name": "Ngập",
        "folded": "ngap",
        "category": "warnings",
        "content": {"vi": TEXT, "en": TEXT},
        "link": "/news/1",
        "tag": "flood-1",
        "audience": {},
        "spread": 0,
        "canary": 0,
        "ramp": 0,
        "resend": False,
        "state": State.SCHEDULED,
        "version": 3,
        "made_by": "officer:a",
        "made_at": clock.now(),
        "emergency": False,
    }
    with app.app_context(), transaction() as session:
        campaign = Campaign(**{**values, **other})
        campaign.approved_hash = fingerprint(campaign)
        session.add(campaign)
        session.flush()
        scheduling.launch(session, campaign)
    return campaign.id


def run(app: Flask, campaign: uuid.UUID) -> Campaign:
    """Do the jobs that are due; the campaign as it then stands."""
    work(app, scheduling.queue(campaign))
    return stand(app, campaign)


def run_launch(app: Flask, campaign: uuid.UUID) -> None:
    """Do the launch alone, nothing of what it enqueues."""
    with app.app_context():
        for lease in take(scheduling.queue(campaign)):
            perform(lease)


def switch_off(session: Session, number: int, category: str) -> None:
    """A phone wants no more of a category."""
    session.add(DeviceChoice(name=category, device=number, wanted=False))


def mended(app: Flask, number: int) -> None:
    """A phone registered anew, with a good address."""
    with app.app_context(), transaction() as session:
        values = {"value": f"mended-{number}", "quarantined_at": None}
        session.execute(update(Device).where(Device.number == number).values(values))


def hasten(app: Flask, campaign: uuid.UUID) -> None:
    """Let what waits be due: ramp, passes and brakes' ends are times of the database's clock."""
    with app.app_context(), transaction() as session:
        due = update(JobRow).where(JobRow.queue == scheduling.queue(campaign))
        session.execute(due.values(run_at=LONG_AGO))


def stand(app: Flask, campaign: uuid.UUID) -> Campaign:
    """A campaign, the sums of which hold."""
    with app.app_context(), reading() as session:
        found = session.get_one(Campaign, campaign)
        assert not found.frozen_at or sums.wrong(session, campaign) is None
    return found


def outcomes(app: Flask, campaign: uuid.UUID) -> dict[int, Outcome]:
    """What became of each device, by its number."""
    found: dict[int, Outcome] = {}
    for shard in rows(app, Shard, Shard.campaign_id == campaign):
        found |= dict(zip(shards.numbers(shard.devices), map(Outcome, shard.outcomes), strict=True))
    return found


def tally(app: Flask, campaign: uuid.UUID) -> Counter[Outcome]:
    """How many had each outcome."""
    return Counter(outcomes(app, campaign).values())


def arrivals(fcm: Fcm) -> dict[str, list[int]]:
    """How often each message reached each address."""
    lines = fcm.app.test_client().get("/arrivals").text.splitlines()
    found: dict[str, list[int]] = {}
    for address, _mid, times in (line.split("\t") for line in lines):
        found.setdefault(address, []).append(int(times))
    return found


def shown(fcm: Fcm, address: str) -> list[dict[str, Any]]:
    """What a phone shows."""
    found = fcm.app.test_client().get("/journal", query_string={"address": address}).json
    return list(found["shown"])


def suffer(fcm: Fcm, **fault: Any) -> None:
    """Begin a fault of the sandbox."""
    answer = fcm.app.test_client().put("/faults", json=fault)
    assert answer.status_code == 200, answer.text


def mend(fcm: Fcm) -> None:
    """End the fault."""
    fcm.app.test_client().delete("/faults")


def named(patterns: Iterable[tuple[int, str]]) -> list[dict[str, Any]]:
    """Phones whose addresses carry a word for the sandbox."""
    return [phone(number, value=f"{word}-{number}") for number, word in patterns]
