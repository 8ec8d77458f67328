"""A register from draft to withdrawal, as officers keep it and the public reads it."""

import io
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from smartcity.audit.models import AuditEntry
from smartcity.core import clock
from smartcity.guide.events.event import EVENT
from smartcity.guide.places.place import PLACE
from smartcity.identity.permissions import Role
from smartcity.registers.models import Entry, EntryArea, EntryPoint
from tests.helpers import Headers, bearer, count, officer, rows, until, upload, work
from tests.registers.lists import HEADINGS, HOSPITAL
from tests.registers.records_made import drafted, published

EVENTS = "/api/v1/events"
DESK, BOARD = "/api/v1/officer/places", "/api/v1/places"
PLACED = {"category": "market", "latitude": 20.8525, "longitude": 106.6823}
WHY = {"reason": "Theo công văn."}
OF_PLACES = AuditEntry.action.startswith("place.")
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def editor(app: Flask) -> Headers:
    return bearer(officer(app, Role.CONTENT_EDITOR))


def deed(client: FlaskClient, who: Headers, entry: dict[str, Any], path: str) -> dict[str, Any]:
    tag = {"If-Match": f'"{entry["version"]}"'}
    answer = client.post(f"{DESK}/{entry['id']}/{path}", json=WHY, headers={**who, **tag})
    assert answer.status_code == 200, answer.json
    return answer.json


def titles(client: FlaskClient, query: str = "") -> list[str]:
    return [card["title"] for card in client.get(f"{BOARD}{query}").json["items"]]


def test_from_draft_to_withdrawal(app: Flask, client: FlaskClient, editor: Headers) -> None:
    made = client.post(DESK, json={"title": "Chợ Sắt", **PLACED}, headers=editor)
    entry = made.json
    assert (made.status_code, entry["state"], made.headers["ETag"]) == (201, "draft", '"1"')
    assert titles(client) == []
    entry = deed(client, editor, entry, "publication")
    assert titles(client) == titles(client, "?q=cho sat") == ["Chợ Sắt"]
    assert count(app, EntryPoint) == count(app, EntryArea) == 1
    found = client.get("/api/v1/search?q=cho sat").json["items"]
    assert [each["kind"] for each in found] == ["place"]
    deed(client, editor, entry, "withdrawal")
    gone = client.get(f"{BOARD}/{entry['id']}")
    assert (gone.status_code, titles(client), count(app, EntryPoint)) == (404, [], 0)
    assert client.get("/api/v1/search?q=cho sat").json["items"] == []


def test_a_change_shows_and_an_earlier_version_comes_back(
    app: Flask, client: FlaskClient, editor: Headers
) -> None:
    entry = published(app, PLACE, title="Chợ cũ", **PLACED)
    one, tag = f"{DESK}/{entry.id}", {**editor, "If-Match": f'"{entry.version}"'}
    body = {"title": "Chợ mới", **PLACED}
    changed = client.put(f"{one}?reason=x", json=body, headers=tag)
    assert (changed.status_code, titles(client)) == (200, ["Chợ mới"])
    late = client.put(f"{one}?reason=x", json=body, headers=tag)
    assert late.status_code == 412
    tag["If-Match"] = changed.headers["ETag"]
    back = client.post(f"{one}/versions/1/restoration", json=WHY, headers=tag)
    assert (back.status_code, titles(client)) == (200, ["Chợ cũ"])
    versions = client.get(f"{one}/versions", headers=editor).json["items"]
    told = [(each["number"], each["deed"], each["fields_changed"]) for each in versions]
    assert told == [
        (4, "changed", ["title"]),
        (3, "changed", ["title"]),
        (2, "published", []),
        (1, "entered", []),
    ]
    assert versions[0]["reason"] == WHY["reason"]
    deeds = [each.action for each in rows(app, AuditEntry, OF_PLACES)]
    assert deeds == ["place.enter", "place.publish", "place.change", "place.change"]


def test_pages_by_title_lose_and_repeat_nothing(app: Flask, client: FlaskClient) -> None:
    named = ["Đình Áng", "ao vua", "Bến Bính", "Chợ Sắt", "chợ Đổ"]
    for title in named:
        published(app, PLACE, title=title, **PLACED)
    drafted(app, PLACE, title="A", **PLACED)
    seen, cursor = [], ""
    while cursor is not None:
        page = client.get(f"{BOARD}?limit=2&cursor={cursor}" if cursor else f"{BOARD}?limit=2").json
        seen += [card["title"] for card in page["items"]]
        cursor = page["next_cursor"]
    assert seen == ["ao vua", "Bến Bính", "chợ Đổ", "Chợ Sắt", "Đình Áng"]


def an_event(app: Flask, **ends: float) -> Entry:
    now = clock.now()
    window = {"starts": now.isoformat(), "ends": (now + timedelta(**ends)).isoformat()}
    return published(app, EVENT, title="Hội", category="fair", venue="Bến Bính", **window)


def test_a_window_that_is_past_is_noted(app: Flask, client: FlaskClient) -> None:
    entry = an_event(app, seconds=0.5)
    until(lambda: work(app, "registers"))
    assert client.get(EVENTS).json["items"] == []
    (past,) = client.get(f"{EVENTS}?over=true").json["items"]
    assert past["id"] == str(entry.id)


