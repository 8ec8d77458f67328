"""Refreshing, signing out, and what a stolen token is worth."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import jwt
import pytest
from sqlalchemy import select, update

from smartcity.audit.models import AuditEntry
from smartcity.core import clock
from smartcity.core.db import reading, transaction
from smartcity.identity.models import Officer
from smartcity.identity.permissions import Role
from tests.identity import people

REFRESH = "/api/v1/auth/refresh"


def refresh(client, token):
    return client.post(REFRESH, json={"refresh_token": token})


def later(**time):
    return clock.frozen(clock.now() + timedelta(**time))


def claims(tokens):
    return jwt.decode(tokens["access_token"], options={"verify_signature": False})


def me(client, access_token):
    return client.get("/api/v1/me", headers={"Authorization": f"Bearer {access_token}"})


@pytest.fixture
def tokens(app):
    return people.citizen(app)


def test_each_refresh_gives_the_next_token(client, tokens):
    token = tokens.refresh_token
    for _ in range(3):
        answer = refresh(client, token)
        assert answer.status_code == 200
        assert answer.json["refresh_token"] != token
        assert me(client, answer.json["access_token"]).status_code == 200
        token = answer.json["refresh_token"]


def test_a_phone_that_lost_the_answer_gets_it_again(client, tokens):
    first = refresh(client, tokens.refresh_token).json["refresh_token"]
    with later(seconds=29):
        again = refresh(client, tokens.refresh_token)
    assert again.json["refresh_token"] == first
    assert refresh(client, first).status_code == 200


def test_a_burst_of_the_same_token_gets_one_successor(app, tokens):
    with ThreadPoolExecutor(20) as threads:
        answers = threads.map(lambda _: refresh(app.test_client(), tokens.refresh_token), range(20))
        found = [(a.status_code, a.json.get("refresh_token")) for a in answers]
    assert len(set(found)) == 1
    assert found[0][0] == 200


def test_a_token_used_again_later_ends_the_family(app, client, tokens):
    newest = refresh(client, tokens.refresh_token).json
    with later(seconds=31):
        assert refresh(client, tokens.refresh_token).status_code == 401
        assert refresh(client, newest["refresh_token"]).status_code == 401
    with later(seconds=61):
        assert me(client, newest["access_token"]).status_code == 401
    with app.app_context(), reading() as session:
        assert "end_reused_session" in session.scalars(select(AuditEntry.action)).all()


def test_a_token_two_generations_old_ends_the_family_at_once(client, tokens):
    second = refresh(client, tokens.refresh_token).json["refresh_token"]
    third = refresh(client, second).json["refresh_token"]
    assert refresh(client, tokens.refresh_token).status_code == 401
    assert refresh(client, third).status_code == 401


def test_one_family_that_ends_leaves_the_others(app, client, tokens):
    other = people.citizen(app)
    second = refresh(client, tokens.refresh_token).json["refresh_token"]
    refresh(client, second)
    assert refresh(client, tokens.refresh_token).status_code == 401
    assert refresh(client, other.refresh_token).status_code == 200


def test_a_session_lives_sixty_days_from_its_last_refresh(client, tokens):
    with later(days=59):
        second = refresh(client, tokens.refresh_token).json["refresh_token"]
    with later(days=118):
        third = refresh(client, second).json["refresh_token"]
    with later(days=179):
        assert refresh(client, third).status_code == 401


def _changed(token, part):
    pieces = token.split(".")
    pieces[part] = {0: f"rt_{uuid.uuid4().hex}", 1: "2", 2: "A" * 43}[part]
    return ".".join(pieces)


def test_tokens_that_we_did_not_sign(client, tokens):
    strange = ["rt_", "x", "rt_" + "0" * 100, "a.b.c", "rt_é.1.\u0661"]
    for token in strange + [_changed(tokens.refresh_token, part) for part in range(3)]:
        assert refresh(client, token).status_code == 401
    assert refresh(client, tokens.refresh_token).status_code == 200


def test_what_cannot_be_a_token_names_its_field(client):
    for token in ("", None, 5, "x" * 1_000, ["x"]):
        answer = refresh(client, token)
        assert (answer.status_code, set(answer.json["errors"])) == (422, {"refresh_token"})


def test_signing_out_ends_the_session_at_once(client, tokens):
    assert me(client, tokens.access_token).status_code == 200
    gone = client.delete("/api/v1/auth/session", headers=people.bearer(tokens))
    assert (gone.status_code, gone.data) == (204, b"")
    assert me(client, tokens.access_token).status_code == 401
    assert refresh(client, tokens.refresh_token).status_code == 401
    assert client.delete("/api/v1/auth/session", headers=people.bearer(tokens)).status_code == 401


def test_another_process_hears_of_it_within_a_minute(make_app, app, tokens):
    elsewhere = make_app().test_client()
    assert me(elsewhere, tokens.access_token).status_code == 200
    app.test_client().delete("/api/v1/auth/session", headers=people.bearer(tokens))
    with later(seconds=60):
        assert me(elsewhere, tokens.access_token).status_code == 401


def test_a_stranger_signs_nobody_out(client):
    assert client.delete("/api/v1/auth/session").status_code == 401


def test_a_new_role_holds_from_the_next_refresh_and_within_a_minute(app, client):
    tokens = people.officer(app, Role.UNIT_OFFICER, "so-xay-dung")
    officer = uuid.UUID(claims(vars(tokens))["sub"])
    with app.app_context(), transaction() as session:
        moved = update(Officer).where(Officer.id == officer)
        session.execute(moved.values(role="unit_leader", agency="so-giao-thong"))
    renewed = claims(refresh(client, tokens.refresh_token).json)
    assert (renewed["role"], renewed["agency"]) == ("unit_leader", "so-giao-thong")


def test_an_officer_who_left_is_out_within_a_minute(app, client):
    tokens = people.officer(app, Role.IOC_LEAD)
    sign_out = "/api/v1/auth/session"
    assert client.get("/api/v1/me", headers=people.bearer(tokens)).status_code == 403
    with app.app_context(), transaction() as session:
        session.execute(update(Officer).values(active=False))
    assert refresh(client, tokens.refresh_token).status_code == 401
    with later(seconds=60):
        assert client.delete(sign_out, headers=people.bearer(tokens)).status_code == 401
