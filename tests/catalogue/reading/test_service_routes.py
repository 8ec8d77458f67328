"""One procedure as the public reads it, what changed of it, and what procedures are sorted by."""

import re
from typing import Any

import orjson
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from smartcity.catalogue.models import Procedure
from smartcity.catalogue.reading.schemas import ServiceCardOut, ServiceOut
from smartcity.catalogue.register import publishing
from smartcity.catalogue.service import popular, services_for_phones
from smartcity.core.db import reading, transaction
from smartcity.identity.permissions import SYSTEM
from tests.catalogue.records_made import bring, record

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
SERVICES = "/api/v1/services"
CODE = "1.900001"
SOURCE = {"address": "https://dichvucong.gov.vn/thu-tuc/1", "checked_on": "2026-07-20"}


def withdraw(app: Flask, code: str = CODE) -> None:
    with app.app_context(), transaction() as session:
        procedure = session.scalars(select(Procedure).where(Procedure.code == code)).one()
        publishing.withdraw(session, SYSTEM, procedure, "bị bãi bỏ")


def got(client: FlaskClient, path: str) -> Any:
    answer = client.get(f"{SERVICES}/{path}")
    assert answer.status_code == 200, answer.json
    return answer.json


def test_a_procedure_reads_as_its_schema_says(app: Flask, client: FlaskClient) -> None:
    other = record("1.900002", "Thu hồi giấy phép nuôi voi")
    bring(app, record(related=["1.900002", "1.900003"], source=SOURCE), other)
    found = got(client, CODE)
    assert ServiceOut().validate(found) == {}
    assert found["related"] == [{"code": "1.900002", "name": other["name"]}]
    assert (found["demo"], found["notice"], found["version"]) == (False, None, 1)
    assert (found["time"]["vi"], found["fee"]["en"]) == (
        "từ 3 đến 5 ngày làm việc, tùy cách nộp",
        "Free – 8,000 VND, depending on how you apply",
    )
    (paper,) = found["documents"]
    assert found["forms"] == [{"name": "Mẫu số 01", "documents": [paper["id"]]}]
    assert client.get(f"{SERVICES}/{CODE}").headers["ETag"]


@SQLITE
def test_a_code_is_read_in_any_of_its_forms(app: Flask, client: FlaskClient) -> None:
    bring(app, record())
    for form in ("1900001", "1.900001.000.00.00.H24", "1.900001.h24"):
        assert got(client, form) == got(client, CODE)
    for form in ("1.900009", "khai-sinh", "1.900001%00", "2.1"):
        answer = client.get(f"{SERVICES}/{form}")
        assert (answer.status_code, answer.json["type"]) == (404, "urn:problem:service.not_public")


@SQLITE
def test_the_office_of_the_commune_is_named(app: Flask, client: FlaskClient) -> None:
    bring(app, record(), record("1.900002", "Ở tỉnh", counter="land_registry"))
    bring(app, record("1.900003", "Không nơi nào", counter=None))
    office = got(client, f"{CODE}?ward=11383")["served_by"]
    assert office == {
        "vi": "Trung tâm Phục vụ hành chính công phường Lê Chân",
        "en": "Public service centre, Le Chan Ward",
        "at": "commune",
        "ward": "11383",
    }
    assert got(client, "1.900002?ward=11383")["served_by"]["at"] == "province"
    assert got(client, "1.900003?ward=11383")["served_by"] is None
    assert got(client, CODE)["served_by"] is None
    for code in (CODE, "1.900003"):
        answer = client.get(f"{SERVICES}/{code}?ward=31")  # the province is no commune
        assert (answer.status_code, list(answer.json["errors"])) == (422, ["ward"])


def test_what_was_withdrawn_is_gone(app: Flask, client: FlaskClient) -> None:
    bring(app, record(), record("1.900002", related=[CODE]))
    withdraw(app)
    for path in (CODE, f"{CODE}/changes"):
        answer = client.get(f"{SERVICES}/{path}", headers={"Accept-Language": "en"})
        assert (answer.status_code, answer.json["type"]) == (410, "urn:problem:service.withdrawn")
    assert got(client, "1.900002")["related"] == []


@SQLITE
def test_without_a_source_it_is_a_demonstration(app: Flask, client: FlaskClient) -> None:
    bring(app, record())
    found = got(client, CODE)
    assert (found["demo"], found["source"]) == (True, None)
    assert "minh họa" in found["notice"]["vi"]
    assert "demonstration" in found["notice"]["en"]


@SQLITE
def test_papers_keep_their_ids_while_they_keep_their_names(app: Flask, client: FlaskClient) -> None:
    papers = [{"name": "Tờ khai"}, {"name": "Ảnh", "case": "trẻ em"}, {"name": "Ảnh"}]
    bring(app, record(documents=papers))
    first = [paper["id"] for paper in got(client, CODE)["documents"]]
    moved = [
        {"name": "Ảnh"},
        {"name": "Hộ chiếu"},
        {"name": "Ảnh"},
        {"name": "Tờ khai", "copies": 2},
    ]
    bring(app, record(documents=moved))
    then = [paper["id"] for paper in got(client, CODE)["documents"]]
    assert len(set(first)) == 3
    assert [then[3], then[0], then[2]] == first
    assert then[1] not in first


