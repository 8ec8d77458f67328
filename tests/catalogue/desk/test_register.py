"""Officers look through the register, take procedures out of it, and mend what is broken."""

import csv
import io
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from smartcity.audit.models import AuditEntry
from smartcity.catalogue.models import LinkCheck
from smartcity.identity.permissions import Role
from smartcity.sandbox.portal import Portal
from tests.catalogue.portals_made import IDS, link, national, province
from tests.catalogue.records_made import bring, record
from tests.conftest import MakeApp
from tests.helpers import Headers, bearer, officer, rows, work

PATH = "/api/v1/officer/services"
ONE = f"{PATH}/1.900001"
SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
SOURCE = {"address": "https://dichvucong.gov.vn/x", "checked_on": "2026-06-01"}
WHY = {"reason": "Thủ tục bị bãi bỏ."}


@pytest.fixture
def editor(app: Flask) -> Headers:
    return bearer(officer(app, Role.CONTENT_EDITOR, None))


@pytest.fixture
def register(app: Flask) -> None:
    bring(
        app,
        record("1.900001", "Cấp giấy phép nuôi voi", source=SOURCE),
        record("1.900002", "Cấp giấy phép nuôi hổ", field="Lâm nghiệp", degree="partial"),
        record("1.900003", "Đăng ký xe voi kéo", field="Đường bộ"),
    )


def codes(client: FlaskClient, who: Headers, asked: str) -> set[str]:
    answer = client.get(f"{PATH}?{asked}", headers=who)
    assert answer.status_code == 200, answer.json
    return {item["code"][-1] for item in answer.json["items"]}


@pytest.mark.usefixtures("register")
def test_the_register_is_narrowed(client: FlaskClient, editor: Headers) -> None:
    assert codes(client, editor, "") == {"1", "2", "3"}
    assert codes(client, editor, "q=nuoi+VOI") == {"1"}
    assert codes(client, editor, "q=1.900002") == {"2"}
    assert codes(client, editor, "q=%25") == set()
    assert codes(client, editor, "field=Lâm nghiệp") == {"2"}
    assert codes(client, editor, "degree=full") == {"1", "3"}
    assert codes(client, editor, "demo=false") == {"1"}
    assert codes(client, editor, "checked_before=2026-06-01") == {"2", "3"}
    assert codes(client, editor, "checked_before=2026-06-02") == {"1", "2", "3"}
    assert codes(client, editor, "state=withdrawn") == set()
    assert client.get(f"{PATH}?state=lost", headers=editor).status_code == 422


@pytest.mark.usefixtures("register")
def test_the_register_is_paged_and_taken_away(app, client: FlaskClient, editor: Headers) -> None:
    seen, cursor = [], ""
    for _ in range(3):
        page = client.get(f"{PATH}?limit=1{cursor}", headers=editor).json
        seen += [item["code"] for item in page["items"]]
        cursor = f"&cursor={page['next_cursor']}"
    assert seen == ["1.900003", "1.900002", "1.900001"]
    assert page["next_cursor"] is None
    answer = client.get(f"{PATH}.csv?field=Đường bộ", headers=editor)
    heading, line = csv.reader(io.StringIO(answer.text.removeprefix("\ufeff")))
    assert heading[:3] == ["Mã thủ tục", "Tên thủ tục", "Trạng thái"]
    assert line[:3] == ["1.900003", "Đăng ký xe voi kéo", "Đang công khai"]
    assert [row.action for row in rows(app, AuditEntry)][-1] == "service.export"


