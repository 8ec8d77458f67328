"""Sealing: everything that is committed, once, in one order, whoever seals and whoever dies."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from smartcity.audit import chain, jobs, service
from smartcity.audit.chain import ENTRIES
from smartcity.audit.models import AuditEntry, AuditSeal
from smartcity.core import clock
from smartcity.core.db import engine, reading, transaction
from smartcity.jobs.schedule import Schedule
from tests.audit.chains import SOMETHING, deeds, fill, present_head, sealed_deeds, wrong
from tests.conftest import MakeApp
from tests.helpers import at_once, count, rows, until, work


def test_each_entry_gets_the_next_position(in_app: Flask) -> None:
    jobs.seal()
    assert present_head() == chain.NOTHING
    sealed_deeds(3)
    sealed_deeds(2)
    seals = rows(in_app, AuditSeal)
    assert [seal.position for seal in seals] == [1, 2, 3, 4, 5]
    assert [seal.number for seal in seals] == [e.number for e in rows(in_app, AuditEntry)]
    assert present_head() == chain.Anchor(5, seals[-1].mac)
    jobs.seal()
    assert present_head().position == 5
    assert wrong() == []


def test_the_worker_seals(in_app: Flask) -> None:
    deeds(3)
    Schedule().tick()
    work(in_app, "periodic")
    assert count(in_app, AuditSeal) >= 3
    assert wrong() == []


def test_an_entry_reads_the_same_on_every_database(in_app: Flask) -> None:
    at = datetime(2026, 11, 22, 1, 2, 3, 40, tzinfo=UTC)
    told = {"share": 0.1, "large": 1e22, "whole": 1.0, "words": "Ổ gà 😀\u2028", "none": None}
    with clock.frozen(at), transaction() as session:
        subject = ("thing", SOMETHING)
        service.record(
            session, "officer:1", "thing.mend", subject, after={"b": 1, "a": [2]}, **told
        )
    with reading() as session:
        entry = session.execute(select(ENTRIES)).one()._asdict()
    assert chain.canonical({**entry, "number": 7}) == (
        '{"action":"thing.mend","actor":"officer:1","after":{"a":[2],"b":1},'
        '"at":"2026-11-22T01:02:03.000040+00:00",'
        '"detail":{"large":1e+22,"none":null,"share":0.1,"whole":1.0,'
        '"words":"\\u1ed4 g\\u00e0 \\ud83d\\ude00\\u2028"},'
        '"number":7,"subject_id":"0198c0de4a6e7c3f9d0f6f1b2a3c4d5e","subject_kind":"thing"}'
    )


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_smaller_number_that_commits_later_is_not_lost(in_app: Flask) -> None:
    with Session(engine()) as slow, slow.begin():
        service.record(slow, "officer:1", "thing.slow", ("thing", None))
        deeds(2)
        jobs.seal()
        assert [seal.number for seal in rows(in_app, AuditSeal)] == [2, 3]
    jobs.seal()
    assert [seal.number for seal in rows(in_app, AuditSeal)] == [2, 3, 1]
    assert wrong() == []


def test_an_entry_far_too_late_is_told_and_waits_for_a_person(in_app: Flask) -> None:
    early, late = 5, chain.LOOK_BACK + 7
    with transaction() as session:
        session.add_all([entry(late), entry(late + 1)])
    jobs.seal()
    with transaction() as session:
        session.add(entry(early))
    jobs.seal()
    assert [seal.number for seal in rows(in_app, AuditSeal)] == [late, late + 1]
    assert wrong() == [("unsealed", None, early)]
    with transaction() as session:
        chain.seal_next(session, 0)
    assert wrong() == []


def entry(number: int) -> AuditEntry:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    return AuditEntry(
        number=number, at=at, actor="officer:1", action="x", subject_kind="thing", detail={}
    )


def test_sealers_at_once_make_one_chain(in_app: Flask) -> None:
    fill(3 * chain.BATCH + 1)

    def seal() -> None:
        with in_app.app_context():
            jobs.seal()

    at_once(*[seal] * 4)
    assert present_head().position == count(in_app, AuditSeal) == 3 * chain.BATCH + 1
    assert wrong() == []


def test_a_sealer_that_is_killed_is_gone_on_after(in_app: Flask, database_url: str) -> None:
    many = 8_000
    fill(many)
    command = [sys.executable, "-m", "smartcity.cli", "audit", "seal"]
    env = {**os.environ, "SMARTCITY_DATABASE_URL": database_url}
    with subprocess.Popen(command, env=env, stderr=subprocess.DEVNULL) as sealing:
        until(lambda: present_head().position, 60)
        sealing.kill()
    with reading() as session:
        done = session.scalars(select(func.count()).select_from(AuditSeal)).one()
    assert 0 < done <= many
    assert done % chain.BATCH == 0, "half a batch was kept"
    jobs.seal()
    assert present_head().position == many + 1  # the command's own deed
    assert wrong() == []


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_deed_waits_for_no_sealer(in_app: Flask) -> None:
    deeds(2)
    with Session(engine()) as sealing, sealing.begin():
        chain.seal_next(sealing, 0)
        deeds(1)
        assert count(in_app, AuditEntry) == 3


def test_a_number_out_of_the_way_stops_nobody(in_app: Flask) -> None:
    sealed_deeds(3)
    with transaction() as session:
        session.add(entry(2**62))
    jobs.seal()
    with transaction() as session:
        session.add(entry(4))
    jobs.seal()
    assert [seal.number for seal in rows(in_app, AuditSeal)] == [1, 2, 3, 2**62, 4]
    assert wrong() == []


def test_the_head_is_told(make_app: MakeApp, capfd: pytest.CaptureFixture[str]) -> None:
    with make_app(log_level="INFO").app_context():
        sealed_deeds(2)
        jobs.tell_head()
        (line,) = [line for line in capfd.readouterr().err.splitlines() if "audit.head" in line]
        told = json.loads(line)
        assert chain.Anchor(told["position"], told["mac"]) == present_head()
