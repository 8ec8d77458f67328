"""Officers' second factor: set up, asked for, good once; recovery codes; what is locked without."""

from datetime import UTC, datetime, timedelta

import pyotp
import pytest

from smartcity.audit.models import AuditEntry
from smartcity.core import clock
from smartcity.core.db import transaction
from smartcity.identity import second_factor as factors
from smartcity.identity.models import Officer, RecoveryCode
from smartcity.identity.permissions import Role
from smartcity.settings import Settings
from tests.helpers import at_once, rows
from tests.identity.officers import (
    ME,
    PASSWORD,
    bearer,
    confirmed,
    made,
    second_factor,
    sign_in,
)

AT = datetime(2026, 3, 26, 1, 0, 5, tzinfo=UTC)
STEP = timedelta(seconds=30)
QUEUE = "/api/v1/officer/reports"


@pytest.fixture
def app(make_app):
    return make_app(password_limit_address="10000 per hour")


@pytest.fixture(autouse=True)
def at():
    with clock.frozen(AT):
        yield


@pytest.fixture
def account(app):
    return made(app)


@pytest.fixture
def factor(client, account):
    """An officer's app and recovery codes; confirmed by the code of AT's step."""
    return second_factor(client, bearer(sign_in(client)))


def late(moments):
    return clock.frozen(AT + moments)


def test_nothing_is_asked_for_until_it_is_confirmed(client, account):
    me = bearer(sign_in(client))
    begun = client.put(f"{ME}/second-factor", headers=me).json
    assert f"secret={begun['secret']}" in begun["uri"]
    assert begun["uri"].startswith("otpauth://totp/")
    assert client.get(ME, headers=me).json["second_factor"] is False
    assert sign_in(client).status_code == 200
    wrong = client.put(f"{ME}/second-factor/confirmation", json={"code": "000000"}, headers=me)
    assert (wrong.status_code, set(wrong.json["errors"])) == (422, {"code"})
    assert sign_in(client).status_code == 200


def test_nothing_is_confirmed_that_was_not_begun(client, account):
    me = bearer(sign_in(client))
    answer = client.put(f"{ME}/second-factor/confirmation", json={"code": "000000"}, headers=me)
    assert answer.status_code == 409


def test_then_a_code_is_asked_for(client, factor):
    totp, _ = factor
    with late(STEP):
        needed = sign_in(client)
        assert (needed.status_code, set(needed.json["errors"])) == (422, {"otp"})
        wrong = sign_in(client, otp="000000")
        assert (wrong.status_code, set(wrong.json["errors"])) == (422, {"otp"})
        assert sign_in(client, password="not it", otp=totp.at(clock.now())).status_code == 401
        good = sign_in(client, otp=totp.at(clock.now()))
        assert client.get(ME, headers=bearer(good)).json["second_factor"] is True


def test_no_code_is_good_twice(client, factor):
    totp, _ = factor
    assert sign_in(client, otp=totp.at(AT)).status_code == 422  # it confirmed the factor
    with late(2 * STEP):
        now, before = totp.at(clock.now()), totp.at(AT + STEP)
        assert sign_in(client, otp=now).status_code == 200
        assert sign_in(client, otp=now).status_code == 422
        assert sign_in(client, otp=before).status_code == 422  # older than the last one


def test_of_two_sign_ins_with_one_code_one_wins(app, factor):
    totp, recovery = factor
    with late(STEP):
        for code in (totp.at(clock.now()), recovery[0]):
            once = [lambda code=code: sign_in(app.test_client(), otp=code).status_code] * 2
            assert sorted(at_once(*once)) == [200, 422]


@pytest.mark.parametrize(("steps", "status"), [(-2, 422), (-1, 200), (0, 200), (1, 200), (2, 422)])
def test_a_telephones_clock_may_be_a_step_off(client, factor, steps, status):
    totp, _ = factor
    with late(4 * STEP):
        assert sign_in(client, otp=totp.at(AT + (4 + steps) * STEP)).status_code == status


def test_recovery_codes_are_good_once_each(client, factor):
    _, codes = factor
    assert len(set(codes)) == 10
    for code in codes[0], codes[1].lower(), codes[2].replace("-", " "):
        assert sign_in(client, otp=code).status_code == 200
        assert sign_in(client, otp=code).status_code == 422
    me = bearer(sign_in(client, otp=codes[3]))
    assert client.get(ME, headers=me).json["recovery_codes_left"] == 6


