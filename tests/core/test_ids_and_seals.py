"""Ids that sort by time, and signed texts that are good for one purpose."""

import time
from datetime import UTC, datetime, timedelta, timezone

import pytest
from flask import Flask

from smartcity.core import clock
from smartcity.core.ids import new_id
from smartcity.core.signing import decrypt, encrypt, mac, seal, unseal

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_ids_are_version_7_and_sort_by_time() -> None:
    before = time.time_ns() // 1_000_000
    first = new_id()
    while time.time_ns() // 1_000_000 <= first.int >> 80:
        pass
    second = new_id()
    assert first < second
    assert before <= first.int >> 80 <= second.int >> 80
    assert (first.version, first.variant) == (7, "specified in RFC 4122")
    assert len({new_id() for _ in range(10_000)}) == 10_000


@on_sqlite
def test_what_was_sealed_for_one_purpose_is_refused_for_another(in_app: Flask) -> None:
    sealed = seal("cursor:a", ["x", 1])
    assert unseal("cursor:a", sealed) == ["x", 1]
    for purpose, text in [
        ("cursor:b", sealed),
        ("cursor:a", sealed + "A"),
        ("cursor:a", "." + sealed),
        ("cursor:a", ""),
        ("cursor:a", "é"),
    ]:
        assert unseal(purpose, text) is None
    assert mac("a", "bc") != mac("ab", "c")


@on_sqlite
def test_what_was_encrypted_for_one_purpose_stays_shut_for_another(in_app: Flask) -> None:
    secret = encrypt("otp", "042917")
    assert "042917" not in secret
    assert encrypt("otp", "042917") != secret
    assert decrypt("otp", secret) == "042917"
    assert decrypt("totp", secret) is None
    assert decrypt("otp", secret[:-2] + "AA") is None


def test_a_frozen_clock_stands_still_in_utc() -> None:
    noon = datetime(2026, 3, 26, 12, tzinfo=timezone(timedelta(hours=7)))
    with clock.frozen(noon):
        assert clock.now() == noon
        assert clock.now().tzinfo is UTC
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)
