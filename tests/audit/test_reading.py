"""Reading the record: auditors only, nothing lost between pages, every search recorded."""

import csv
import io
import json
import uuid
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from smartcity.audit import jobs, reading, service
from smartcity.audit.models import AuditEntry
from smartcity.audit.schemas import AuditFilter
from smartcity.core import clock, vault
from smartcity.core.db import transaction
from smartcity.identity.permissions import OFFICER_ROLES, Role
from tests.audit.chains import SOMETHING, attack, deeds, fill, sealed_deeds
from tests.helpers import UNIT, Headers, bearer, citizen, file_report, officer, rows
from tests.test_nasty_values import NASTY

LIST, EXPORT = "/api/v1/audit", "/api/v1/audit/export"


@pytest.fixture
def auditor(app: Flask) -> Headers:
    return bearer(officer(app, Role.AUDITOR))


def listed(client: FlaskClient, headers: Headers, **asked: Any) -> list[dict[str, Any]]:
    """All pages of a search, three entries each."""
    items, cursor = [], {}
    while True:
        query = {"limit": 3, **asked, **cursor}
        answer = client.get(LIST, query_string=query, headers=headers)
        assert answer.status_code == 200, answer.json
        items += answer.json["items"]
        if answer.json["next_cursor"] is None:
            return items
        cursor = {"cursor": answer.json["next_cursor"]}


def exported(client: FlaskClient, headers: Headers, **asked: Any) -> list[list[str]]:
    answer = client.get(EXPORT, query_string=asked, headers=headers)
    assert answer.status_code == 200
    assert answer.content_type == "text/csv; charset=utf-8"
    assert answer.data.startswith(b"\xef\xbb\xbf")
    assert answer.headers["Cache-Control"] == "no-store"
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("path", [LIST, EXPORT])
def test_only_auditors_read(app: Flask, client: FlaskClient, path: str) -> None:
    others = [bearer(officer(app, role, UNIT)) for role in OFFICER_ROLES - {Role.AUDITOR}]
    others.append(bearer(citizen(app)))
    assert {client.get(path, headers=headers).status_code for headers in others} == {403}
    assert client.get(path).status_code == 401
    assert {e.action for e in rows(app, AuditEntry)} == {"sign_in"}


def test_pages_lose_and_repeat_nothing_while_entries_arrive(
    app: Flask, client: FlaskClient, auditor: Headers
) -> None:
    with app.app_context():
        deeds(7)
    first = client.get(LIST, query_string={"limit": 3}, headers=auditor).json
    with app.app_context():
        deeds(2)
    query = {"limit": 100, "cursor": first["next_cursor"]}
    rest = client.get(LIST, query_string=query, headers=auditor).json
    numbers = [item["number"] for item in first["items"] + rest["items"]]
    assert numbers == list(range(8, 0, -1))
    assert rest["next_cursor"] is None


def test_a_search_is_recorded_once_with_its_filters(
    app: Flask, client: FlaskClient, auditor: Headers
) -> None:
    with app.app_context():
        deeds(7)
    assert len(listed(client, auditor, action="thing.", since="2026-01-01T00:00:00Z")) == 7
    (entry,) = [e for e in rows(app, AuditEntry) if e.action == "audit.read"]
    filters = {"action": "thing.", "since": "2026-01-01 00:00:00+00:00"}
    assert entry.detail == {"filters": filters}
    assert entry.actor.startswith("officer:")
    assert entry.address == "127.0.0.1"
    exported(client, auditor, action="thing.")
    exported(client, auditor)
    exports = [e.detail for e in rows(app, AuditEntry) if e.action == "audit.export"]
    assert exports == [{"filters": {"action": "thing."}}, {"filters": {}}]


def test_a_cursor_serves_its_search_and_its_auditor(
    app: Flask, client: FlaskClient, auditor: Headers
) -> None:
    with app.app_context():
        deeds(7)
    page = client.get(LIST, query_string={"limit": 3}, headers=auditor).json
    query = {"limit": 3, "cursor": page["next_cursor"]}
    another = bearer(officer(app, Role.AUDITOR))
    assert client.get(LIST, query_string=query, headers=auditor).status_code == 200
    for headers, asked in (
        (another, query),
        (auditor, {**query, "actor": "officer:1"}),
        (auditor, {"cursor": "x"}),
    ):
        assert client.get(LIST, query_string=asked, headers=headers).status_code == 400


