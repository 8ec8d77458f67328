"""Officers who have yet to secure their account: they may do that, and nothing else."""

from datetime import timedelta

import pytest

from smartcity.core import clock
from smartcity.core.db import transaction
from smartcity.identity.models import Officer
from tests.identity import people
from tests.identity.officers import ME, PASSWORD, bearer, made, second_factor, sign_in

QUEUE = "/api/v1/officer/reports"


@pytest.fixture
def app(make_app):
    return make_app(password_limit_address="10000 per hour", second_factor="required")


@pytest.fixture
def account(app):
    return made(app)


def test_who_has_none_may_only_secure_his_account(client, account):
    me = bearer(sign_in(client))
    assert client.get(QUEUE, headers=me).status_code == 403
    assert client.get(ME, headers=me).status_code == 200
    assert client.get(f"{ME}/sessions", headers=me).status_code == 200
    second_factor(client, me)
    assert client.get(QUEUE, headers=me).status_code == 200


def test_who_waited_with_a_stolen_password_gets_nothing(client, account):
    thief = sign_in(client)
    second_factor(client, bearer(sign_in(client)))
    renewed = {"refresh_token": thief.json["refresh_token"]}
    assert client.post("/api/v1/auth/refresh", json=renewed).status_code == 401
    with clock.frozen(clock.now() + timedelta(seconds=61)):
        assert client.get(QUEUE, headers=bearer(thief)).status_code == 401


def test_who_shows_one_may_work(client, account):
    _, codes = second_factor(client, bearer(sign_in(client)))
    me = bearer(sign_in(client, otp=codes[0]))
    assert client.get(QUEUE, headers=me).status_code == 200


def test_he_may_sign_out(client, account):
    me = bearer(sign_in(client))
    assert client.delete("/api/v1/auth/session", headers=me).status_code == 204


def test_citizens_are_not_asked(app, client):
    me = people.bearer(people.citizen(app))
    assert client.get("/api/v1/me", headers=me).status_code == 200


def test_with_a_temporary_password_one_may_only_change_it(make_app):
    app = make_app()
    client, account = app.test_client(), made(app)
    with app.app_context(), transaction() as session:
        session.get_one(Officer, account).password_temporary = True
    me = bearer(sign_in(client))
    assert client.get(QUEUE, headers=me).status_code == 403
    new = {"current": PASSWORD, "new": "con trâu đi trước cái cày"}
    assert client.put(f"{ME}/password", json=new, headers=me).status_code == 204
    assert client.get(QUEUE, headers=me).status_code == 200
