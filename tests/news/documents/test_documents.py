"""The register: entered, published by a second person, found, withdrawn, kept by phones."""

import csv
import io
import uuid
from typing import Any
from urllib.parse import urlsplit

import orjson
import pytest
from flask import Flask
from flask.testing import FlaskClient

from smartcity.audit.models import AuditEntry
from smartcity.changes import service as changes
from smartcity.core.db import reading
from smartcity.core.texts import text
from smartcity.identity.permissions import Role
from smartcity.media.models import File
from smartcity.news import service as news
from smartcity.news.documents.models import Document
from smartcity.search.models import Entry
from tests.helpers import (
    OTHER_UNIT,
    UNIT,
    Headers,
    at_once,
    bearer,
    count,
    key,
    officer,
    rows,
    statements,
)
from tests.news.documents.papers import (
    DESK,
    PUBLIC,
    a_file,
    enter,
    entered,
    publish,
    take,
)

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def editor(app: Flask) -> Headers:
    return bearer(officer(app, Role.CONTENT_EDITOR))


def items(client: FlaskClient, query: str = "") -> list[str]:
    return [item["number"] for item in client.get(f"{PUBLIC}?{query}").json["items"]]


def test_a_document_is_published_by_a_second_person_and_read(
    app: Flask, client: FlaskClient, editor: Headers, lead: Headers
) -> None:
    draft = entered(client, editor, file_id=a_file(client, editor))
    path = f"{PUBLIC}/{draft['id']}"
    assert (items(client), client.get(path).status_code) == ([], 404)
    shown = publish(client, lead, draft)
    assert (shown["state"], shown["moves"]) == ("published", ["withdraw"])
    read = client.get(path)
    assert read.json["number"] == "12/2026/QĐ-UBND"
    assert "made_by" not in read.json
    assert client.get(PUBLIC).json["items"] == [read.json]
    link = urlsplit(read.json["file"]["link"])
    assert (link.query, client.get(link.path).status_code) == ("", 200)
    again = client.get(path, headers={"If-None-Match": read.headers["ETag"]})
    assert again.status_code == 304
    assert [entry.ref for entry in rows(app, Entry)] == [draft["id"]]


def test_withdrawn_it_is_gone_everywhere_and_may_come_back(
    app: Flask, client: FlaskClient, editor: Headers, lead: Headers
) -> None:
    shown = publish(client, lead, entered(client, editor, file_id=a_file(client, editor)))
    first, file = shown["published_at"], urlsplit(shown["file"]["link"])
    taken = take(client, lead, shown, "PUT", "/withdrawal", {"reason": "Nhầm số."}).json
    assert (items(client), client.get(file.path).status_code) == ([], 404)
    assert client.get(f"{file.path}?{file.query}").status_code == 200  # officers' link
    assert (rows(app, Entry), public(app, shown["id"])) == ([], False)
    draft = take(client, editor, taken, "DELETE", "/withdrawal").json
    mended = take(client, editor, draft, "PATCH", "", {"abstract": "Ban hành Quy chế mới"}).json
    again = publish(client, lead, mended)
    assert again["published_at"] == first  # it does not come to the top again
    assert (items(client), client.get(file.path).status_code) == (["12/2026/QĐ-UBND"], 200)
    deeds = [e.action for e in rows(app, AuditEntry) if e.subject_kind == "document"]
    assert deeds == [f"document.{what}" for what in DEEDS]
    reason = rows(app, AuditEntry, AuditEntry.action == "document.withdraw")[0].detail["reason"]
    assert reason == "Nhầm số."


DEEDS = ("create", "publish", "withdraw", "redraft", "edit", "publish")


def public(app: Flask, ref: str) -> bool:
    with app.app_context(), reading() as session:
        return changes.is_public(session, "document", ref)


