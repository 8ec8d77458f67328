"""A code travels by SMS or Zalo: in order, by the other when one fails, sealed tokens renewed."""

import json
from datetime import timedelta

import pytest
import urllib3

from smartcity.core import clock
from smartcity.core.db import transaction
from smartcity.identity import zns_tokens
from smartcity.identity.jobs import renew_zns
from smartcity.identity.models import ZnsToken
from smartcity.jobs.models import JobRow, QueueRow, State
from smartcity.sandbox.zns import LIFETIME, Zns
from tests.helpers import rows, work
from tests.identity.conftest import PHONE, UNLIMITED

OTP = "/api/v1/auth/otp"


@pytest.fixture
def zalo():
    with Zns("app-1", "the-secret", "template-1", "first-refresh") as server:
        yield server


@pytest.fixture
def make_phone_app(make_app, gateway, zalo):
    """An application whose codes go by these channels, Zalo's first token put in and renewed."""

    def make(*channels, **other):
        app = make_app(
            sms_url=gateway.url,
            sms_key="the-key",
            otp_channels=channels,
            zns_url=zalo.url,
            zns_oauth_url=zalo.url,
            zns_app_id="app-1",
            zns_secret="the-secret",
            zns_template="template-1",
            **{**UNLIMITED, "otp_unnamed": 999, "otp_block": 999, **other},
        )
        with app.app_context():
            with transaction() as session:
                zns_tokens.put(session, "first-refresh")
            renew_zns()
        return app

    return make


def asked(app, phone=PHONE):
    answer = app.test_client().post(OTP, json={"phone": phone})
    assert answer.status_code == 202, answer.json
    work(app, "sms")
    return answer.json["challenge_id"]


def received(server):
    return urllib3.request("GET", f"{server.url}/messages").json()


def dead(app):
    return rows(app, JobRow, JobRow.state == State.DEAD)


def break_(server, **fault):
    assert urllib3.request("PUT", f"{server.url}/faults", json=fault).status == 200


def test_a_code_by_zalo_signs_in(make_phone_app, zalo, gateway):
    app = make_phone_app("zns", "sms")
    challenge = asked(app)
    [message] = received(zalo)
    assert (message["phone"], message["tracking_id"]) == (PHONE, challenge)
    assert received(gateway) == []
    body = {"challenge_id": challenge, "code": message["code"]}
    assert app.test_client().post("/api/v1/auth/tokens", json=body).status_code == 200


def test_who_has_no_zalo_gets_an_sms_at_once(make_phone_app, zalo, gateway):
    zalo.without.add(PHONE[1:])
    asked(make_phone_app("zns", "sms"))
    assert received(zalo) == []
    assert [message["phone"] for message in received(gateway)] == [PHONE]


def test_who_asks_again_gets_it_the_other_way(make_phone_app, zalo, gateway):
    app = make_phone_app("sms", "zns")
    for _ in range(3):
        asked(app)
    assert (len(received(gateway)), len(received(zalo))) == (2, 1)
    with clock.frozen(clock.now() + timedelta(minutes=11)):
        asked(app)
    assert len(received(gateway)) == 3


def test_a_gateway_that_is_down_leaves_zalo_working(make_phone_app, zalo, gateway):
    app = make_phone_app("sms", "zns")
    break_(gateway, status=401)
    asked(app)
    asked(app, "+84987654321")
    assert len(received(zalo)) == 2
    assert rows(app, QueueRow, QueueRow.name == "sms", QueueRow.opened_at.is_not(None)) == []


def test_when_none_takes_it_the_code_waits_and_nothing_is_lost(make_phone_app, zalo, gateway):
    app = make_phone_app("sms", "zns")
    break_(gateway, status=503)
    break_(zalo, status=503)
    asked(app)
    assert (received(gateway), received(zalo), dead(app)) == ([], [], [])


def test_a_token_that_is_refused_is_renewed_and_codes_go_by_sms_meanwhile(
    make_phone_app, zalo, gateway
):
    app = make_phone_app("zns", "sms")
    urllib3.request("DELETE", f"{zalo.url}/tokens")
    asked(app)
    assert (len(received(zalo)), len(received(gateway))) == (0, 1)
    with app.app_context():
        renew_zns()
    asked(app, "+84987654321")
    assert len(received(zalo)) == 1


def test_tokens_lie_sealed_and_are_renewed_before_they_end(make_phone_app, zalo):
    app = make_phone_app("zns")
    [row] = rows(app, ZnsToken)
    assert "first-refresh" not in str(vars(row))
    with app.app_context():
        renew_zns()
        assert rows(app, ZnsToken)[0].access_sealed == row.access_sealed  # not yet
        with clock.frozen(clock.now() + timedelta(seconds=LIFETIME - 600)):
            renew_zns()
            assert rows(app, ZnsToken)[0].access_sealed != row.access_sealed
            assert "zns_token_seconds 90000.0" in app.test_client().get("/metrics").text


def test_a_wrong_first_token_is_told_and_codes_go_by_sms(make_phone_app, zalo, gateway, caplog):
    app = make_phone_app("zns", "sms")
    with app.app_context():
        with transaction() as session:
            zns_tokens.put(session, "spent-already")
        renew_zns()
    asked(app)
    assert (len(received(zalo)), len(received(gateway))) == (0, 1)


def test_zalo_first_takes_from_the_days_sms_only_when_it_fails(make_phone_app, zalo, gateway):
    app = make_phone_app("zns", "sms", sms_daily_budget=1)
    for n in range(2):
        asked(app, f"+8498765432{n}")
    zalo.without |= {"84987654323", "84987654324"}
    asked(app, "+84987654323")
    asked(app, "+84987654324")
    assert (len(received(zalo)), len(received(gateway))) == (2, 1)
    [letter] = dead(app)
    assert "the day's SMS are spent" in letter.last_error


def test_zalo_that_is_down_delays_one_code_not_all(make_phone_app, zalo, gateway):
    app = make_phone_app("zns", "sms", breaker_probe_every=3600)
    break_(zalo, status=503)
    asked(app)
    assert urllib3.request("DELETE", f"{zalo.url}/faults").status == 204
    asked(app, "+84987654321")
    assert (len(received(zalo)), len(received(gateway))) == (0, 2)


def test_when_the_days_sms_are_spent_zalo_still_carries(make_phone_app, zalo, gateway):
    app = make_phone_app("sms", "zns", sms_daily_budget=1)
    for phone in (PHONE, "+84987654321"):
        asked(app, phone)
    assert (len(received(gateway)), len(received(zalo))) == (1, 1)
    assert "otp_sms_today 1.0" in app.test_client().get("/metrics").text


def test_four_fifths_and_the_end_of_the_days_sms_are_told_once(capsys, make_phone_app):
    app = make_phone_app("sms", sms_daily_budget=5)
    for n in range(5):
        asked(app, f"+8498765432{n}")
    lines = map(json.loads, capsys.readouterr().err.splitlines())
    told = [line["used"] for line in lines if line["event"] == "otp.sms_budget"]
    assert told == [4, 5]
