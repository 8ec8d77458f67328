"""Guessing at an officer's account: bounded, and no way to lock its owner out."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta

import pytest

from smartcity.audit.models import AuditEntry
from smartcity.core import clock
from smartcity.core.db import transaction
from smartcity.core.errors import TooMany
from smartcity.core.quota import Quota
from smartcity.identity import lockout
from tests.helpers import rows
from tests.identity.officers import ELSEWHERE, HOME, ME, bearer, made, sign_in

NOON = datetime(2026, 3, 26, 5, 0, tzinfo=UTC)
WRONG = "not the password"


@pytest.fixture
def app(make_app):
    return make_app(password_limit_address="100000 per hour")


@pytest.fixture
def account(app):
    return made(app)


@pytest.fixture(autouse=True)
def noon():
    """One window of the counts for all of a test."""
    with clock.frozen(NOON):
        yield


def guesses(client, times, address=HOME, username="thuy.linh", **more):
    return [sign_in(client, username, WRONG, address, **more).status_code for _ in range(times)]


def knocks(app, number, address=None, token=None):
    """Count guesses without judging them, each of another network unless one is named."""
    with app.app_context():
        for at in range(number):
            who = lockout.Knock("thuy.linh", token, address or f"10.{at}.0.1")
            with transaction() as session:
                lockout.take(session, who)


def test_a_thousand_guesses_at_once_are_ten(app, account):
    with ThreadPoolExecutor(12) as threads:
        answers = list(threads.map(lambda _: guesses(app.test_client(), 1)[0], range(1000)))
    assert answers.count(401) == 10
    assert set(answers) <= {401, 429, 503}
    assert [entry.action for entry in rows(app, AuditEntry)].count("sign_in_failed") == 10


def test_one_network_locks_itself_out_only(client, account):
    device = sign_in(client).json["device_token"]
    assert guesses(client, 11) == [401] * 10 + [429]
    locked = sign_in(client)
    assert locked.status_code == 429
    assert 0 < int(locked.headers["Retry-After"]) <= 900
    assert sign_in(client, address="203.0.113.200").status_code == 429  # the same /24
    assert sign_in(client, device_token=device).status_code == 200
    assert sign_in(client, address=ELSEWHERE).status_code == 200
    with clock.frozen(NOON + timedelta(minutes=15)):
        assert sign_in(client).status_code == 200


def test_many_networks_lock_unknown_devices_out_and_no_known_one(app, client, account):
    device = sign_in(client).json["device_token"]
    knocks(app, 100)
    assert sign_in(client, address=ELSEWHERE).status_code == 429
    assert sign_in(client, device_token=device).status_code == 200
    with clock.frozen(NOON + timedelta(hours=1)):
        assert sign_in(client, address=ELSEWHERE).status_code == 200


def test_a_known_device_has_ten_guesses_of_its_own(client, account):
    device = sign_in(client).json["device_token"]
    assert guesses(client, 11, device_token=device) == [401] * 10 + [429]
    assert sign_in(client).status_code == 200


def test_a_token_is_of_one_account_and_ours(app, client, account):
    made(app, "minh.anh")
    others = sign_in(client, "minh.anh").json["device_token"]
    guesses(client, 10)
    for token in (others, f"{others}x", "x", "WyJ0aHV5LmxpbmgiLCJ4Il0.x"):
        assert sign_in(client, device_token=token).status_code == 429


def test_a_token_stays_the_same(client, account):
    first = sign_in(client).json["device_token"]
    assert sign_in(client, device_token=first).json["device_token"] == first
    assert sign_in(client).json["device_token"] != first


def test_a_name_that_nobody_has_is_locked_alike(client, account):
    assert guesses(client, 11, username="nobody") == guesses(client, 11)


def test_what_is_right_is_not_counted(client, account):
    guesses(client, 9)
    assert [sign_in(client).status_code for _ in range(12)] == [200] * 12
    assert guesses(client, 2) == [401, 429]


@pytest.mark.parametrize(
    ("one", "other", "together"),
    [
        ("203.0.113.7", "203.0.113.250", True),
        ("203.0.113.7", "203.0.114.7", False),
        ("2001:db8:1::1", "2001:db8:1:ffff::9", True),
        ("2001:db8:1::1", "2001:db8:2::1", False),
        ("unknown", "unknown", True),
    ],
)
def test_networks(app, one, other, together):
    knocks(app, 10, one)
    with pytest.raises(TooMany) if together else nullcontext():
        knocks(app, 1, other)


def test_a_stolen_session_guesses_the_password_ten_times(client, account):
    me = bearer(sign_in(client))
    asked = {"current": WRONG, "new": "con trâu đi trước cái cày"}
    statuses = [client.put(f"{ME}/password", json=asked, headers=me).status_code for _ in range(11)]
    assert statuses == [422] * 10 + [429]
    assert sign_in(client).status_code == 200


def test_failures_are_audited_as_far_as_they_were_judged(app, client, account):
    guesses(client, 12)
    entries = [entry for entry in rows(app, AuditEntry) if entry.action == "sign_in_failed"]
    assert len(entries) == 10
    assert {(e.subject_id, e.actor, e.address) for e in entries} == {
        (account, f"officer:{account}", HOME)
    }
    assert WRONG not in str([entry.detail for entry in entries])


def test_guesses_at_names_that_nobody_has_do_not_flood_the_record(app, client):
    for number in range(61):
        assert guesses(client, 1, username=f"nobody-{number}") == [401]
    entries = [entry for entry in rows(app, AuditEntry) if entry.action == "sign_in_failed"]
    assert len(entries) == 60
    assert {(entry.actor, entry.subject_id) for entry in entries} == {("anyone:", None)}
    assert "nobody" not in str([entry.detail for entry in entries])


def test_lanes_tell_nobodys_name(app, client, account):
    guesses(client, 1)
    assert all("linh" not in row.name and HOME not in row.name for row in rows(app, Quota))
