"""Values at rest: sealed, bound to their purpose, readable across a change of keys."""

import os
import uuid
from datetime import timedelta

import pytest

from smartcity.core import clock, envelope, vault
from smartcity.core.db import reading, transaction

ONE, TWO = (f"{name}:{envelope.to_text(os.urandom(32))}" for name in ("one", "two"))


def test_a_value_is_opened_by_its_key_for_its_purpose_only(make_app):
    with make_app(data_keys=(ONE,)).app_context():
        sealed = envelope.seal("phone", "+84912345678")
        assert sealed != envelope.seal("phone", "+84912345678")
        assert "912345678" not in sealed
        assert envelope.unseal("phone", sealed) == "+84912345678"
        assert envelope.unseal("name", sealed) is None
        body = sealed.removeprefix("one.")
        for broken in (f"two.{body}", f"one.{body[:-4]}AAAA", f"one.{body[:9]}", "one.", "", "é.é"):
            assert envelope.unseal("phone", broken) is None, broken


def test_keys_rotate(make_app):
    with make_app(data_keys=(ONE,)).app_context():
        old = envelope.seal("phone", "x")
    with make_app(data_keys=(TWO, ONE)).app_context():
        assert envelope.unseal("phone", old) == "x"
        assert envelope.seal("phone", "x").startswith("two.")
    with make_app(data_keys=(TWO,)).app_context():
        assert envelope.unseal("phone", old) is None


def test_the_index_depends_on_its_key_and_purpose(make_app):
    with make_app(lookup_key="a" * 32).app_context():
        index = envelope.blind("phone", "+84912345678")
        assert index == envelope.blind("phone", "+84912345678")
        assert len(index) == 43
        assert index != envelope.blind("network", "+84912345678")
    with make_app(lookup_key="b" * 32).app_context():
        assert index != envelope.blind("phone", "+84912345678")


def test_with_the_persons_key_goes_all_that_it_sealed(in_app):
    person, other = uuid.uuid4(), uuid.uuid4()
    with transaction() as session:
        vault.give_key(session, person)
        vault.give_key(session, other)
        sealed = vault.protect(session, person, "name", "Nguyễn Văn A")
        assert vault.reveal(session, person, "name", sealed) == "Nguyễn Văn A"
        assert vault.reveal(session, other, "name", sealed) is None
    with transaction() as session:
        vault.destroy_key(session, person)
    with reading() as session:
        assert vault.reveal(session, person, "name", sealed) is None
        assert vault.protect(session, person, "name", "x") is None


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_another_process_forgets_a_destroyed_key_within_a_minute(make_app):
    person, here, there = uuid.uuid4(), make_app(), make_app()
    with here.app_context(), transaction() as session:
        vault.give_key(session, person)
        sealed = vault.protect(session, person, "name", "x")
    with there.app_context(), reading() as session:
        assert vault.reveal(session, person, "name", sealed) == "x"
    with here.app_context(), transaction() as session:
        vault.destroy_key(session, person)
    later = clock.frozen(clock.now() + timedelta(seconds=61))
    with later, there.app_context(), reading() as session:
        assert vault.reveal(session, person, "name", sealed) is None
