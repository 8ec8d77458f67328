"""Officers' passwords: which are refused, how many are hashed at once, and anew."""

import time

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select, update

from smartcity.core.db import reading, transaction
from smartcity.identity import passwords
from smartcity.identity.models import Officer
from tests.helpers import at_once
from tests.identity.officers import ME, PASSWORD, bearer, made, sign_in

CURRENT = {"current": PASSWORD}


@pytest.fixture
def app(make_app):
    return make_app(password_limit_address="10000 per hour")


@pytest.fixture
def me(app, client):
    made(app)
    return bearer(sign_in(client))


@pytest.mark.parametrize(
    "password",
    [
        "",
        "elevenchars",
        "a" * 201,
        "            x",
        "123456789012",
        "password1234",
        "PassWord12345",
        "qwertyuiop123",
        "unclefucker12",  # in the list as a whole
        "aaaaaaaaaaaaaaaa",
        "matkhau123456",
        "mậtkhẩu123456",
        "xx thuy.linh xx 88",
        "xx THÙY.LINH xx 88",
    ],
)
def test_refused(password):
    assert passwords.fault(password, "thuy.linh")


@pytest.mark.parametrize(
    "password",
    [
        PASSWORD,
        "trung-tam-dieu-hanh-2026",
        "một con vịt xòe ra hai cái cánh",
        "ôx9!Kqz7#mLp",
    ],
)
def test_taken(password):
    assert passwords.fault(password, "thuy.linh") is None
    assert passwords.fault(password + "é" * 100, "thuy.linh") is None


def test_a_short_name_may_stand_in_a_password():
    assert passwords.fault("an toàn là trên hết nhé", "an") is None


def test_nobody_signs_himself_in_with_a_common_one(client, me):
    for new, field in (("password1234", "new"), ("thuy.linh và tôi", "new"), ("short", "new")):
        answer = client.put(f"{ME}/password", json={**CURRENT, "new": new}, headers=me)
        assert (answer.status_code, set(answer.json["errors"])) == (422, {field})
    assert sign_in(client).status_code == 200


def test_a_changed_password_ends_the_other_sessions(app, client, me):
    other = sign_in(client)
    new = "con trâu đi trước cái cày"
    wrong = {"current": "not the password", "new": new}
    assert client.put(f"{ME}/password", json=wrong, headers=me).status_code == 422
    assert client.put(f"{ME}/password", json={**CURRENT, "new": new}, headers=me).status_code == 204
    assert client.get(ME, headers=me).status_code == 200
    renewed = {"refresh_token": other.json["refresh_token"]}
    assert client.post("/api/v1/auth/refresh", json=renewed).status_code == 401
    assert sign_in(client).status_code == 401
    assert sign_in(client, password=new).status_code == 200


def test_a_hash_of_other_parameters_is_made_anew(app, client):
    made(app)
    weak = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash(PASSWORD)
    with app.app_context(), transaction() as session:
        session.execute(update(Officer).values(password_hash=weak))
    assert sign_in(client, password="not the password").status_code == 401
    assert kept(app) == weak
    assert sign_in(client).status_code == 200
    assert "m=19456,t=2,p=1" in kept(app)
    assert sign_in(client).status_code == 200


def test_who_finds_no_turn_waits_a_second_and_loses_no_try(app):
    """Both turns are taken: twelve guesses of one device are told to come back, none is counted."""
    made(app)
    with passwords._turn(), passwords._turn():
        began = time.monotonic()
        answers = at_once(*[lambda: sign_in(app.test_client())] * 8)
        took = time.monotonic() - began
    assert [answer.status_code for answer in answers] == [503] * 8
    assert {int(answer.headers["Retry-After"]) for answer in answers} == {2}
    assert 0.9 < took < 3
    failures = [sign_in(app.test_client(), password="not it").status_code for _ in range(9)]
    assert failures == [401] * 9
    assert sign_in(app.test_client()).status_code == 200


def kept(app):
    with app.app_context(), reading() as session:
        return session.scalars(select(Officer.password_hash)).one()
