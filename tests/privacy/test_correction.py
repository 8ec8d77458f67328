"""A citizen corrects what is held of him: his name, and the number that he signs in by."""

import json
import uuid
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
import urllib3
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from smartcity.audit.models import AuditEntry
from smartcity.core.db import transaction
from smartcity.identity.models import Citizen, OtpChallenge
from smartcity.privacy.models import DataRequest
from smartcity.sandbox.sms import Sms
from tests.conftest import MakeApp
from tests.helpers import Headers, at_once, bearer, citizen, rows, work

ME = "/api/v1/me"
OLD, NEW = "+84912345678", "+84987654321"
Prove = Callable[[str], dict[str, str]]


@pytest.fixture
def gateway() -> Iterator[Sms]:
    with Sms("the-key") as server:
        yield server


@pytest.fixture
def app(make_app: MakeApp, gateway: Sms) -> Flask:
    return make_app(sms_url=gateway.url, sms_key="the-key", otp_gap=0, otp_hourly=100)


@pytest.fixture
def prove(app: Flask, gateway: Sms) -> Prove:
    """Ask for a code to a number; what shows that one received it."""

    def ask(phone: str) -> dict[str, str]:
        answer = app.test_client().post("/api/v1/auth/otp", json={"phone": phone})
        work(app, "sms")
        (*_, sms) = urllib3.request("GET", f"{gateway.url}/messages?phone={phone}").json()
        return {"challenge_id": answer.json["challenge_id"], "code": sms["code"]}

    return ask


def wrong(proof: dict[str, str]) -> dict[str, str]:
    return {**proof, "code": f"{(int(proof['code']) + 1) % 10**6:06}"}


def change(client: FlaskClient, headers: Headers, proof: dict[str, str]) -> Any:
    return client.put(f"{ME}/phone", json=proof, headers=headers)


@pytest.mark.parametrize("name", ["Nguyễn Văn Ân", "x" * 80, None])
def test_a_name_is_kept_under_his_key(
    app: Flask, client: FlaskClient, me: Headers, name: str | None
) -> None:
    client.patch(ME, json={"display_name": "Trước"}, headers=me)
    answer = client.patch(ME, json={"display_name": name}, headers=me)
    assert answer.json["display_name"] == name
    (row,) = rows(app, Citizen)
    assert (row.name_sealed is None) == (name is None)
    assert not name or name not in row.name_sealed
    assert {entry.action for entry in rows(app, AuditEntry)} >= {"account.rename"}
    assert "Ân" not in json.dumps([entry.detail for entry in rows(app, AuditEntry)])


@pytest.mark.parametrize(
    "body", [{"display_name": "x" * 81}, {"display_name": ""}, {"phone": NEW}, {"assurance": "x"}]
)
def test_nothing_else_is_corrected_so(client: FlaskClient, me: Headers, body: Any) -> None:
    assert client.patch(ME, json=body, headers=me).status_code == 422


def test_a_new_number_is_proved_and_signs_in(app: Flask, client: FlaskClient, prove: Prove) -> None:
    here, elsewhere = citizen(app, OLD), citizen(app, OLD)
    ident = client.get(ME, headers=bearer(here)).json["id"]
    answer = change(client, bearer(here), prove(NEW))
    assert answer.status_code == 200
    assert answer.json["phone"] == NEW
    assert client.get(ME, headers=bearer(here)).status_code == 200
    spent = {"refresh_token": elsewhere.refresh_token}
    assert client.post("/api/v1/auth/refresh", json=spent).status_code == 401
    assert client.get(ME, headers=bearer(citizen(app, NEW))).json["id"] == ident
    assert client.get(ME, headers=bearer(citizen(app, OLD))).json["id"] != ident
    told = json.dumps([[e.detail, e.before, e.after] for e in rows(app, AuditEntry)])
    assert NEW[3:] not in told
    assert OLD[3:] not in told
    (request,) = rows(app, DataRequest)
    assert (request.kind, request.outcome) == ("correction", "done")


def test_a_number_of_somebody_else_stays_his(
    app: Flask, client: FlaskClient, me: Headers, prove: Prove
) -> None:
    other = bearer(citizen(app, NEW))
    answer = change(client, me, prove(NEW))
    assert answer.status_code == 409
    assert client.get(ME, headers=me).json["phone"] == OLD
    assert client.get(ME, headers=other).json["phone"] == NEW
    assert rows(app, DataRequest) == []


def test_a_code_is_judged_as_at_sign_in(
    app: Flask, client: FlaskClient, me: Headers, prove: Prove
) -> None:
    proof = prove(NEW)
    answers = [change(client, me, wrong(proof)) for _ in range(5)]
    assert {answer.status_code for answer in answers} == {422}
    assert answers[0].json["errors"].keys() == {"code"}
    assert change(client, me, proof).status_code == 422, "five tries, also here"
    fresh = prove(NEW)
    assert change(client, me, fresh).status_code == 200
    assert change(client, me, fresh).status_code == 422, "spent"
    unknown = {**fresh, "challenge_id": str(uuid.uuid4())}
    assert change(client, me, unknown).status_code == 422


def test_a_code_serves_one_use_only(app: Flask, client: FlaskClient, me: Headers, prove: Prove):
    proof = prove(NEW)
    signed_in = client.post("/api/v1/auth/tokens", json=proof)
    assert signed_in.status_code == 200
    assert change(client, me, proof).status_code == 422


def test_many_who_want_one_number_at_once(app: Flask, prove: Prove) -> None:
    people = [bearer(citizen(app, f"+8493333333{number}")) for number in range(6)]
    wishes = [(headers, prove(NEW)) for headers in people]
    calls = [partial(change, app.test_client(), headers, proof) for headers, proof in wishes]
    assert sorted(answer.status_code for answer in at_once(*calls)) == [200, *[409] * 5]


def test_the_old_numbers_codes_go(app: Flask, client: FlaskClient, me: Headers, prove: Prove):
    prove(OLD)
    proof = prove(NEW)
    assert len(rows(app, OtpChallenge)) == 2
    change(client, me, proof)
    assert [str(row.id) for row in rows(app, OtpChallenge)] == [proof["challenge_id"]]


def test_the_same_number_again_changes_nothing_else(
    client: FlaskClient, me: Headers, prove: Prove
) -> None:
    assert change(client, me, prove(OLD)).json["phone"] == OLD


def test_whoever_was_erased_a_moment_ago_is_told_to_sign_in(
    app: Flask, client: FlaskClient, me: Headers
) -> None:
    assert client.get(ME, headers=me).status_code == 200  # remembered for a minute from now
    with app.app_context(), transaction() as session:
        session.execute(update(Citizen).values(id=uuid.uuid4()))
    assert client.patch(ME, json={"display_name": "x"}, headers=me).status_code == 401
