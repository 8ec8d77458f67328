"""A list of procedures, from a spreadsheet to a citizen's question, and a link that broke."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import xlsxwriter
from click.testing import CliRunner, Result
from flask import Flask
from flask.testing import FlaskClient

from smartcity.catalogue.opening.jobs import by_night
from smartcity.cli import main
from smartcity.core import clock
from smartcity.identity.permissions import Role
from smartcity.sandbox.portal import Portal
from tests.catalogue.opening.conftest import app, portal  # noqa: F401
from tests.catalogue.portals_made import IDS
from tests.helpers import bearer, officer, work

Run = Callable[..., Result]
NIGHT = datetime(2026, 11, 22, 19, 5, tzinfo=UTC)  # 2:05 of the 23rd in the province
SERVICES = "/api/v1/services"
HEADINGS = (
    *("Mã TTHC", "Tên thủ tục", "Lĩnh vực", "Cấp thực hiện", "Cơ quan thực hiện", "Mức độ DVC"),
    *("Hình thức nộp", "Thời hạn giải quyết", "Phí, lệ phí", "Thành phần hồ sơ"),
    *("Mẫu liên kết", "Giá trị liên kết"),
)
PERMIT = (
    *("1.900001.000.00.00.H24", "Cấp phép nuôi voi", "Chăn nuôi", "Cấp xã", "UBND cấp xã"),
    *("Toàn trình", "Trực tuyến", "05 ngày làm việc", "Không", "Đơn đề nghị"),
    *("national_portal", f"id={IDS[0]}"),
)
# The same again with a way in person: a list writes one line for each.
IN_PERSON = (*PERMIT[:6], "Trực tiếp", "Không quy định", "50.000 đồng", *PERMIT[9:])
BURIAL = (
    *("1.900002", "Chôn cất voi", "Chăn nuôi", "Cấp xã", "UBND cấp xã", "Một phần"),
    *("Trực tuyến", "Trong ngày", "Miễn phí", "Giấy chứng tử của voi"),
    *("national_portal", f"id={IDS[1]}"),
)
NOT_A_CODE = ("12", "Không có mã", *BURIAL[2:])


@pytest.fixture
def run(app: Flask, database_url: str, tmp_path: Path) -> Run:  # noqa: F811
    env = {
        "SMARTCITY_DATABASE_URL": database_url,
        "SMARTCITY_VAR_DIR": str(tmp_path),
        "SMARTCITY_PROVINCE_DIR": str(tmp_path / "province"),
    }
    return lambda *words: CliRunner().invoke(main, ("catalogue", *words), env=env)


def _workbook(file: Path, *rows: tuple[str, ...]) -> str:
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet("Danh mục TTHC")
        for number, cells in enumerate((HEADINGS, *rows)):
            sheet.write_row(number, 0, cells)
    return str(file)


def _found(client: FlaskClient, question: str) -> list[str]:
    answer = client.get(SERVICES, query_string={"q": question})
    assert answer.status_code == 200, answer.text
    return [item["code"] for item in answer.json["items"]]


def _nights(app: Flask, *nights: datetime) -> None:  # noqa: F811
    for night in nights:
        with clock.frozen(night):
            with app.app_context():
                by_night()
            work(app, "links")


def test_spreadsheet_difference_applied_found_opened_and_a_broken_link(
    app: Flask,  # noqa: F811
    client: FlaskClient,
    run: Run,
    portal: Portal,  # noqa: F811
    tmp_path: Path,
) -> None:
    listed = _workbook(tmp_path / "list.xlsx", PERMIT, IN_PERSON, BURIAL, NOT_A_CODE)
    shown = run("import", listed)
    assert shown.exit_code == 1, shown.output  # a row was refused
    for told in ("1.900001", "1.900002", "5"):  # the procedures that are new, the refused line
        assert told in shown.output, shown.output
    assert _found(client, "nuôi voi") == []  # only shown

    applied = run("import", listed, "--apply", "--by", "phong.kstthc", "--reason", "Danh mục 2026")
    assert "applied" in applied.output, applied.output
    assert _found(client, "muon nuoi voi thi xin phep o dau")[0] == "1.900001"
    told = client.get(f"{SERVICES}/1.900001.000.00.00.H24").json
    assert [each["way"] for each in told["channels"]] == ["online", "in_person"]
    assert run("import", listed, "--apply").exit_code == 1  # the same again changes nothing
    assert client.get(f"{SERVICES}/1.900001").json["version"] == told["version"] == 1

    sooner = (*PERMIT[:7], "03 ngày làm việc", *PERMIT[8:])
    changed = run("import", _workbook(tmp_path / "new.xlsx", sooner, IN_PERSON, BURIAL), "--apply")
    assert changed.exit_code == 0, changed.output
    assert "05 ngày làm việc → 03 ngày làm việc" in changed.output
    (change,) = client.get(f"{SERVICES}/1.900001/changes?since=1").json["items"]
    assert "03 ngày làm việc" in str(change["fields"])

    gone, page = (
        client.get(f"{SERVICES}/1.900001/open"),
        f"{portal.url}/thu-tuc-hanh-chinh/{IDS[0]}",
    )
    assert (gone.status_code, gone.headers["Location"]) == (302, page)
    assert page in [link["url"] for link in told["links"]]
    portal.put(IDS[0])
    portal.put(IDS[1], "absent")
    _nights(app, NIGHT, NIGHT + timedelta(days=1))
    editor = bearer(officer(app, Role.CONTENT_EDITOR))
    broken = client.get("/api/v1/officer/services/links?outcome=broken", headers=editor).json
    assert [each["check"]["code"] for each in broken["items"]] == ["1.900002"], broken
