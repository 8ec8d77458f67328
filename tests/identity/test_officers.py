"""Officers' accounts and passwords."""

import time
from concurrent.futures import ThreadPoolExecutor

import jwt
import pytest
from sqlalchemy import select, update

from smartcity.core.db import reading, transaction
from smartcity.identity import passwords
from smartcity.identity.models import Citizen, Officer
from smartcity.identity.permissions import Role
from smartcity.identity.service import citizen_phone, create_officer
from tests.identity import people

PASSWORD = "cầu Hoàng Văn Thụ 2019"
SIGN_IN = "/api/v1/officer/auth/tokens"


@pytest.fixture
def app(make_app):
    return make_app(password_limit_address="10000 per hour")


@pytest.fixture
def officer(app):
    with app.app_context(), transaction() as session:
        return create_officer(
            session,
            "Linh",
            PASSWORD,
            role=Role.UNIT_LEADER,
            agency="so-xay-dung",
            display_name="Nguyễn Thùy Linh",
        )


def sign_in(client, username="linh", password=PASSWORD, **more):
    return client.post(SIGN_IN, json={"username": username, "password": password, **more})


def stored(app):
    with app.app_context(), reading() as session:
        return session.scalars(select(Officer)).one()


def test_an_officer_signs_in_with_role_and_agency(client, officer):
    answer = sign_in(client)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    claims = jwt.decode(answer.json["access_token"], options={"verify_signature": False})
    assert claims["sub"] == str(officer)
    assert (claims["role"], claims["agency"]) == ("unit_leader", "so-xay-dung")
    token = answer.json["refresh_token"]
    renewed = client.post("/api/v1/auth/refresh", json={"refresh_token": token})
    assert renewed.status_code == 200


def test_a_name_is_read_kindly(client, officer):
    assert sign_in(client, "LINH").status_code == 200
    assert sign_in(client, " linh ").status_code == 200


def test_one_answer_for_every_fault(app, client, officer):
    wrong = sign_in(client, password="another password")
    unknown = sign_in(client, "nobody")
    with app.app_context(), transaction() as session:
        session.execute(update(Officer).values(active=False))
    left = sign_in(client)
    assert wrong.status_code == unknown.status_code == left.status_code == 401
    assert wrong.json == unknown.json == left.json


def test_an_unknown_name_takes_as_long(client, officer):
    def fastest(username):
        times = []
        for _ in range(5):
            began = time.thread_time()
            sign_in(client, username, "another password")
            times.append(time.thread_time() - began)
        return min(times)

    assert 0.5 < fastest("nobody") / fastest("linh") < 2


def make(session, password=PASSWORD, role=Role.ADMIN):
    create_officer(session, "x", password, role=role, agency=None, display_name="x")


def test_only_officers_have_accounts(in_app):
    with transaction() as session:
        for role in (Role.CITIZEN, Role.SYSTEM, Role.OPERATIONS_CENTRE, Role.ANYONE):
            with pytest.raises(ValueError, match="role"):
                make(session, role=role)


def test_seeding_again_changes_what_is_new(app, client, officer):
    before = stored(app)
    assert before.password_hash.startswith("$argon2id$")
    with app.app_context(), transaction() as session:
        again = create_officer(
            session, "linh", PASSWORD, role=Role.IOC_LEAD, agency=None, display_name="Linh"
        )
    after = stored(app)
    assert (again, after.password_hash) == (officer, before.password_hash)
    assert (after.role, after.agency, after.display_name) == ("ioc_lead", None, "Linh")
    with app.app_context(), transaction() as session:
        create_officer(
            session, "linh", "a newer password", role=Role.IOC_LEAD, agency=None, display_name="L"
        )
    assert sign_in(client).status_code == 401
    assert sign_in(client, password="a newer password").status_code == 200


def test_no_more_than_two_passwords_are_hashed_at_once(client, officer):
    """Both turns are taken: a third waits a second, then is told to come back."""
    with passwords._turn(), passwords._turn():
        answer = sign_in(client)
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert sign_in(client).status_code == 200


def test_who_comes_third_waits_for_his_turn(app, officer):
    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(lambda _: sign_in(app.test_client()).status_code, range(4)))
    assert answers == [200] * 4


def test_an_address_is_limited(make_app):
    client = make_app(password_limit_address="2 per hour").test_client()
    statuses = [sign_in(client, f"name-{n}").status_code for n in range(3)]
    assert statuses == [401, 401, 429]


def test_requests_that_do_not_fit_name_their_field(client):
    bodies = [
        ('{"username": "x"}', "password"),
        ('{"username": "x", "password": 5}', "password"),
        ('{"username": "x\\u0000", "password": "y"}', "username"),
        ('{"username": "x", "password": "%s"}' % ("y" * 5_000), "password"),
        ('{"username": "x", "password": "y", "role": "admin"}', "role"),
        ('{"username": "x", "password": "\\ud800"}', "password"),
    ]
    for body, field in bodies:
        answer = client.post(SIGN_IN, data=body, content_type="application/json")
        assert (answer.status_code, set(answer.json["errors"])) == (422, {field})


def test_what_others_ask(app, officer):
    people.citizen(app)
    with app.app_context(), reading() as session:
        citizen = session.scalars(select(Citizen.id)).one()
        assert citizen_phone(session, citizen) == "+84912345678"
        assert citizen_phone(session, officer) is None
