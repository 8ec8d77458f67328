"""Signing in by a one-time code."""

import re
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from sqlalchemy import func, select

from smartcity.core import clock
from smartcity.core.db import reading
from smartcity.identity.jobs import forget
from smartcity.identity.models import Citizen, OtpChallenge, SignedIn
from tests.identity.conftest import PHONE, UNLIMITED, send_messages

TOKENS = "/api/v1/auth/tokens"
OTP = "/api/v1/auth/otp"


def count(app, table):
    with app.app_context(), reading() as session:
        return session.scalar(select(func.count()).select_from(table))


def later(**time):
    return clock.frozen(clock.now() + timedelta(**time))


def other(code):
    return f"{(int(code) + 1) % 10**6:06}"


def redeem(client, challenge_id, code):
    return client.post(TOKENS, json={"challenge_id": challenge_id, "code": code})


def at_once(app, times, ask):
    """The statuses of many requests in as many threads."""
    with ThreadPoolExecutor(times) as threads:
        return list(threads.map(lambda n: ask(app.test_client(), n).status_code, range(times)))


def test_a_citizen_signs_in(client, challenged, code):
    answer = redeem(client, challenged(), code())
    assert answer.status_code == 200
    assert answer.json.keys() == {"access_token", "refresh_token", "token_type", "expires_in"}
    assert (answer.json["token_type"], answer.json["expires_in"]) == ("Bearer", 900)
    assert answer.headers["Cache-Control"] == "no-store"
    shown = {"Authorization": f"Bearer {answer.json['access_token']}"}
    account = client.get("/api/v1/me", headers=shown)
    assert (account.status_code, account.json["phone"]) == (200, PHONE)


def test_the_answer_tells_nothing_of_the_number(client, signed_in):
    signed_in()
    known = client.post(OTP, json={"phone": PHONE})
    unknown = client.post(OTP, json={"phone": "0987654321"})
    assert known.status_code == unknown.status_code == 202
    assert known.json.keys() == unknown.json.keys() == {"challenge_id", "expires_in"}
    assert known.json["expires_in"] == unknown.json["expires_in"] == 300


def test_every_writing_of_a_number_is_one_citizen(app, client, signed_in):
    ids = set()
    for written in ("0912345678", "84912345678", "+84 912 345 678"):
        shown = {"Authorization": f"Bearer {signed_in(written)['access_token']}"}
        ids.add(client.get("/api/v1/me", headers=shown).json["id"])
    assert len(ids) == count(app, Citizen) == 1


def test_the_message_fits_one_sms_and_goes_to_the_number(challenged, code, received):
    challenged("0912 345 678")
    digits = code()
    [message] = received()
    assert message["phone"] == PHONE
    assert re.fullmatch(r"\d{6}", digits)
    assert digits in message["text"]
    assert message["text"].isascii()
    assert len(message["text"]) <= 160


def test_the_code_is_stored_nowhere(app, challenged, code):
    challenged()
    with app.app_context(), reading() as session:
        row = session.scalars(select(OtpChallenge)).one()
    assert code() not in str(vars(row))


def test_a_code_that_is_late_is_not_sent(app, challenged, received):
    challenged()
    with later(seconds=300):
        send_messages(app)
    assert received() == []


def test_what_is_not_right_gets_one_answer(client, challenged, code):
    first, digits = challenged(), code()
    guessed = redeem(client, first, other(digits))
    with later(seconds=300):
        expired = redeem(client, first, digits)
    assert redeem(client, first, digits).status_code == 200
    spent = redeem(client, first, digits)
    unknown = redeem(client, str(uuid.uuid4()), digits)
    of_another = redeem(client, challenged("0987654321"), digits)
    assert guessed.status_code == 422
    assert guessed.json["errors"].keys() == {"code"}
    for answer in (expired, spent, unknown, of_another):
        assert (answer.status_code, answer.json) == (422, guessed.json)


def test_the_fifth_try_is_the_last(client, challenged, code):
    challenge_id = challenged()
    digits = code()
    for _ in range(4):
        assert redeem(client, challenge_id, other(digits)).status_code == 422
    assert redeem(client, challenge_id, digits).status_code == 200

    challenge_id = challenged()
    digits = code()
    for _ in range(5):
        assert redeem(client, challenge_id, other(digits)).status_code == 422
    assert redeem(client, challenge_id, digits).status_code == 422


