"""Texts with variables: every change a version, every variable accounted for."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from smartcity.audit.models import AuditEntry
from tests.campaigns.desk import CAMPAIGNS, TEMPLATES, wished
from tests.helpers import Headers, at_once, key, rows

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
VI = {"title": "Ngày hội tại {ward}", "body": "Mời bạn đến {place} lúc {hour}."}
EN = {"title": "Fair in {ward}", "body": "Come to {place} at {hour}."}
TEXT = {"category": "events", "content": {"vi": VI, "en": EN}, "link": "/news/ngay-hoi"}
VALUES = {"ward": "Lê Thanh Nghị", "place": "nhà văn hóa", "hour": "8 giờ"}


@pytest.fixture
def template(client: FlaskClient, editor: Headers) -> dict[str, Any]:
    answer = client.post(TEMPLATES, json={**TEXT, "name": "ngay-hoi"}, headers=editor)
    assert (answer.status_code, answer.headers["ETag"]) == (201, '"1"')
    return answer.json


def put(
    client: FlaskClient,
    who: Headers,
    version: int,
    path: str = "",
    method: str = "PUT",
    **body: Any,
) -> TestResponse:
    headers = {**who, "If-Match": f'"{version}"'}
    return client.open(
        f"{TEMPLATES}/ngay-hoi{path}", method=method, json=body or None, headers=headers
    )


def used(client: FlaskClient, who: Headers, **template: Any) -> TestResponse:
    use = {"name": "ngay-hoi", "values": VALUES, **template}
    return client.post(CAMPAIGNS, json=wished(content=None, template=use), headers=who)


def test_a_change_is_a_new_version_and_the_old_one_stays(
    client: FlaskClient, editor: Headers, template: dict[str, Any]
) -> None:
    assert template["variables"] == ["hour", "place", "ward"]
    fewer = {"vi": {**VI, "body": "Mời bạn."}, "en": {**EN, "body": "Come."}}
    changed = put(client, editor, 1, **{**TEXT, "content": fewer})
    assert (changed.status_code, changed.json["version"], changed.headers["ETag"]) == (
        200,
        2,
        '"2"',
    )
    assert put(client, editor, 1, **TEXT).status_code == 412
    assert client.put(f"{TEMPLATES}/ngay-hoi", json=TEXT, headers=editor).status_code == 428
    first = client.get(f"{TEMPLATES}/ngay-hoi/versions/1", headers=editor).json
    assert first["content"] == TEXT["content"]
    assert client.get(f"{TEMPLATES}/ngay-hoi", headers=editor).json["variables"] == ["ward"]
    for absent in ("0", "3", "99999999999"):
        path = f"{TEMPLATES}/ngay-hoi/versions/{absent}"
        assert client.get(path, headers=editor).status_code == 404


def test_two_changes_at_once_are_one(
    app: Flask, client: FlaskClient, editor: Headers, template: dict[str, Any]
) -> None:
    calls = [lambda: put(app.test_client(), editor, 1, **TEXT).status_code] * 4
    assert sorted(at_once(*calls)) == [200, 412, 412, 412]


def test_retired_it_is_offered_no_more_until_it_is_restored(
    app: Flask, client: FlaskClient, editor: Headers, template: dict[str, Any]
) -> None:
    assert put(client, editor, 1, method="DELETE").json["retired_at"]
    assert put(client, editor, 2, method="DELETE").status_code == 409
    assert used(client, editor).json["errors"].keys() == {"template"}
    assert client.get(TEMPLATES, headers=editor).json["items"] == []
    retired = client.get(f"{TEMPLATES}?retired=true", headers=editor).json["items"]
    assert [one["name"] for one in retired] == ["ngay-hoi"]
    assert put(client, editor, 2, "/restoration").json["retired_at"] is None
    assert put(client, editor, 3, "/restoration").status_code == 409
    assert used(client, editor).status_code == 201
    deeds = [entry.action for entry in rows(app, AuditEntry, AuditEntry.subject_kind == "template")]
    assert deeds == ["template.create", "template.retire", "template.restore"]


def test_a_name_is_used_once_and_a_repeat_is_the_same(
    client: FlaskClient, editor: Headers, template: dict[str, Any]
) -> None:
    body = {**TEXT, "name": "mua-lon"}
    again = {**editor, **key()}
    first, repeat = (client.post(TEMPLATES, json=body, headers=again) for _ in range(2))
    assert (first.json, repeat.status_code) == (repeat.json, 201)
    assert client.post(TEMPLATES, json=body, headers=editor).status_code == 409


def test_the_list_is_searched_without_accents(
    client: FlaskClient, editor: Headers, template: dict[str, Any]
) -> None:
    for query, found in [("NGAY HOI", 1), ("moi ban den", 1), ("bão", 0)]:
        items = client.get(TEMPLATES, query_string={"q": query}, headers=editor).json["items"]
        assert len(items) == found, query
    assert client.get(f"{TEMPLATES}?category=news", headers=editor).json["items"] == []


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"content": {"vi": VI}}, "content"),
        ({"content": {"vi": VI, "en": {**EN, "title": "Fair"}}}, "content.en"),
        ({"content": {"vi": {**VI, "title": "{ward} {date}"}, "en": EN}}, "content.en"),
        ({"content": {"vi": {**VI, "title": "{ward} {0}"}, "en": EN}}, "content.vi.title"),
        ({"content": {"vi": {**VI, "title": "{ward.__class__}"}, "en": EN}}, "content.vi.title"),
        ({"content": {"vi": {**VI, "body": "{place} {hour} }"}, "en": EN}}, "content.vi.body"),
        ({"category": "weddings"}, "category"),
        ({"link": "https://gov.vn.evil.com/"}, "link"),
    ],
)
def test_what_no_campaign_could_be_made_of_is_refused(
    client: FlaskClient, editor: Headers, wrong: dict[str, Any], field: str
) -> None:
    answer = client.post(TEMPLATES, json={**TEXT, "name": "ngay-hoi", **wrong}, headers=editor)
    assert answer.status_code == 422
    assert field in answer.json["errors"], answer.json


def test_a_campaign_has_the_words_of_the_version_that_it_names(
    client: FlaskClient, editor: Headers, template: dict[str, Any]
) -> None:
    put(client, editor, 1, **{**TEXT, "content": {"vi": VI, "en": {**EN, "title": "Now: {ward}"}}})
    older = used(client, editor, version=1).json
    assert older["content"]["en"]["title"] == "Fair in Lê Thanh Nghị"
    assert (older["link"], older["template"]["version"]) == ("/news/ngay-hoi", 1)
    assert used(client, editor).json["content"]["en"]["title"] == "Now: Lê Thanh Nghị"


def test_a_missing_and_an_unknown_variable_are_named(
    client: FlaskClient, editor: Headers, template: dict[str, Any]
) -> None:
    values = {"ward": "Thành Đông", "place": "chợ", "date": "mai"}
    answer = used(client, editor, values=values)
    assert answer.status_code == 422
    assert answer.json["errors"].keys() == {"template.values.hour", "template.values.date"}
    assert "hour" in answer.json["errors"]["template.values.hour"][0]
    once = used(client, editor, values={**VALUES, "ward": "{place}"}).json
    assert once["content"]["en"]["title"] == "Fair in {place}"  # a value is not read again
    assert used(client, editor, name="khong-co").status_code == 404
