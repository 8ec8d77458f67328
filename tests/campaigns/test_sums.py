"""The minute's sum finds what is missing, and tells the operator."""

import uuid
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from smartcity.campaigns import sums
from smartcity.campaigns.models import Campaign, Count, Shard
from smartcity.core.db import transaction
from tests.campaigns import engine
from tests.campaigns.counted import Recipient, campaign
from tests.helpers import rows


def lost_count(session: Session) -> None:
    session.execute(update(Count).values(count=Count.count - 1))


def lost_shard(session: Session) -> None:
    session.execute(delete(Shard).where(Shard.number == 1))


def strange_byte(session: Session) -> None:
    session.execute(update(Shard).where(Shard.number == 1).values(outcomes=b"\x63"))


def short_shard(session: Session) -> None:
    session.execute(update(Shard).where(Shard.number == 1).values(outcomes=b""))


def checked(app: Flask, of: uuid.UUID) -> str | None:
    with app.app_context():
        sums.check_all()
    (found,) = rows(app, Campaign, Campaign.id == of)
    error: str | None = found.sum_error
    return error


def exported(app: Flask) -> str:
    lines = app.test_client().get("/metrics").text.splitlines()
    return next(line for line in lines if line.startswith("campaign_sum_errors "))


@pytest.mark.parametrize("harm", [lost_count, lost_shard, strange_byte, short_shard])
def test_whatever_is_missing_is_found(app: Flask, harm: Callable[[Session], None]) -> None:
    made = campaign(app, [Recipient(1), Recipient(2)], [Recipient(3)], window=0)
    assert checked(app, made) is None
    with app.app_context(), transaction() as session:
        harm(session)
    assert checked(app, made)
    assert exported(app) == "campaign_sum_errors 1.0"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_alarm_ends_when_the_sum_is_right_again(app: Flask) -> None:
    made = campaign(app, [Recipient(1)])
    with app.app_context(), transaction() as session:
        lost_count(session)
    assert "accepted" in (checked(app, made) or "")
    with app.app_context(), transaction() as session:
        session.execute(update(Count).values(count=1))
    assert checked(app, made) is None
    assert exported(app) == "campaign_sum_errors 0.0"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_two_alike_are_added_up(sending_app: Flask) -> None:
    engine.phones(sending_app, many=1200)
    made = engine.approved(sending_app)
    engine.run(sending_app, made)
    found = rows(sending_app, Count, Count.campaign_id == made)
    assert sum(row.count for row in found) == 1200
    assert {(row.platform, row.ward, row.outcome) for row in found} == {("android", "", "accepted")}