def test_what_changed_is_told_in_words(app: Flask, client: FlaskClient) -> None:
    bring(app, record())
    ways = [
        {"way": "online", "time_limit": "03 ngày làm việc", "fee": "Không"},
        {"way": "in_person", "time_limit": "02 ngày làm việc", "fee": "8.000 đồng"},
    ]
    bring(app, record(channels=ways, degree="partial"))
    bring(app, record(channels=ways, degree="partial", documents=[]))
    found = got(client, f"{CODE}/changes?since=1")
    assert [(each["version"], each["deed"]) for each in found["items"]] == [
        (2, "changed"),
        (3, "changed"),
    ]
    fields = {each["field"]: each for each in found["items"][0]["fields"]}
    assert set(fields) == {"channels", "degree"}
    assert fields["channels"]["before"] == ["Trực tiếp: 05 ngày làm việc; 8.000 đồng"]
    assert fields["channels"]["after"] == ["Trực tiếp: 02 ngày làm việc; 8.000 đồng"]
    assert fields["degree"]["after"] == ["Trực tuyến một phần"]
    assert fields["degree"]["name"] == {"vi": "Mức độ trực tuyến", "en": "Degree online"}
    (gone,) = found["items"][1]["fields"]
    assert (gone["before"], gone["after"]) == (["Tờ khai (Mẫu số 01; 1 bản chính)"], [])
    assert got(client, f"{CODE}/changes?since=3")["items"] == []


@SQLITE
def test_changes_come_page_by_page(app: Flask, client: FlaskClient) -> None:
    for number in range(5):
        bring(app, record(name=f"Tên {number}"), record("1.900002", f"Khác {number}"))
    seen, cursor = [], ""
    for _ in range(3):
        page = got(client, f"{CODE}/changes?limit=2{cursor}")
        seen += [each["version"] for each in page["items"]]
        cursor = f"&cursor={page['next_cursor']}"
    assert (seen, page["next_cursor"]) == ([1, 2, 3, 4, 5], None)
    foreign = got(client, f"{CODE}/changes?limit=2")["next_cursor"]
    answer = client.get(f"{SERVICES}/1.900002/changes?limit=2&cursor={foreign}")
    assert answer.status_code == 400


@SQLITE
def test_facets_count_what_is_public(app: Flask, client: FlaskClient) -> None:
    child = {"life_events": ["child", "residence"], "essential": [9], "subjects": ["citizen"]}
    bring(app, record(**child), record("1.900002", "Khác", field="Đất đai", degree="partial"))
    bring(app, record("1.900003", "Gỡ", field="Đất đai", life_events=["child"]))
    withdraw(app, "1.900003")
    found = got(client, "facets")
    events = {each["id"]: each for each in found["life_events"]}
    assert (events["child"]["count"], events["tax"]["count"]) == (1, 0)
    assert (events["child"]["vi"], events["child"]["audience"]) == ("Có con nhỏ", "citizen")
    degrees = {each["id"]: each["count"] for each in found["degrees"]}
    assert degrees == {"full": 1, "partial": 1, "information": 0}
    assert found["fields"] == [{"name": "Chăn nuôi", "count": 1}, {"name": "Đất đai", "count": 1}]
    assert found["agencies"] == [{"name": "Ủy ban nhân dân cấp xã", "count": 2}]
    essentials = {each["number"]: each["services"] for each in found["essentials"]}
    assert len(essentials) == 25
    assert essentials[9] == [CODE]


@SQLITE
def test_what_phones_keep_and_the_home_screen_shows(app: Flask) -> None:
    names = [record(f"1.90000{number}", f"Tên {number}") for number in (1, 2, 3)]
    bring(app, *names, record("1.004222", "Đăng ký thường trú"))
    withdraw(app, "1.900003")
    with app.app_context(), transaction() as session:
        for code, opened in (("1.900001", 2), ("1.900002", 5), ("1.900003", 9)):
            session.execute(update(Procedure).where(Procedure.code == code).values(opened=opened))
    with app.app_context(), reading() as session:
        cards, two = popular(session, 6), popular(session, 2)
        kept = services_for_phones(session, ["1.900001", "1.900003", "1.999999"])
    assert two == cards[:2]
    assert re.findall(r'"code":"([^"]+)"', "".join(cards)) == ["1.900002", "1.900001", "1.004222"]
    assert all(ServiceCardOut().validate(each) == {} for each in map(orjson.loads, cards))
    assert list(kept) == ["1.900001"]
    assert ServiceOut().validate(orjson.loads(kept["1.900001"])) == {}


@SQLITE
def test_where_one_way_varies_it_depends_on_the_case(app: Flask, client: FlaskClient) -> None:
    way = {"way": "online", "time_limit": "03 ngày; 08 ngày nếu phải xác minh", "fee": "Không"}
    bring(app, record(channels=[way, {**way, "way": "post", "fee": "8.000 đồng"}]))
    found = got(client, CODE)
    assert found["time"]["vi"] == "từ 3 đến 8 ngày, tùy trường hợp"
    assert found["fee"]["vi"] == "Miễn phí – 8.000 đ, tùy cách nộp"
    assert found["channels"][0]["time_limit"] == way["time_limit"]
    assert found["channels"][0]["time"] == found["time"]