def test_nobody_publishes_his_own_work(app: Flask, client: FlaskClient, editor: Headers) -> None:
    second = bearer(officer(app, Role.CONTENT_EDITOR))
    third = bearer(officer(app, Role.CONTENT_EDITOR))
    draft = entered(client, editor)
    changed = take(client, second, draft, "PATCH", "", {"signer": None}).json
    for who in (editor, second):
        answer = take(client, who, changed, "PUT", "/publication")
        assert (answer.status_code, answer.json["detail"]) == (403, text("document.own_work", "vi"))
    assert publish(client, third, changed)["signer"] is None


@SQLITE
@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"number": "QĐ-UBND"}, "number"),
        ({"kind": "novel"}, "kind"),
        ({"agency": "khong-co"}, "agency"),
        ({"expires_on": "2026-04-09"}, "expires_on"),
        ({"issued_on": "0026-03-26"}, "issued_on"),
        ({"issued_on": "26/03/2026"}, "issued_on"),
        ({"source_link": "javascript:alert(1)"}, "source_link"),
        ({"file_id": str(uuid.UUID(int=7))}, "file_id"),
        ({"abstract": ""}, "abstract"),
        ({"state": "published"}, "state"),
    ],
    ids=lambda value: str(value) if isinstance(value, dict) else "",
)
def test_the_field_at_fault_is_named(
    client: FlaskClient, editor: Headers, wrong: dict[str, Any], field: str
) -> None:
    answer = enter(client, editor, **wrong)
    assert (answer.status_code, list(answer.json["errors"])) == (422, [field])


def test_an_agency_gives_a_number_once(app: Flask, client: FlaskClient, editor: Headers) -> None:
    spelt = (" 12 / 2026 / qđ-ubnd", "12/2026/QĐ–UBND")
    answers = at_once(*(lambda n=n: enter(app.test_client(), editor, number=n) for n in spelt))
    assert sorted(a.status_code for a in answers) == [201, 409]
    refused = next(a for a in answers if a.status_code == 409)
    assert list(refused.json["errors"]) == ["number"]
    other = entered(client, editor, agency=OTHER_UNIT)
    moved = take(client, editor, other, "PATCH", "", {"agency": UNIT})
    assert (moved.status_code, list(moved.json["errors"])) == (409, ["number"])
    assert count(app, Document) == 2


@SQLITE
def test_a_repeat_is_one_document(app: Flask, client: FlaskClient, editor: Headers) -> None:
    again = {**editor, **key()}
    assert entered(client, again) == entered(client, again)
    assert count(app, Document) == 1


@SQLITE
def test_a_unit_keeps_its_own_and_sees_no_other(
    client: FlaskClient, editor: Headers, unit: Headers, leader: Headers
) -> None:
    own = entered(client, unit)
    other = entered(client, editor, agency=OTHER_UNIT)
    refused = enter(client, unit, agency=OTHER_UNIT, number="1/TB")
    assert (refused.status_code, list(refused.json["errors"])) == (422, ["agency"])
    assert [d["id"] for d in client.get(DESK, headers=unit).json["items"]] == [own["id"]]
    assert client.get(f"{DESK}/{other['id']}", headers=unit).status_code == 404
    assert take(client, leader, other, "PUT", "/publication").status_code == 404
    assert publish(client, leader, own)["state"] == "published"


@SQLITE
def test_a_change_needs_the_version_that_was_seen(client: FlaskClient, editor: Headers) -> None:
    draft = entered(client, editor)
    path, patch = f"{DESK}/{draft['id']}", {"signer": "Lê Bình"}
    assert client.patch(path, json=patch, headers=editor).status_code == 428
    changed = take(client, editor, draft, "PATCH", "", patch)
    assert changed.headers["ETag"] == '"2"'
    assert take(client, editor, draft, "PATCH", "", patch).status_code == 412
    assert client.get(path, headers=editor).headers["ETag"] == '"2"'