def test_filters(app: Flask, client: FlaskClient, auditor: Headers) -> None:
    other = uuid.uuid4()
    with app.app_context():
        deeds(2)
        with transaction() as session:
            service.record(session, "officer:2", "thing_x.break", ("thing", other))
            service.record(session, "officer:2", "report.accept", ("report", SOMETHING))
    now = clock.now().isoformat()
    for asked, found in (
        ({"actor": "officer:2"}, 2),
        ({"action": "thing"}, 3),
        ({"action": "thing."}, 2),
        ({"action": "thing_"}, 1),
        ({"action": "%"}, 0),
        ({"subject_kind": "report"}, 1),
        ({"subject_id": str(SOMETHING)}, 3),
        ({"subject_id": str(SOMETHING), "actor": "officer:1"}, 2),
        ({"since": now}, 0),
        ({"until": "2026-01-01T00:00:00Z"}, 0),
        ({"address": "203.0.113.9"}, 0),
    ):
        items = client.get(LIST, query_string=asked, headers=auditor).json["items"]
        assert len([i for i in items if not i["action"].startswith("audit.")]) == found, asked
        rest = exported(client, auditor, **asked)[1:]
        assert len([row for row in rest if not row[3].startswith("audit.")]) == found, asked
    assert listed(client, auditor, address="127.0.0.1")


def test_a_citizens_address_is_shown_while_he_has_a_key(
    app: Flask, client: FlaskClient, auditor: Headers
) -> None:
    me = bearer(citizen(app))
    file_report(client, me)
    (filed,) = listed(client, auditor, action="report.submit")
    assert filed["address"] is None
    assert filed["private"] == {"address": "127.0.0.1"}
    person = uuid.UUID(filed["actor"].partition(":")[2])
    whole = json.dumps(exported(client, auditor, action="report."))
    assert str(person) in whole
    assert "127.0.0.1" not in whole
    with app.app_context(), transaction() as session:
        vault.destroy_key(session, person)
    (filed,) = listed(client, auditor, action="report.submit")
    assert (filed["address"], filed["private"]) == (None, None)


def test_an_export_is_whole_and_opens_as_text(
    app: Flask, client: FlaskClient, auditor: Headers
) -> None:
    many = 2 * reading.BATCH + 3
    formula = '=HYPERLINK("http://evil.example","xem")'
    with app.app_context():
        fill(many)
        with transaction() as session:
            service.record(session, formula, "@SUM(1)", ("-2+3", None), words='Ổ "gà",\r\n=1')
    client.get(LIST, headers={**auditor, "X-Request-ID": "-1234567"})
    head, *lines = exported(client, auditor)
    assert head[:3] == ["Số", "Thời điểm (UTC)", "Người thực hiện"]
    numbers = [int(line[0]) for line in lines]
    assert numbers == sorted({e.number for e in rows(app, AuditEntry)}, reverse=True)
    cells = [cell for line in lines for cell in line]
    assert not [cell for cell in cells if cell[:1] in set("=+-@\t\r\n\0") and cell]
    assert {f"'{formula}", "'@SUM(1)", "'-2+3", "'-1234567"} <= set(cells)
    assert json.dumps({"words": 'Ổ "gà",\r\n=1'}, ensure_ascii=False) in cells
    english = client.get(EXPORT, headers={**auditor, "Accept-Language": "en"}, query_string={})
    assert '"Number","Time (UTC)"' in english.text


def test_an_export_is_read_as_it_is_sent(app: Flask, client: FlaskClient, auditor: Headers) -> None:
    with app.app_context():
        fill(2 * reading.BATCH)
    answer = client.get(EXPORT, headers=auditor)
    assert answer.is_streamed
    sizes = [len(part) for part in answer.response]
    assert len(sizes) == 4  # the headings, and each batch
    answer.close()


def metrics(client: FlaskClient) -> dict[str, float]:
    lines = client.get("/metrics").text.splitlines()
    return {k: float(v) for k, v in (x.split() for x in lines if x.startswith("audit_"))}


def test_metrics_ring_when_sealing_stands_still_or_the_chain_breaks(
    app: Flask, client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    assert metrics(client) == {"audit_chain_position": 0, "audit_unsealed_age_seconds": 0}
    with app.app_context():
        deeds(4)
        age = metrics(client)["audit_unsealed_age_seconds"]
        assert 3600 <= age < 3700
        jobs.verify_newest()
        assert metrics(client)["audit_chain_ok"] == 1
        assert metrics(client)["audit_chain_position"] == 4
        assert metrics(client)["audit_unsealed_age_seconds"] < 60
        sealed_deeds(1)
        attack("UPDATE audit_entries SET actor = 'officer:2' WHERE number = 3")
        jobs.verify_newest()
    assert metrics(client)["audit_chain_ok"] == 0
    (line,) = [r.getMessage() for r in caplog.records if "audit.broken" in r.getMessage()]
    assert "'altered'" in line
    assert "'position': 3" in line


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_no_filter_makes_us_crash(client: FlaskClient, auditor: Headers) -> None:
    for name in ("cursor", *AuditFilter().fields):
        for value in map(str, NASTY):
            given = {name: value.encode(errors="surrogatepass").decode("latin-1")}
            for path in (LIST, EXPORT):
                answer = client.get(path, query_string=given, headers=auditor)
                assert answer.status_code < 500, (name, value, answer.text)