def test_new_recovery_codes_take_the_old_ones_place(client, factor):
    totp, old = factor
    me = bearer(sign_in(client, otp=old[0]))
    path = f"{ME}/second-factor/recovery-codes"
    assert client.put(path, json={"code": "000000"}, headers=me).status_code == 422
    with late(STEP):
        answer = client.put(path, json={"code": totp.at(clock.now())}, headers=me)
    new = answer.json["recovery_codes"]
    assert sign_in(client, otp=old[1]).status_code == 422
    assert sign_in(client, otp=new[0]).status_code == 200


def test_codes_are_guessed_ten_times(client, factor):
    totp, _ = factor
    with late(STEP):
        guesses = [sign_in(client, otp=f"{n:06}").status_code for n in range(11)]
        assert guesses == [422] * 10 + [429]
        assert sign_in(client, otp=totp.at(clock.now())).status_code == 429


def test_nobody_sets_up_another_beside_it(client, factor):
    _, codes = factor
    me = bearer(sign_in(client, otp=codes[0]))
    assert client.put(f"{ME}/second-factor", headers=me).status_code == 409


def test_an_admin_takes_it_away(app, client, account, factor):
    _, codes = factor
    with app.app_context(), transaction() as session:
        factors.reset(session, session.get_one(Officer, account))
    assert sign_in(client).status_code == 200
    assert rows(app, RecoveryCode) == []
    totp, _ = second_factor(client, bearer(sign_in(client)))
    assert sign_in(client, otp=codes[1]).status_code == 422
    with late(STEP):
        assert sign_in(client, otp=totp.at(clock.now())).status_code == 200


def test_what_is_kept_tells_no_secret(app, factor):
    totp, codes = factor
    (officer,) = rows(app, Officer)
    assert totp.secret not in str(vars(officer))
    digests = {row.digest for row in rows(app, RecoveryCode)}
    assert len(digests) == 10
    assert not digests & {code.replace("-", "") for code in codes}


def test_all_of_it_is_audited(app, client, factor):
    totp, codes = factor
    sign_in(client, otp="000000")
    me = bearer(sign_in(client, otp=codes[0]))
    with late(STEP):
        code = {"code": totp.at(clock.now())}
        client.put(f"{ME}/second-factor/recovery-codes", json=code, headers=me)
    deeds = [(entry.action, entry.detail) for entry in rows(app, AuditEntry)]
    for deed in (
        ("enrol_second_factor", {}),
        ("confirm_second_factor", {}),
        ("sign_in_failed", {"step": "code"}),
        ("use_recovery_code", {}),
        ("renew_recovery_codes", {}),
    ):
        assert deeds.count(deed) == 1, deed
    told = str(deeds)
    assert not any(secret in told for secret in (totp.secret, PASSWORD, *codes))


def test_ones_own_account(app, client, account):
    told = client.get(ME, headers=bearer(sign_in(client))).json
    assert told == {
        "id": str(account),
        "username": "thuy.linh",
        "display_name": "Nguyễn Thùy Linh",
        "role": "unit_leader",
        "agency": "so-xay-dung",
        "second_factor": False,
        "recovery_codes_left": 0,
    }


def test_ones_own_sessions(app, client, account):
    made(app, "minh.anh", Role.IOC_LEAD)
    stranger = bearer(sign_in(client, "minh.anh"))
    mine, other = sign_in(client), sign_in(client)
    held = client.get(f"{ME}/sessions", headers=bearer(mine)).json["items"]
    assert [item["current"] for item in held] == [False, True]
    path = f"{ME}/sessions/{held[0]['id']}"
    assert client.delete(path, headers=stranger).status_code == 404
    assert client.delete(path, headers=bearer(mine)).status_code == 204
    assert client.get(ME, headers=bearer(other)).status_code == 401
    assert client.get(ME, headers=bearer(mine)).status_code == 200


def test_an_officer_signs_in_anew_after_twelve_hours(client, account):
    tokens = sign_in(client).json
    for hour in range(1, 13):
        with late(timedelta(hours=hour)):
            asked = {"refresh_token": tokens["refresh_token"]}
            answer = client.post("/api/v1/auth/refresh", json=asked)
        assert answer.status_code == (200 if hour < 12 else 401)
        tokens = answer.json


def test_confirming_is_done_once(app, client, account):
    me = bearer(sign_in(client))
    begun = client.put(f"{ME}/second-factor", headers=me).json
    totp = pyotp.TOTP(begun["secret"])
    assert len(confirmed(client, me, totp).json["recovery_codes"]) == 10
    with late(STEP):
        code = {"code": totp.at(clock.now())}
        again = client.put(f"{ME}/second-factor/confirmation", json=code, headers=me)
    assert again.status_code == 409


def test_the_setting_has_two_values():
    with pytest.raises(ValueError, match="SECOND_FACTOR"):
        Settings.from_env({"SMARTCITY_SECOND_FACTOR": "maybe"})