@on_sqlite
def test_a_window_that_was_moved_stays_open(
    app: Flask, client: FlaskClient, editor: Headers
) -> None:
    entry = an_event(app, seconds=0.5)
    body = {**entry.record, "ends": "2099-01-01T08:00:00+07:00"}
    tag = {**editor, "If-Match": f'"{entry.version}"'}
    desk = f"/api/v1/officer/events/{entry.id}"
    assert client.put(f"{desk}?reason=x", json=body, headers=tag).status_code == 200
    until(lambda: work(app, "registers"))
    assert len(client.get(EVENTS).json["items"]) == 1


@on_sqlite
def test_a_photo_shows_with_its_words(app: Flask, client: FlaskClient, editor: Headers) -> None:
    media = upload(client, editor)
    photos = [{"media_id": media, "alt": "Cổng chính, có đường dốc"}]
    body = {"title": "Chợ Sắt", **PLACED, "photos": photos}
    entry = client.post(DESK, json=body, headers=editor).json
    tag = {**editor, "If-Match": '"1"'}
    early = client.post(f"{DESK}/{entry['id']}/publication", json=WHY, headers=tag)
    assert (early.status_code, list(early.json["errors"])) == (422, ["photos"])
    work(app, "media")
    deed(client, editor, entry, "publication")
    (shown,) = client.get(f"{BOARD}/{entry['id']}").json["photos"]
    assert shown["alt"] == "Cổng chính, có đường dốc"
    assert shown["photo"]["id"] == media


@on_sqlite
def test_another_s_photo_is_refused(app: Flask, client: FlaskClient, editor: Headers) -> None:
    media = upload(client, bearer(officer(app, Role.CONTENT_EDITOR)))
    photos = [{"media_id": media, "alt": "Cổng"}]
    made = client.post(DESK, json={"title": "Chợ", **PLACED, "photos": photos}, headers=editor)
    assert (made.status_code, list(made.json["errors"])) == (422, ["photos"])


@on_sqlite
def test_a_key_names_one_entry(client: FlaskClient, editor: Headers) -> None:
    body = {"title": "Chợ", "key": "cho", **PLACED}
    assert client.post(DESK, json=body, headers=editor).status_code == 201
    again = client.post(DESK, json=body, headers=editor)
    assert (again.status_code, list(again.json["errors"])) == (422, ["key"])


def brought(client: FlaskClient, who: Headers, *lines: str, **asked: Any) -> Any:
    content = "\n".join([HEADINGS, *lines]).encode()
    form = {"file": (io.BytesIO(content), "places.csv"), **asked}
    return client.post(f"{DESK}/import", data=form, headers=who)


@on_sqlite
def test_an_officer_s_file_is_compared_then_applied(
    app: Flask, client: FlaskClient, editor: Headers
) -> None:
    shown = brought(client, editor, HOSPITAL).json
    assert (shown["applied"], shown["new"], titles(client)) == (False, 1, [])
    assert shown["coming"] == [
        {"line": 2, "key": "bv-1", "title": "Bệnh viện Một", "new": True, "changes": []}
    ]
    done = brought(client, editor, HOSPITAL, apply="true").json
    assert (done["applied"], titles(client)) == (True, ["Bệnh viện Một"])
    (told,) = rows(app, AuditEntry, OF_PLACES)
    assert (told.action, told.after["file"], told.after["sha256"]) == (
        "place.import",
        "places.csv",
        done["sha256"],
    )
    again = brought(client, editor, HOSPITAL.replace("Một", "Hai")).json
    assert again["coming"][0]["changes"] == [
        {"field": "title", "before": "Bệnh viện Một", "after": "Bệnh viện Hai"}
    ]


@on_sqlite
def test_a_refused_record_is_told_in_the_reader_s_words(
    app: Flask, client: FlaskClient, editor: Headers
) -> None:
    swapped = "b,Chợ,Chợ,,106.68,20.85,,"
    told = brought(client, editor, HOSPITAL, swapped, apply="true").json
    assert (told["applied"], told["refused"], count(app, Entry)) == (False, 1, 0)
    message = "Vĩ độ và kinh độ có vẻ bị đổi chỗ cho nhau."
    assert told["refusals"] == [{"line": 3, "key": "b", "field": "latitude", "message": message}]


@on_sqlite
@pytest.mark.parametrize(
    ("content", "name", "status"),
    [
        (b"x", "a.exe", 422),
        ("BÖnh viÖn ®­êng".encode("latin-1"), "a.csv", 422),
        (b"T\xc3\xaan\n" + b"a\n" * 5_001, "a.csv", 422),
        (b"x" * (5 * 1024 * 1024 + 1), "a.csv", 413),
    ],
)
def test_a_file_that_cannot_be_taken(
    client: FlaskClient, editor: Headers, content: bytes, name: str, status: int
) -> None:
    form = {"file": (io.BytesIO(content), name)}
    answer = client.post(f"{DESK}/import", data=form, headers=editor)
    assert answer.status_code == status, answer.json


@on_sqlite
def test_a_field_that_is_no_file(client: FlaskClient, editor: Headers) -> None:
    answer = client.post(f"{DESK}/import", data={"file": "words"}, headers=editor)
    assert (answer.status_code, list(answer.json["errors"])) == (422, ["file"])


@on_sqlite
def test_the_list_as_csv_is_recorded(app: Flask, client: FlaskClient, editor: Headers) -> None:
    published(app, PLACE, title="=Chợ", key="cho", **PLACED)
    lines = client.get(f"{DESK}.csv?q=cho", headers=editor).get_data(as_text=True).splitlines()
    assert '"cho","Đã công bố","market","\'=Chợ"' in lines[1]
    assert any("export" in each.action for each in rows(app, AuditEntry))
