"""Near a boundary the citizen says in which ward he is; elsewhere coordinates do."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from smartcity.reports.models import Report, ReportEvent
from tests.helpers import Headers, file_report, moved, report_body, rows
from tests.reports.intake.conftest import EAST, WEST, at

pytestmark = pytest.mark.usefixtures("bordered")


def located(client: FlaskClient, metres: float) -> dict:
    answer = client.get("/api/v1/areas/locate", query_string=at(metres))
    assert answer.status_code == 200, answer.json
    return answer.json


def file(client: FlaskClient, me: Headers, metres: float, **body: object) -> TestResponse:
    return client.post("/api/v1/reports", json=report_body(**at(metres), **body), headers=me)


def confirm(client: FlaskClient, me: Headers, report: dict, area: str) -> TestResponse:
    return client.put(f"/api/v1/reports/{report['id']}/area", json={"area": area}, headers=me)


@pytest.mark.parametrize(
    ("metres", "ward", "confirmed"),
    [(-51, WEST, False), (-49, WEST, True), (49, EAST, True), (51, EAST, False)],
)
def test_the_app_is_told_to_ask(
    client: FlaskClient, metres: float, ward: str, confirmed: bool
) -> None:
    told = located(client, metres)
    assert (told["ward"]["code"], told["confirm"]) == (ward, confirmed)
    assert [c["code"] for c in told["candidates"]] == ([WEST, EAST] if confirmed else [ward])


def test_on_the_line_itself_two_wards_stand_to_choice(client: FlaskClient) -> None:
    told = located(client, 0)
    assert (told["ward"]["code"], told["exact"], told["confirm"]) == (WEST, True, True)


def test_a_shore_has_its_nearest_ward(client: FlaskClient) -> None:
    told = located(client, 3_115 + 300)  # 300 m outside the eastern ward
    assert (told["ward"]["code"], told["exact"], told["confirm"]) == (EAST, False, False)


def test_the_word_of_the_citizen_counts_near_a_boundary(
    app: Flask, client: FlaskClient, me: Headers, operator: Headers
) -> None:
    assert file(client, me, 20, area=WEST).json["area"] == WEST
    assert file(client, me, 20).json["area"] == EAST
    assert [r.area_uncertain for r in rows(app, Report)] == [False, True]
    assert [r.suggested_agency for r in rows(app, Report)] == ["so-xay-dung"] * 2
    for metres, area in ((20, "10532"), (20, "nowhere"), (200, WEST)):
        refused = file(client, me, metres, area=area)
        assert (refused.status_code, refused.json["errors"].keys()) == (422, {"area"})
    assert file(client, me, 200, area=EAST).json["area"] == EAST


def test_he_says_it_afterwards(
    app: Flask, client: FlaskClient, me: Headers, stranger: Headers, operator: Headers
) -> None:
    report = file_report(client, me, category="urban_order", **at(20))
    seen = f"/api/v1/officer/reports/{report['id']}"
    intake = client.get(seen, headers=operator).json["intake"]
    assert (intake["area_uncertain"], intake["suggested_agency"]) == (True, f"ubnd-{EAST}")
    assert confirm(client, stranger, report, WEST).status_code == 404
    assert confirm(client, me, report, "10532").json["errors"].keys() == {"area"}
    said = confirm(client, me, report, WEST).json
    assert (said["area"], said["status"], said["version"]) == (WEST, "submitted", 2)
    intake = client.get(seen, headers=operator).json["intake"]
    assert (intake["area_uncertain"], intake["suggested_agency"]) == (False, f"ubnd-{WEST}")
    assert [e.move for e in rows(app, ReportEvent)] == ["submit", "confirm_area"]
    steps = client.get(f"/api/v1/reports/{report['id']}/timeline", headers=me).json["items"]
    assert [step["move"] for step in steps] == ["submit"]
    moved(client, operator, said, "acceptance")
    late = confirm(client, me, report, EAST)
    assert (late.status_code, late.json["type"]) == (409, "urn:problem:report.move_not_allowed")


@pytest.mark.parametrize(
    "address",
    ["Thị trấn Nam Sách, huyện Nam Sách, tỉnh Hải Dương", "Quận 1, Sài Gòn", "Hà Nội"],
)
def test_an_old_name_in_the_address_does_not_matter(
    client: FlaskClient, me: Headers, address: str
) -> None:
    report = file(client, me, 400, address=address).json
    assert (report["area"], report["address"]) == (EAST, address)


@pytest.mark.parametrize("place", [(20.3, 107.3), (20.95, 106.44), (21.0285, 105.8542)])
def test_the_sea_and_the_neighbours_are_refused(
    client: FlaskClient, me: Headers, place: tuple[float, float]
) -> None:
    where = dict(zip(("latitude", "longitude"), place, strict=True))
    answer = client.post("/api/v1/reports", json=report_body(**where), headers=me)
    assert (answer.status_code, answer.json["errors"].keys()) == (422, {"latitude", "longitude"})
    with_word = {**where, "area": EAST}
    answer = client.post("/api/v1/reports", json=report_body(**with_word), headers=me)
    assert answer.status_code == 422
