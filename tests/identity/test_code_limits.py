"""Limits on asking for codes: each dimension alone, one answer for all, and without Redis."""

import statistics
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest

from smartcity.core.quota import Quota
from smartcity.identity.models import OtpChallenge
from tests.helpers import citizen, count, rows, statements
from tests.identity.conftest import PHONE, UNLIMITED

OTP = "/api/v1/auth/otp"
WIDE = {**UNLIMITED, "otp_device": 9_999, "otp_network": 9_999, "otp_block": 9_999}
SPREAD = [f"+8491{n:05}23" for n in range(40)]  # no two of one hundred


def ask(app, phone, *, device=None, address="203.0.113.7"):
    body = {"phone": phone} | ({"installation_id": str(device)} if device else {})
    origin = {"REMOTE_ADDR": address}
    return app.test_client().post(OTP, json=body, environ_overrides=origin)


def test_one_installation_gets_so_many(make_app):
    app, device = make_app(**{**WIDE, "otp_device": 3}), uuid.uuid4()
    answers = [ask(app, phone, device=device).status_code for phone in SPREAD[:4]]
    assert answers == [202, 202, 202, 429]
    assert ask(app, SPREAD[5], device=uuid.uuid4()).status_code == 202


def test_one_network_gets_so_many_whatever_it_names(make_app):
    app = make_app(**{**WIDE, "otp_network": 3})
    answers = [
        ask(app, phone, device=uuid.uuid4(), address=f"203.0.113.{n}").status_code
        for n, phone in enumerate(SPREAD[:4])
    ]
    assert answers == [202, 202, 202, 429]
    assert ask(app, SPREAD[5], device=uuid.uuid4(), address="203.0.114.1").status_code == 202
    six = [
        ask(app, phone, device=uuid.uuid4(), address=f"2001:db8:1:{n}::1").status_code
        for n, phone in enumerate(SPREAD[10:14])
    ]
    assert six == [202, 202, 202, 429]
    elsewhere = ask(app, SPREAD[14], device=uuid.uuid4(), address="2001:db8:2::1")
    assert elsewhere.status_code == 202


def test_who_names_no_installation_shares_a_few(make_app):
    app = make_app(**{**WIDE, "otp_unnamed": 2})
    assert [ask(app, phone).status_code for phone in SPREAD[:3]] == [202, 202, 429]
    assert ask(app, SPREAD[4], device=uuid.uuid4()).status_code == 202


def test_a_row_of_numbers_is_somebodys_business(make_app):
    app = make_app(**{**WIDE, "otp_block": 4})
    row = [f"+8491234567{n}" for n in range(6)]
    answers = [
        ask(app, phone, device=uuid.uuid4(), address=f"198.51.{n}.1").status_code
        for n, phone in enumerate(row)
    ]
    assert answers == [202] * 4 + [429] * 2
    assert ask(app, SPREAD[0], device=uuid.uuid4()).status_code == 202


def test_one_answer_for_every_limit_and_nothing_used_up(make_app):
    app, device = make_app(**{**WIDE, "otp_device": 1, "otp_block": 1}), uuid.uuid4()
    assert ask(app, SPREAD[0], device=device).status_code == 202
    before = {row.name: row.used for row in rows(app, Quota)}
    by_device = ask(app, SPREAD[1], device=device)
    by_block = ask(app, SPREAD[0][:-2] + "99", device=uuid.uuid4())
    told = [{**answer.json, "detail": ""} for answer in (by_device, by_block)]
    assert told[0] == told[1]
    assert (by_device.status_code, by_block.status_code) == (429, 429)
    assert {row.name: row.used for row in rows(app, Quota)} == before
    assert count(app, OtpChallenge) == 1


def test_no_name_of_a_limit_tells_a_number_or_address(make_app):
    app, device = make_app(**WIDE), uuid.uuid4()
    ask(app, PHONE, device=device)
    told = " ".join(row.name for row in rows(app, Quota)) + str(vars(rows(app, OtpChallenge)[0]))
    for secret in (PHONE[3:], PHONE[3:-2], "203.0.113", device.hex, str(device)):
        assert secret not in told


def test_the_days_messages_end_and_nobody_gets_one_more(make_app):
    app = make_app(**WIDE, sms_daily_budget=8)
    with ThreadPoolExecutor(12) as threads:
        answers = list(threads.map(lambda phone: ask(app, phone), SPREAD[:12]))
    assert sorted(answer.status_code for answer in answers) == [202] * 8 + [503] * 4
    refused = next(answer for answer in answers if answer.status_code == 503)
    assert refused.json["type"] == "urn:problem:identity.codes_exhausted"
    assert refused.headers["Retry-After"]
    assert count(app, OtpChallenge) == 8
    scraped = app.test_client().get("/metrics").text
    assert "otp_sms_today 8.0" in scraped
    assert "otp_sms_budget 8.0" in scraped


def test_limits_hold_without_redis(make_app):
    away = "redis://127.0.0.1:9/0"  # nobody listens there
    app = make_app(**{**WIDE, "otp_block": 2, "otp_hourly": 1, "redis_url": away})
    assert ask(app, SPREAD[0]).status_code == 202
    assert ask(app, SPREAD[0]).status_code == 429
    row = [f"+8491234567{n}" for n in range(4)]
    assert [ask(app, phone).status_code for phone in row] == [202, 202, 429, 429]


def test_a_known_number_is_told_by_nothing(make_app, gateway):
    """Not by the body, its length, the statements, nor (by medians, interleaved) by the time."""
    app = make_app(**WIDE, sms_url=gateway.url, sms_key="the-key", otp_unnamed=9_999)
    known = SPREAD[:20]
    for phone in known:
        citizen(app, phone)
    ask(app, "+84987650000")
    seen, bodies, times = [], [], {True: [], False: []}
    for mine, stranger in zip(known, SPREAD[20:], strict=True):
        for phone in (mine, stranger):
            with statements(app) as made:
                began = time.perf_counter()
                answer = ask(app, phone)
                times[phone in known].append(time.perf_counter() - began)
            seen.append(tuple(made))
            bodies.append((answer.status_code, len(answer.data), *answer.json))
    assert len(set(seen)) == 1
    assert len(set(bodies)) == 1
    known_time, unknown_time = (statistics.median(times[which]) for which in (True, False))
    assert 0.5 < known_time / unknown_time < 2


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("written", ["none", 1, "0198c0de"])
def test_an_installation_is_named_by_a_uuid(client, written):
    answer = client.post(OTP, json={"phone": PHONE, "installation_id": written})
    assert (answer.status_code, set(answer.json["errors"])) == (422, {"installation_id"})
