"""A citizen ticks off papers, and is told what the procedure asks for otherwise since."""

import uuid
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert
from werkzeug.test import TestResponse

from smartcity.catalogue.checklists import ticking
from smartcity.catalogue.models import Checklist
from smartcity.catalogue.service import erase_checklists, held_checklists
from smartcity.core.db import transaction
from tests.catalogue.reading.test_service_routes import withdraw
from tests.catalogue.records_made import bring, record
from tests.helpers import Headers, at_once, count, rows

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
CODE = "1.900001"
PAPERS = [{"name": "Tờ khai"}, {"name": "Ảnh"}, {"name": "Hộ chiếu"}]


def path(code: str = CODE) -> str:
    return f"/api/v1/services/{code}/checklist"


def papers(client: FlaskClient, code: str = CODE) -> dict[str, str]:
    found = client.get(f"/api/v1/services/{code}").json["documents"]
    return {paper["name"]: paper["id"] for paper in found}


def tick(client: FlaskClient, who: Headers, ids: list[str], code: str = CODE) -> TestResponse:
    return client.put(path(code), json={"ticked": ids}, headers=who)


def ticked(client: FlaskClient, who: Headers) -> Any:
    answer = client.get(path(), headers=who)
    assert answer.status_code == 200, answer.json
    return answer.json


def test_what_is_ticked_is_kept_and_changes_are_told(
    app: Flask, client: FlaskClient, me: Headers, stranger: Headers
) -> None:
    bring(app, record(documents=PAPERS))
    ids = papers(client)
    for _ in range(2):
        answer = tick(client, me, [ids["Hộ chiếu"], ids["Tờ khai"]], "1900001")
        assert (answer.status_code, answer.json["new"], answer.json["gone"]) == (200, [], [])
        assert answer.json["ticked"] == [ids["Tờ khai"], ids["Hộ chiếu"]]
    assert count(app, Checklist) == 1
    assert client.get(path(), headers=stranger).status_code == 404
    bring(app, record(documents=[*PAPERS[:2], {"name": "Căn cước"}]))
    found = ticked(client, me)
    assert found["ticked"] == [ids["Tờ khai"]]
    assert found["gone"] == [{"id": ids["Hộ chiếu"], "name": "Hộ chiếu"}]
    assert [paper["name"] for paper in found["new"]] == ["Căn cước"]
    tick(client, me, found["ticked"])
    assert (ticked(client, me)["new"], ticked(client, me)["gone"]) == ([], [])


def test_checklists_are_listed_last_first_and_deleted(
    app: Flask, client: FlaskClient, me: Headers
) -> None:
    codes = [f"1.90000{number}" for number in range(1, 6)]
    bring(app, *(record(code, documents=PAPERS) for code in codes))
    for code in codes:
        tick(client, me, [papers(client, code)["Ảnh"]], code)
    tick(client, me, [], codes[1])
    seen, cursor = [], ""
    for _ in range(3):
        page = client.get(f"/api/v1/checklists?limit=2{cursor}", headers=me).json
        seen += page["items"]
        cursor = f"&cursor={page['next_cursor']}"
    wanted = [codes[1], *reversed(codes[2:]), codes[0]]
    assert [each["code"] for each in seen] == wanted
    assert [(each["together"], each["documents"]) for each in seen[:2]] == [(0, 3), (1, 3)]
    for _ in range(2):
        assert client.delete(path(codes[1]), headers=me).status_code == 204
    assert client.delete(path("khai-sinh"), headers=me).status_code == 204
    assert client.get(path(codes[1]), headers=me).status_code == 404
    assert count(app, Checklist) == 4


@SQLITE
def test_only_papers_of_the_procedure_are_ticked(
    app: Flask, client: FlaskClient, me: Headers
) -> None:
    bring(app, record(documents=PAPERS), record("1.900002", documents=[{"name": "Bằng lái"}]))
    foreign = papers(client, "1.900002")["Bằng lái"]
    for ids in ([foreign], ["x"], ["0" * 10], [papers(client)["Ảnh"], foreign]):
        answer = tick(client, me, ids)
        assert (answer.status_code, list(answer.json["errors"])) == (422, ["ticked"])
    assert tick(client, me, [], "1.999999").status_code == 404
    assert count(app, Checklist) == 0


@SQLITE
def test_a_withdrawn_procedure_keeps_its_checklist_but_takes_no_ticks(
    app: Flask, client: FlaskClient, me: Headers
) -> None:
    bring(app, record(documents=PAPERS))
    ids = papers(client)
    assert tick(client, me, [ids["Ảnh"]]).json["withdrawn"] is False
    withdraw(app)
    assert tick(client, me, []).status_code == 404
    found = ticked(client, me)
    assert (found["withdrawn"], found["ticked"]) == (True, [ids["Ảnh"]])


@SQLITE
def test_two_hundred_are_enough(app: Flask, client: FlaskClient, me: Headers) -> None:
    codes = [f"1.9{number:05}" for number in range(1, ticking.MOST + 2)]
    bring(app, *map(record, codes))
    tick(client, me, [], codes[0])
    (mine,) = rows(app, Checklist)
    more = {"citizen_id": mine.citizen_id, "ticked": [], "changed_at": mine.changed_at}
    with app.app_context(), transaction() as session:
        session.execute(insert(Checklist), [{**more, "code": code} for code in codes[1:-1]])
    assert tick(client, me, [], codes[-1]).status_code == 409
    assert tick(client, me, [], codes[-2]).status_code == 200


def test_ticked_twice_at_once_it_is_kept_once(app: Flask, me: Headers) -> None:
    bring(app, record(documents=PAPERS))
    answers = at_once(*(lambda: tick(app.test_client(), me, []) for _ in range(3)))
    assert [answer.status_code for answer in answers] == [200] * 3
    assert count(app, Checklist) == 1


@SQLITE
def test_what_is_kept_is_told_and_erased(
    app: Flask, client: FlaskClient, me: Headers, stranger: Headers
) -> None:
    bring(app, record(documents=PAPERS))
    ident = papers(client)["Ảnh"]
    tick(client, me, [ident])
    tick(client, stranger, [])
    mine = uuid.UUID(client.get("/api/v1/me", headers=me).json["id"])
    with app.app_context(), transaction() as session:
        (held,) = held_checklists(session, mine)
        erase_checklists(session, mine)
    assert (held["code"], held["ticked"]) == (CODE, [ident])
    (left,) = rows(app, Checklist)
    assert left.citizen_id != mine
