"""Whoever changes the record behind the program's back is found out, and where."""

import re

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from smartcity.audit import chain, jobs, service
from smartcity.audit.chain import Anchor
from smartcity.audit.models import AuditEntry, AuditSeal
from smartcity.core import vault
from smartcity.core.db import engine, reading, transaction
from smartcity.identity import citizens
from smartcity.settings import ROOT
from tests.audit.chains import attack, deeds, present_head, sealed_deeds, wrong
from tests.conftest import MakeApp
from tests.helpers import rows

SWAP_ENTRIES = [
    "UPDATE audit_entries SET number = -4 WHERE number = 4",
    "UPDATE audit_entries SET number = 4 WHERE number = 5",
    "UPDATE audit_entries SET number = 5 WHERE number = -4",
]
SWAP_SEALS = [statement.replace("number", "position") for statement in SWAP_ENTRIES]
SWAP_SEALS = [statement.replace("audit_entries", "audit_seals") for statement in SWAP_SEALS]
FORGED = (
    "INSERT INTO audit_entries (number, at, actor, action, subject_kind, detail)"
    " SELECT {number}, at, actor, action, subject_kind, detail FROM audit_entries WHERE number = 4"
)
ATTACKS = {
    "a value altered": (
        ["UPDATE audit_entries SET actor = 'officer:2' WHERE number = 4"],
        [("altered", 4, 4)],
    ),
    "a detail altered": (
        ["""UPDATE audit_entries SET detail = '{"count": 3.0}' WHERE number = 4"""],
        [("altered", 4, 4)],
    ),
    "a value taken away": (
        ["UPDATE audit_entries SET subject_id = NULL WHERE number = 10"],
        [("altered", 10, 10)],
    ),
    "an entry removed": (
        ["DELETE FROM audit_entries WHERE number = 4"],
        [("removed", 4, 4)],
    ),
    "an entry and its seal removed": (
        [
            f"DELETE FROM {table} WHERE number IN (4, 5)"
            for table in ("audit_entries", "audit_seals")
        ],
        [("removed", 4, None)],
    ),
    "an entry and its seal removed, the gap closed": (
        [
            "DELETE FROM audit_entries WHERE number = 4",
            "DELETE FROM audit_seals WHERE number = 4",
            "UPDATE audit_seals SET position = -position",
            "UPDATE audit_seals SET position = -position - (number > 4)::int",
        ],
        [("altered", 4, 5)],
    ),
    "entries swapped": (SWAP_ENTRIES, [("altered", 4, 4), ("altered", 5, 5)]),
    "seals swapped": (
        SWAP_SEALS,
        [("reordered", 4, 5), ("reordered", 5, 4), ("reordered", 6, 6)],
    ),
    "a forged entry": (
        [FORGED.format(number=number) for number in (-(2**63), -1, 99, 2**63 - 1)],
        [("unsealed", None, number) for number in (-(2**63), -1, 99, 2**63 - 1)],
    ),
    "a forged entry and seal in the middle": (
        [
            FORGED.format(number=99),
            "UPDATE audit_seals SET position = -position",
            "UPDATE audit_seals SET position = -position + (number > 4)::int",
            "INSERT INTO audit_seals SELECT 5, 99, mac FROM audit_seals WHERE number = 3",
        ],
        [("altered", 5, 99), ("reordered", 6, 5)],
    ),
    "a forged entry and seal beside the chain": (
        [
            FORGED.format(number=99),
            "INSERT INTO audit_seals SELECT -3, 99, mac FROM audit_seals WHERE number = 3",
        ],
        [("altered", -3, 99)],
    ),
    "a forged entry and seal far ahead": (
        [
            FORGED.format(number=99),
            "INSERT INTO audit_seals SELECT 1000, 99, mac FROM audit_seals WHERE number = 3",
        ],
        [("removed", 11, None)],
    ),
    "all rewritten": (
        ["UPDATE audit_entries SET actor = 'officer:2'"],
        [("wrong key", 1, None)],
    ),
    "everything removed but the newest": (
        ["DELETE FROM audit_entries WHERE number < 9", "DELETE FROM audit_seals WHERE number < 9"],
        [("removed", 1, None)],
    ),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_is_told_and_where(in_app: Flask, name: str) -> None:
    statements, found = ATTACKS[name]
    if engine().dialect.name == "sqlite":
        statements = [statement.replace("::int", "") for statement in statements]
    sealed_deeds(10, text="Ổ gà")
    assert wrong() == []
    attack(*statements)
    assert wrong() == found


@pytest.mark.parametrize("table", ["audit_entries", "audit_seals"])
@pytest.mark.parametrize("change", ["UPDATE {} SET number = 7", "DELETE FROM {}"])
def test_the_record_only_grows(in_app: Flask, table: str, change: str) -> None:
    sealed_deeds(2)
    with pytest.raises(DBAPIError, match="append-only"), engine().begin() as connection:
        connection.execute(text(change.format(table)))
    assert wrong() == []


def test_a_cut_tail_is_found_by_an_anchor_only(in_app: Flask) -> None:
    sealed_deeds(6)
    anchor = present_head()
    sealed_deeds(4)
    later = present_head()
    attack(*(f"DELETE FROM {table} WHERE number > 4" for table in ("audit_entries", "audit_seals")))
    assert wrong() == []
    assert wrong(anchor=anchor) == [("cut", 4, None)]
    sealed_deeds(4)
    assert wrong(anchor=anchor) == [("rewritten", 6, None)]
    assert wrong(anchor=later) == [("cut", 8, None)]
    assert wrong(anchor=present_head()) == []


def test_seals_that_were_cut_off_come_again_the_same(in_app: Flask) -> None:
    sealed_deeds(10)
    anchor = present_head()
    attack("DELETE FROM audit_seals WHERE position > 4")
    assert wrong() == [("unsealed", None, number) for number in range(5, 11)]
    jobs.seal()
    assert present_head() == anchor
    assert wrong(anchor=anchor) == []


def test_verification_begins_at_an_anchor(in_app: Flask) -> None:
    sealed_deeds(6)
    anchor = present_head()
    sealed_deeds(4)
    attack("UPDATE audit_entries SET actor = 'officer:2' WHERE number IN (3, 8)")
    assert wrong(start=anchor) == [("altered", 8, 8)]
    assert wrong(start=Anchor(6, "A" * 43)) == [("altered", 7, 7), ("altered", 8, 8)]


def test_another_key_fits_nothing(make_app: MakeApp) -> None:
    with make_app().app_context():
        sealed_deeds(10)
    with make_app(lookup_key="another-one-that-is-quite-long-enough").app_context():
        assert wrong() == [("wrong key", 1, None)]


def test_the_chain_holds_when_a_person_is_erased(in_app: Flask) -> None:
    with transaction() as session:
        person = citizens.enrol(session, "+84912345678")
        subject = ("citizen", person)
        private = {"phone": "+84912345678"}
        service.record(session, f"citizen:{person}", "phone.change", subject, private=private)
        service.record(
            session, "officer:1", "phone.correct", subject, person=person, private=private
        )
    deeds(2)
    jobs.seal()
    entries = rows(in_app, AuditEntry)
    with reading() as session:
        shown = [service.private_part(session, entry) for entry in entries]
    assert shown == [private, private, None, None]
    with transaction() as session:
        vault.destroy_key(session, person)
        service.record(session, f"citizen:{person}", "late", subject, private=private)
    jobs.seal()
    assert wrong() == []
    with reading() as session:
        entries = rows(in_app, AuditEntry)
        assert [service.private_part(session, entry) for entry in entries] == [None] * 5
    assert [entry.private is None for entry in entries] == [False, False, True, True, True]
    assert len(rows(in_app, AuditSeal)) == 5


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.parametrize(
    "change", ["TRUNCATE audit_seals", "ALTER TABLE audit_entries DISABLE TRIGGER USER"]
)
def test_the_rights_that_the_guide_gives_suffice_and_no_more(in_app: Flask, change: str) -> None:
    guide = (ROOT / "docs" / "guides" / "operator.md").read_text("utf-8")
    grants = re.findall(r"^GRANT .+ TO smartcity;$", guide, re.M)
    with Session(engine()) as session:
        session.execute(text("CREATE ROLE smartcity"))  # gone with this transaction
        for grant in grants:
            session.execute(text(grant))
        session.execute(text("SET LOCAL ROLE smartcity"))
        service.record(session, "officer:1", "thing.mend", ("thing", None))
        chain.seal_next(session, 0)
        assert chain.head(session).position == 1
        with pytest.raises(DBAPIError, match=r"permission denied|must be owner"):
            session.execute(text(change))
