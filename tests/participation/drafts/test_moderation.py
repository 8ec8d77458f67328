"""Officers read comments before the public; the drafting agency replies, and it is summed up."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from smartcity.core import clock
from smartcity.identity.permissions import Role
from tests.helpers import OTHER_UNIT, Headers, bearer, officer, work
from tests.media.documents import GOOD
from tests.participation.drafts.commenting import (
    CLAUSES,
    QUEUE,
    comment,
    decide,
    decided,
    open_draft,
    path,
    shown,
)

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
WHY = "Có số điện thoại của người khác."
ACCEPTED = {"accepted": True, "explanation": "Thêm giờ buổi sáng."}


def test_a_decision_is_made_once_told_and_undone(
    app: Flask, client: FlaskClient, me: Headers, operator: Headers
) -> None:
    draft = open_draft(app)
    one = comment(client, draft, me)
    refused = decided(client, operator, one, "refusal", reason=WHY)
    assert (refused["state"], refused["reason"]) == ("refused", WHY)
    assert decide(client, operator, one, "publication").status_code == 412
    assert decide(client, operator, refused, "publication").status_code == 409
    again = decided(client, operator, refused, "reconsideration", reason="Nhầm.")
    assert (again["state"], again["reason"]) == ("received", None)
    published = decided(client, operator, again, "publication")
    assert [read["id"] for read in shown(client, draft)] == [one["id"]]
    decided(client, operator, published, "reconsideration", reason="Nhầm.")
    assert shown(client, draft) == []
    work(app, "inbox")
    told = [item["title"] for item in client.get("/api/v1/me/inbox", headers=me).json["items"]]
    assert sorted(told) == ["Góp ý của bạn không được đăng", "Góp ý của bạn đã được đăng"]


@SQLITE
def test_the_queue_is_searched_without_accents_and_marks_what_is_doubtful(
    app: Flask, client: FlaskClient, me: Headers, operator: Headers
) -> None:
    draft = open_draft(app)
    comment(client, draft, me)
    words = "Gọi ông ấy số 0912 345 678, căn cước 031099001234."
    comment(client, draft, me, words, None)
    waiting = client.get(f"{QUEUE}?state=received&q=thu gom", headers=operator).json["items"]
    assert [one["text"] for one in waiting] == ["Nên thu gom vào buổi sáng."]
    assert waiting[0]["marks"] == []
    (other,) = client.get(f"{QUEUE}?q=can cuoc", headers=operator).json["items"]
    marked = {words[mark["start"] : mark["end"]]: mark["kind"] for mark in other["marks"]}
    assert marked == {"0912 345 678": "phone", "031099001234": "id_number"}
    file = client.get(f"{QUEUE}.csv?q=thu gom", headers=operator).get_data(as_text=True)
    head, line = csv.reader(io.StringIO(file.removeprefix("\ufeff")))
    assert dict(zip(head, line, strict=True))["Nội dung góp ý"] == "Nên thu gom vào buổi sáng."


def test_only_the_drafting_agency_replies(
    app: Flask, client: FlaskClient, me: Headers, operator: Headers, unit: Headers
) -> None:
    draft = open_draft(app)
    one = comment(client, draft, me)
    to_answer = f"/api/v1/officer/drafts/{draft.id}/comments"
    assert decide(client, unit, one, "reply", **ACCEPTED).status_code == 409
    one = decided(client, operator, one, "publication")
    other = bearer(officer(app, Role.UNIT_OFFICER, OTHER_UNIT))
    assert decide(client, other, one, "reply", **ACCEPTED).status_code == 404
    assert client.get(to_answer, headers=other).status_code == 404
    (waiting,) = client.get(f"{to_answer}?replied=false", headers=unit).json["items"]
    replied = decided(client, unit, waiting, "reply", **ACCEPTED)
    (read,) = shown(client, draft, "?replied=true")
    assert (read["accepted"], read["reply"]) == (True, "Thêm giờ buổi sáng.")
    dropped = client.delete(
        f"{QUEUE}/{one['id']}/reply?reason=nhầm",
        headers={**unit, "If-Match": f'"{replied["version"]}"'},
    )
    assert (dropped.status_code, dropped.json["accepted"]) == (200, None)
    work(app, "inbox")
    titles = [item["title"] for item in client.get("/api/v1/me/inbox", headers=me).json["items"]]
    assert titles[0] == "Góp ý của bạn được tiếp thu"


@SQLITE
def test_it_is_summed_up_after_it_closed(
    app: Flask, client: FlaskClient, me: Headers, operator: Headers
) -> None:
    draft = open_draft(app)
    for text, clause, answer in (
        ("=Nên thu gom sáng", "d2", ACCEPTED),
        ("Bỏ điều này đi nhé", "d2", {"accepted": False, "explanation": "Luật yêu cầu."}),
        ("Hoàn toàn ủng hộ.", None, None),
    ):
        one = decided(client, operator, comment(client, draft, me, text, clause), "publication")
        if answer:
            decided(client, operator, one, "reply", **answer)
    comment(client, draft, me)  # waits: no figure counts it
    assert client.get(path(draft, "summary")).status_code == 409
    with clock.frozen(clock.now() + timedelta(days=2)):
        told = client.get(path(draft, "summary")).json
        file = client.get(path(draft, "summary.csv")).get_data(as_text=True)
    assert {name: told[name] for name in ("comments", "accepted", "explained", "waiting")} == {
        "comments": 3,
        "accepted": 1,
        "explained": 1,
        "waiting": 1,
    }
    assert [(one["id"], one["comments"]) for one in told["clauses"]] == [("d1", 0), ("d2", 2)]
    assert told["general"]["waiting"] == 1
    _, first, second, third = csv.reader(io.StringIO(file.removeprefix("\ufeff")))
    by = "Người dân (qua ứng dụng)"
    assert first == [
        "Điều 2. Giờ thu gom", by, "'=Nên thu gom sáng", "Tiếp thu", "Thêm giờ buổi sáng."
    ]  # fmt: skip
    assert second[3:] == ["Giải trình", "Luật yêu cầu."]
    assert third[0] == "Toàn bộ dự thảo"


@SQLITE
def test_a_clause_that_was_commented_on_stays(
    app: Flask, client: FlaskClient, me: Headers, lead: Headers
) -> None:
    draft = open_draft(app)
    comment(client, draft, me)

    def change(clauses: list[dict[str, Any]]) -> int:
        desk = f"/api/v1/officer/drafts/{draft.id}"
        entry = client.get(desk, headers=lead)
        headers = {**lead, "If-Match": entry.headers["ETag"]}
        body = {**entry.json["record"], "clauses": clauses}
        return client.put(f"{desk}?reason=sửa", json=body, headers=headers).status_code

    assert change(CLAUSES[:1]) == 422
    assert change([{**CLAUSES[1], "text": "Từ 5 giờ đến 9 giờ."}]) == 200


@SQLITE
def test_a_file_opens_while_the_draft_is_public(
    app: Flask, client: FlaskClient, lead: Headers
) -> None:
    form = {"file": (io.BytesIO(GOOD["pdf"]), "to-trinh.pdf")}
    file = client.post("/api/v1/officer/files", data=form, headers=lead).json
    documents = [{"title": "Tờ trình", "file_id": file["id"]}]
    draft = open_draft(app, documents=documents)
    (told,) = client.get(path(draft, "")[:-1]).json["documents"]
    assert told["title"] == "Tờ trình"
    local = told["link"].removeprefix("http://localhost:8000")
    assert client.get(local).status_code == 200
    headers = {**lead, "If-Match": f'"{draft.version}"'}
    withdrawn = f"/api/v1/officer/drafts/{draft.id}/withdrawal"
    assert client.post(withdrawn, json={"reason": "x"}, headers=headers).status_code == 200
    assert client.get(local).status_code == 404