@SQLITE
def test_a_step_in_a_wrong_state_changes_nothing(
    client: FlaskClient, editor: Headers, lead: Headers
) -> None:
    empty = entered(client, editor, source_link=None)
    nothing = take(client, lead, empty, "PUT", "/publication")
    assert (nothing.status_code, list(nothing.json["errors"])) == (422, ["file_id"])
    shown = publish(client, lead, entered(client, editor, number="13/QĐ"))
    for method, noun in (("PATCH", ""), ("PUT", "/publication"), ("DELETE", "/withdrawal")):
        body = {} if method == "PATCH" else None
        who = lead if method == "PUT" else editor
        assert take(client, who, shown, method, noun, body).status_code == 409, noun


@SQLITE
def test_a_file_that_was_replaced_belongs_to_nothing(
    app: Flask, client: FlaskClient, editor: Headers
) -> None:
    first, second = a_file(client, editor), a_file(client, editor)
    draft = entered(client, editor, file_id=first)
    take(client, editor, draft, "PATCH", "", {"file_id": second})
    subjects = {str(file.id): file.subject for file in rows(app, File)}
    assert subjects == {first: None, second: f"document:{draft['id']}"}


def test_the_public_list_is_narrowed_and_searched(
    client: FlaskClient, editor: Headers, lead: Headers
) -> None:
    for each in (
        {},
        {"number": "3/KH-SYT", "kind": "plan", "agency": OTHER_UNIT, "abstract": "Tiêm chủng 100%"},
        {"number": "9/2025/QĐ-UBND", "issued_on": "2025-12-31", "abstract": "Giá đất"},
    ):
        publish(client, lead, entered(client, editor, **each))
    assert items(client) == ["9/2025/QĐ-UBND", "3/KH-SYT", "12/2026/QĐ-UBND"]
    assert items(client, "kind=plan") == items(client, f"agency={OTHER_UNIT}") == ["3/KH-SYT"]
    assert items(client, "year=2025") == ["9/2025/QĐ-UBND"]
    for q in ("12/2026/qd-ubnd", "12 / 2026", "quy che DU LIEU", "Cổng"):
        assert items(client, f"q={q}") == ["12/2026/QĐ-UBND"], q
    assert items(client, "q=100%25") == ["3/KH-SYT"]
    assert items(client, "q=_") == []
    page = client.get(f"{PUBLIC}?limit=2").json
    assert [d["number"] for d in page["items"]] == ["9/2025/QĐ-UBND", "3/KH-SYT"]
    assert items(client, f"limit=2&cursor={page['next_cursor']}") == ["12/2026/QĐ-UBND"]
    assert client.get(f"{PUBLIC}?kind=plan&cursor={page['next_cursor']}").status_code == 400


@SQLITE
def test_a_page_of_documents_is_two_statements(
    app: Flask, client: FlaskClient, editor: Headers, lead: Headers
) -> None:
    for number in range(3):
        file = a_file(client, editor)
        publish(client, lead, entered(client, editor, number=f"{number}/TB", file_id=file))
    with statements(app) as seen:
        assert len(items(client, "limit=50")) == 3
    assert sum("documents" in each or "media_files" in each for each in seen) == 2


@SQLITE
def test_phones_keep_what_is_public(
    app: Flask, client: FlaskClient, editor: Headers, lead: Headers
) -> None:
    shown = publish(client, lead, entered(client, editor))
    draft = entered(client, editor, number="14/QĐ")
    with app.app_context(), reading() as session:
        kept = news.documents_for_phones(session, [shown["id"], draft["id"]])
    assert {ref: orjson.loads(told) for ref, told in kept.items()} == {
        shown["id"]: client.get(f"{PUBLIC}/{shown['id']}").json
    }


@SQLITE
def test_officers_take_the_list_as_csv(
    app: Flask, client: FlaskClient, editor: Headers, unit: Headers
) -> None:
    entered(client, editor, abstract="=HYPERLINK(1)")
    entered(client, editor, agency=OTHER_UNIT)
    answer = client.get(f"{DESK}.csv?state=draft&q=12/2026", headers=unit)
    lines = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert [(line["Loại văn bản"], line["Trích yếu"]) for line in lines] == [
        ("Quyết định", "'=HYPERLINK(1)")
    ]
    assert rows(app, AuditEntry, AuditEntry.action == "document.export")
