"""The officers' list of campaigns, and it as a file."""

from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient

from smartcity.audit.models import AuditEntry
from tests.campaigns.desk import CAMPAIGNS, draft, taken
from tests.helpers import Headers, rows

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def names(client: FlaskClient, who: Headers, query: str = "") -> list[str]:
    answer = client.get(f"{CAMPAIGNS}?{query}", headers=who)
    assert answer.status_code == 200, answer.json
    return [one["name"] for one in answer.json["items"]]


def test_the_list_is_narrowed(
    client: FlaskClient, operator: Headers, editor: Headers, lead: Headers
) -> None:
    flood = draft(client, operator, name="Lũ trên sông Thái Bình", category="warnings")
    second = draft(client, editor, name="Khảo sát 100 %", category="surveys")
    third = draft(client, editor, name="Đường Điện Biên Phủ")
    taken(client, editor, third, "", "DELETE")
    assert names(client, lead) == [third["name"], second["name"], flood["name"]]
    author = second["made_by"].partition(":")[2]
    for query, found in [
        ("state=draft", [second, flood]),
        ("state=draft&state=cancelled", [third, second, flood]),
        ("category=warnings", [flood]),
        (f"made_by={author}", [third, second]),
        (f"q={quote('song thai binh')}", [flood]),
        (f"q={quote('duong DIEN')}", [third]),
        (f"q={quote('100 %')}", [second]),
        (f"q={quote('1%')}", []),
        (f"since={quote(second['made_at'])}", [third, second]),
        (f"until={quote(second['made_at'])}", [flood]),
        ("unreviewed=true", []),
    ]:
        assert names(client, lead, query) == [one["name"] for one in found], query
    for query in ("state=asleep", "made_by=me", "since=yesterday", "colour=red"):
        assert client.get(f"{CAMPAIGNS}?{query}", headers=lead).status_code == 422, query


@SQLITE
def test_pages_lose_and_repeat_nothing(client: FlaskClient, operator: Headers) -> None:
    made = [draft(client, operator, name=f"Số {n}")["name"] for n in range(7)]
    found, cursor = [], ""
    for _ in range(3):
        page = client.get(f"{CAMPAIGNS}?limit=3{cursor}", headers=operator).json
        found += [one["name"] for one in page["items"]]
        cursor = f"&cursor={page['next_cursor']}"
        draft(client, operator, name="mới hơn")
    assert found == made[::-1]
    assert page["next_cursor"] is None
    stale = client.get(f"{CAMPAIGNS}?state=draft{cursor}", headers=operator)
    assert stale.status_code == 400


@SQLITE
def test_the_list_as_a_file_holds_no_formula_and_is_recorded(
    app: Flask, client: FlaskClient, operator: Headers
) -> None:
    draft(client, operator, name="=1+1")
    draft(client, operator, name="Bão số 3", category="warnings")
    answer = client.get(f"{CAMPAIGNS}.csv?category=events", headers=operator)
    lines = answer.get_data(as_text=True).splitlines()
    assert lines[0].startswith('\ufeff"Trạng thái","Mã","Tên"')
    assert len(lines) == 2
    assert ',"\'=1+1",' in lines[1]
    (entry,) = rows(app, AuditEntry, AuditEntry.action == "campaign.export")
    assert entry.detail == {"filters": {"category": "events"}}


@SQLITE
def test_what_is_not_there_is_not_found(client: FlaskClient, operator: Headers) -> None:
    nowhere = f"{CAMPAIGNS}/0198c0de-4a6e-7c1a-9b7e-2f1d3c4b5a69"
    for method, path in [("GET", ""), ("GET", "/steps"), ("POST", "/lint"), ("POST", "/dry-run")]:
        assert client.open(nowhere + path, method=method, headers=operator).status_code == 404
    for noun in ("copy", "recall"):
        assert client.post(f"{nowhere}/{noun}", headers=operator).status_code == 404