def test_of_a_thousand_guesses_at_once_five_are_judged(app, challenged, code):
    challenge_id = challenged()
    wrong = other(code())

    def guess(_: int) -> int:
        return redeem(app.test_client(), challenge_id, wrong).status_code

    with ThreadPoolExecutor(32) as threads:
        statuses = list(threads.map(guess, range(1_000)))
    assert set(statuses) == {422}
    with app.app_context(), reading() as session:
        assert session.scalars(select(OtpChallenge.tries)).one() == 5
    assert redeem(app.test_client(), challenge_id, code()).status_code == 422


def test_a_code_is_spent_once_by_twenty_at_once(app, challenged, code):
    challenge_id = challenged()
    digits = code()
    statuses = at_once(app, 20, lambda client, _: redeem(client, challenge_id, digits))
    assert sorted(statuses) == [200] + [422] * 19
    assert count(app, SignedIn) == count(app, Citizen) == 1


def test_two_codes_of_a_new_number_at_once_make_one_citizen(app, challenged, code):
    asked = []
    for _ in range(8):
        asked.append((challenged(), code()))
    statuses = at_once(app, 8, lambda client, n: redeem(client, *asked[n]))
    assert statuses == [200] * 8
    assert (count(app, Citizen), count(app, SignedIn)) == (1, 8)


def test_a_number_gets_one_code_in_twenty_seconds(make_app):
    client = make_app().test_client()
    assert client.post(OTP, json={"phone": PHONE}).status_code == 202
    refused = client.post(OTP, json={"phone": "0912345678"})
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 21
    assert client.post(OTP, json={"phone": "0987654321"}).status_code == 202
    with later(seconds=21):
        assert client.post(OTP, json={"phone": PHONE}).status_code == 202


def test_a_number_gets_five_codes_an_hour(make_app):
    client = make_app().test_client()
    for minute in range(5):
        with later(minutes=minute):
            assert client.post(OTP, json={"phone": PHONE}).status_code == 202
    with later(minutes=6):
        refused = client.post(OTP, json={"phone": PHONE})
        assert refused.status_code == 429
        wait = int(refused.headers["Retry-After"])
        assert 53 * 60 < wait <= 54 * 60 + 1
    with later(minutes=6, seconds=wait):
        assert client.post(OTP, json={"phone": PHONE}).status_code == 202


def test_the_limit_of_a_number_holds_when_asked_at_once(make_app):
    app = make_app(**{**UNLIMITED, "otp_hourly": 5})
    statuses = at_once(app, 20, lambda client, _: client.post(OTP, json={"phone": PHONE}))
    assert sorted(statuses) == [202] * 5 + [429] * 15
    assert count(app, OtpChallenge) == 5


def test_an_address_is_limited(make_app):
    client = make_app(otp_limit_address="3 per hour").test_client()
    statuses = [client.post(OTP, json={"phone": f"091234567{n}"}).status_code for n in range(4)]
    assert statuses == [202, 202, 202, 429]


def test_requests_that_do_not_fit_name_their_field(app, client):
    bodies = [
        ({}, "phone"),
        ({"phone": "02253842123"}, "phone"),
        ({"phone": "+12025550100"}, "phone"),
        ({"phone": 84912345678}, "phone"),
        ({"phone": PHONE, "code": "1"}, "code"),
        ({"phone": "0" * 60_000}, "phone"),
    ]
    for body, field in bodies:
        answer = client.post(OTP, json=body)
        assert (answer.status_code, set(answer.json["errors"])) == (422, {field})
    assert count(app, OtpChallenge) == 0


def test_what_cannot_be_a_code_names_its_field(client, challenged):
    challenge_id = challenged()
    for code in (" ", "1234567", 123456, None, "１２３４５６", "12345\x00"):
        answer = redeem(client, challenge_id, code)
        assert (answer.status_code, set(answer.json["errors"])) == (422, {"code"})


def test_what_is_over_is_forgotten(app, client, challenged, signed_in):
    signed_in()
    challenged()
    with app.app_context(), later(hours=25):
        forget()
    assert (count(app, OtpChallenge), count(app, SignedIn)) == (0, 1)
    with app.app_context(), later(days=61):
        forget()
    assert count(app, SignedIn) == 0