@pytest.mark.usefixtures("register")
def test_a_procedure_goes_and_comes_back(app, client: FlaskClient, editor: Headers) -> None:
    shown = client.get(f"{PATH}/1.900001.000.00.00.H01", headers=editor)
    assert (shown.json["record"]["name"], shown.headers["ETag"]) == (
        "Cấp giấy phép nuôi voi",
        '"1"',
    )
    path, seen = f"{ONE}/withdrawal", {**editor, "If-Match": '"1"'}
    assert client.put(path, json=WHY, headers=editor).status_code == 428
    assert client.put(path, json={}, headers=seen).status_code == 422
    gone = client.put(path, json=WHY, headers=seen)
    assert (gone.status_code, gone.json["state"], gone.headers["ETag"]) == (200, "withdrawn", '"2"')
    assert codes(client, editor, "state=withdrawn") == {"1"}
    assert client.get("/api/v1/services/1.900001/open").status_code == 410
    assert client.delete(f"{path}?reason=Nhầm", headers=seen).status_code == 412
    seen["If-Match"] = '"2"'
    assert client.delete(path, headers=seen).status_code == 422
    back = client.delete(f"{path}?reason=Nhầm", headers=seen)
    assert (back.status_code, back.json["state"], back.json["version"]) == (200, "published", 3)
    deeds = [row for row in rows(app, AuditEntry) if row.action.startswith("service.")]
    assert [(row.action, row.detail["reason"]) for row in deeds] == [
        ("service.withdraw", WHY["reason"]),
        ("service.restore", "Nhầm"),
    ]


@pytest.mark.usefixtures("register")
def test_what_a_procedure_was_is_kept(app: Flask, client: FlaskClient, editor: Headers) -> None:
    bring(app, record("1.900001", "Cấp giấy phép nuôi voi con", source=SOURCE))
    first = client.get(f"{ONE}/versions?limit=1", headers=editor).json
    rest = client.get(f"{ONE}/versions?cursor={first['next_cursor']}", headers=editor).json
    told = [*first["items"], *rest["items"]]
    assert [(each["number"], each["deed"], each["fields"]) for each in told] == [
        (2, "changed", ["name"]),
        (1, "entered", []),
    ]
    assert told[1]["record"]["name"] == "Cấp giấy phép nuôi voi"
    other = f"{PATH}/1.900002/versions?cursor={first['next_cursor']}"
    assert client.get(other, headers=editor).status_code == 400
    for path in (f"{PATH}/1.999999", f"{PATH}/voi/versions"):
        assert client.get(path, headers=editor).status_code == 404


def test_a_broken_link_is_found_listed_and_mended(make_app: MakeApp, tmp_path: Path) -> None:
    with Portal() as portal:
        host = portal.url.removeprefix("http://")
        web = f"{portal.url}/thu-tuc-hanh-chinh/{{id}}"
        folder = province(tmp_path / "province", national(hosts=[host], web=web))
        app = make_app(province_dir=folder)
        client, editor = app.test_client(), bearer(officer(app, Role.CONTENT_EDITOR, None))
        bring(app, record("1.900001", link=link()), record("1.900002", link=None))
        assert client.get(ONE, headers=editor).json["link_check"] is None
        for _ in range(2):
            assert client.post(f"{ONE}/link-check", headers=editor).status_code == 202
            assert client.post(f"{ONE}/link-check", headers=editor).status_code == 202
            assert work(app, "links") == 1  # however often one presses
        answer = client.get(f"{PATH}/links?outcome=broken", headers=editor)
        (broken,) = answer.json["items"]
        assert broken["name"] == "Cấp giấy phép nuôi voi"
        assert broken["check"]["fault"] == "Cổng trả lời lỗi 404."
        assert client.get(ONE, headers=editor).json["link_check"] == broken["check"]
        taken = client.get(f"{PATH}/links.csv?outcome=broken", headers=editor).text
        line = list(csv.reader(io.StringIO(taken)))[1]
        assert line[1:4] == [broken["name"], "Hỏng", broken["check"]["fault"]]
        portal.put(IDS[0])
        client.post(f"{ONE}/link-check", headers=editor)
        work(app, "links")
        assert client.get(f"{PATH}/links?outcome=broken", headers=editor).json["items"] == []
        assert [row.outcome for row in rows(app, LinkCheck)] == ["good"]
        assert client.post(f"{PATH}/1.900002/link-check", headers=editor).status_code == 409
