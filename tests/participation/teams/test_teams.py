"""Codes of digital teams: slips are told, each account counts once, odd ones are flagged."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from smartcity.core import clock
from smartcity.guide.places.place import PLACE
from smartcity.identity.permissions import Role
from smartcity.notices.models import Notice
from smartcity.participation.models import Activation
from smartcity.participation.teams import codes
from tests.conftest import MakeApp
from tests.helpers import Headers, bearer, citizen, officer, rows
from tests.participation.teams.codes_made import WARD, team_code
from tests.registers.records_made import published

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ME = "/api/v1/me/referral"
CODES = "/api/v1/officer/referral-codes"


@pytest.fixture
def team(app: Flask) -> str:
    """A team that the public sees."""
    fields = {"category": "community_team", "title": "Tổ công nghệ số thôn Đoài", "ward": WARD}
    return str(published(app, PLACE, **fields).id)


def _made(client: FlaskClient, who: Headers, team: str, *holders: str) -> list[dict[str, Any]]:
    path = f"/api/v1/officer/teams/{team}/referral-codes"
    answer = client.post(path, json={"holders": list(holders)}, headers=who)
    assert answer.status_code == 201, answer.json
    return answer.json["items"]


def _named(client: FlaskClient, who: Headers, code: str) -> Any:
    return client.put(ME, json={"code": code}, headers=who)


def _reason(answer: Any) -> str:
    return str(answer.json["type"]).removeprefix("urn:problem:")


def test_every_slip_is_told() -> None:
    code = codes.new_code()
    others = [
        code[:place] + sign + code[place + 1 :]
        for place in range(codes.LENGTH)
        for sign in codes.SIGNS
        if sign != code[place]
    ]
    for a in range(codes.LENGTH):
        for b in range(a):
            signs = list(code)
            signs[a], signs[b] = signs[b], signs[a]
            others.append("".join(signs))
    assert [each for each in others if each != code and codes.read(each)] == []


@pytest.mark.parametrize("typed", ["", "ABC", "0000-0000", "ABCD-EFGHJ", "ắ2345678"])
def test_what_is_no_code(typed: str) -> None:
    assert codes.read(typed) is None


def test_a_code_is_read_as_people_type_it() -> None:
    code = codes.new_code()
    assert codes.read(f" {codes.shown(code).lower()} ") == code


def test_an_account_counts_once_for_the_teams_commune(
    client: FlaskClient, me: Headers, stranger: Headers, lead: Headers, team: str
) -> None:
    first, second = _made(client, lead, team, "Chị Hoa", "Anh Nam")
    assert first["link"].endswith(f"/r/{first['code']}")
    answer = _named(client, me, first["shown"].lower())
    assert (answer.status_code, answer.json["ward"]) == (200, WARD)
    assert _named(client, me, first["code"]).status_code == 200  # the same again
    assert _reason(_named(client, me, second["code"])) == "referral.named_before"
    assert _named(client, stranger, second["code"]).status_code == 200
    public = client.get("/api/v1/teams/figures").json
    assert public == {"activations": 2, "items": [{"ward": WARD, "activations": 2}]}
    day = clock.now().astimezone(clock.LOCAL).date().isoformat()
    for by, names in {
        "team": ["Tổ công nghệ số thôn Đoài"],
        "day": [day],
        "code": sorted(f"{each['shown']} · {each['holder']}" for each in (first, second)),
    }.items():
        path = f"/api/v1/officer/teams/figures?by={by}"
        items = client.get(path, headers=lead).json["items"]
        assert sorted(each["name"] for each in items) == names
        csv = client.get(path.replace("figures", "figures.csv"), headers=lead).get_data(
            as_text=True
        )
        assert csv.count("\n") == len(names) + 1
    (mine,) = client.get(f"{CODES}?q=thon doai&limit=1", headers=lead).json["items"]
    assert (mine["activations"], mine["team"]) == (1, "Tổ công nghệ số thôn Đoài")


@SQLITE
def test_it_may_be_undone_for_a_day(
    client: FlaskClient, me: Headers, lead: Headers, team: str, app: Flask
) -> None:
    wrong, right = _made(client, lead, team, "Chị Hoa", "Anh Nam")
    assert client.get(ME, headers=me).status_code == 404
    _named(client, me, wrong["code"])
    assert client.delete(ME, headers=me).status_code == 204
    _named(client, me, right["code"])
    with clock.frozen(clock.now() + timedelta(hours=25)):
        late = bearer(citizen(app))  # the same number, signed in anew
        assert _reason(client.delete(ME, headers=late)) == "referral.settled"
    assert [each.code for each in rows(app, Activation)] == [right["code"]]


@SQLITE
def test_what_does_not_count(
    client: FlaskClient, me: Headers, lead: Headers, team: str, app: Flask
) -> None:
    (code,) = _made(client, lead, team, "Chị Hoa")
    slip = code["code"][:-1] + ("A" if code["code"][-1] != "A" else "B")
    for typed in (slip, codes.new_code()):
        answer = _named(client, me, typed)
        assert (answer.status_code, list(answer.json["errors"])) == (422, ["code"])
    closure = f"{CODES}/{code['code']}/closure"
    closed = client.put(closure, json={"reason": "Tổ viên đã nghỉ."}, headers=lead).json
    assert closed["closed_at"]
    assert _reason(_named(client, me, code["code"])) == "referral.closed"
    assert client.get(f"{CODES}?open=true", headers=lead).json["items"] == []
    client.delete(closure, query_string={"reason": "Nhầm."}, headers=lead)
    with clock.frozen(clock.now() + timedelta(days=31)):
        assert _reason(_named(client, bearer(citizen(app)), code["code"])) == "referral.too_late"
    assert "Chị Hoa" in client.get(f"{CODES}.csv", headers=lead).get_data(as_text=True)


@SQLITE
def test_only_published_teams_get_codes(
    client: FlaskClient, lead: Headers, app: Flask, unit: Headers
) -> None:
    library = published(app, PLACE, category="library", ward=WARD)
    path = f"/api/v1/officer/teams/{library.id}/referral-codes"
    assert client.post(path, json={"holders": ["Chị Hoa"]}, headers=lead).status_code == 404
    assert client.post(path, json={"holders": ["Chị Hoa"]}, headers=unit).status_code == 403


@SQLITE
def test_many_from_one_network_are_told_once_and_refused_to_nobody(make_app: MakeApp) -> None:
    app = make_app(referral_flagged=2)
    client, code = app.test_client(), team_code(app)
    officer(app, Role.IOC_LEAD, "ioc")
    told = []
    for number in range(4):
        who = bearer(citizen(app, f"+8491200000{number}"))
        assert _named(client, who, code).status_code == 200
        told.append(len(rows(app, Notice)))
    assert told == [0, 0, 1, 1]


@SQLITE
def test_a_qr_leads_to_a_page_that_shows_the_code(client: FlaskClient) -> None:
    code = codes.new_code()
    page = client.get(f"/r/{code}")
    assert page.status_code == 200
    assert codes.shown(code) in page.get_data(as_text=True)
    assert client.get("/r/<script>").status_code == 404
