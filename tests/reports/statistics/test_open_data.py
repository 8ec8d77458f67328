"""Open data: what was published and nothing else, in three forms that are safe to open."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient

from smartcity.core import clock
from smartcity.reports.statistics import open_data
from tests.reports.statistics.given import HOUR, NOW, put, report

PATH = "/api/v1/public/open-data"
PUBLIC = "/api/v1/public/statistics"
FORMS = ("csv", "json", "xlsx")
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def rows(client: FlaskClient, form: str, query: str = "") -> list[dict[str, Any]]:
    with clock.frozen(NOW):
        answer = client.get(f"{PATH}/reports.{form}?{query}", buffered=True)
        assert answer.status_code == 200, answer.json
        content = answer.data
    if form == "json":
        return json.loads(content)
    table = (
        list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
        if form == "csv"
        else cells(content)
    )
    return [dict(zip(table[0], line, strict=True)) for line in table[1:]]


def cells(workbook: bytes) -> list[list[Any]]:
    """The cells of the first sheet, by their places."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        sheet = ElementTree.fromstring(archive.read("xl/worksheets/sheet1.xml"))
    assert sheet.find(f".//{SHEET}f") is None, "a formula"
    lines = []
    for row in sheet.iter(f"{SHEET}row"):
        line: list[Any] = [None] * len(open_data.COLUMNS["reports"])
        for cell in row:
            letter = "".join(c for c in cell.attrib["r"] if c.isalpha())
            line[ord(letter) - ord("A")] = content(cell)
        lines.append(line)
    return lines


def content(cell: ElementTree.Element) -> Any:
    text = "".join(cell.itertext())
    match cell.get("t"):
        case "b":
            return text == "1"
        case "inlineStr":
            return text
    return float(text)


def test_the_public_gets_what_was_published_and_nothing_else(
    app: Flask, client: FlaskClient
) -> None:
    put(
        app,
        report(number=41, category="traffic_infra.pothole"),
        report(visibility="hidden"),
        report(status="rejected"),
        report(status="duplicate"),
    )
    (told,) = rows(client, "json")
    assert told == {
        "code": "HP-2026-000041",
        "category": "traffic_infra.pothole",
        "category_name": "Ổ gà, mặt đường hư hỏng",
        "area": "10507",
        "area_name": told["area_name"],
        "agency": "so-xay-dung",
        "agency_name": "Sở Xây dựng",
        "status": "resolved",
        "urgent": False,
        "submitted_at": "2026-10-16T08:00:00+07:00",
        "accepted_at": None,
        "resolve_due_at": "2026-10-19T08:00:00+07:00",
        "resolved_at": "2026-10-16T18:00:00+07:00",
        "reopenings": 0,
        "supporters": 0,
        "description": "Ổ gà trước nhà dân",
        "address": None,
        "latitude": 20.941,
        "longitude": 106.331,
    }
    assert told["area_name"] != "10507"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("form", FORMS)
def test_nothing_becomes_a_formula(app: Flask, client: FlaskClient, form: str) -> None:
    nasty = ("=1+1", "+84912", "-2", "@SUM(A1)", "\t=1", "＝1", "https://a.vn", "12", "Ổ gà\n=2")
    put(app, *(report(public_description=words) for words in nasty))
    told = sorted(row["description"] for row in rows(client, form))
    if form == "csv":
        safe = [f"'{w}" if w[0] in "=+-@\t＝" else w for w in nasty]
        assert told == sorted(safe)
    else:
        assert told == sorted(nasty)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_workbook_holds_numbers_as_numbers_and_the_dictionary(
    app: Flask, client: FlaskClient
) -> None:
    put(app, report(urgent=True))
    (told,) = rows(client, "xlsx")
    assert (told["latitude"], told["urgent"], told["address"]) == (20.941, True, None)
    with clock.frozen(NOW):
        answer = client.get(f"{PATH}/reports.xlsx")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert "Mã phản ánh" in archive.read("xl/worksheets/sheet2.xml").decode()
    assert answer.content_type.startswith("application/vnd.openxml")


def test_batches_lose_and_repeat_nothing(app: Flask, client: FlaskClient) -> None:
    """Of 2,500 reports, many at one instant."""
    reports = [report(submitted_at=NOW - (i // 700) * HOUR) for i in range(2500)]
    put(app, *reports)
    told = [row["code"] for row in rows(client, "csv")]
    assert len(set(told)) == len(told) == 2500
    by_time = sorted(reports, key=lambda r: (r["submitted_at"], r["id"].bytes))
    assert told == [f"HP-2026-{r['number']:06d}" for r in by_time]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_filters_and_periods(app: Flask, client: FlaskClient) -> None:
    put(
        app,
        report(category="noise"),
        report(category="traffic_infra.pothole", area="10532"),
        report(submitted_at=NOW - timedelta(days=200), agency="chieu-sang"),
    )
    counts = {
        "": 3,
        "category=traffic_infra": 2,
        "area=10532": 1,
        "agency=chieu-sang": 1,
        "since=2026-10-01": 2,
        "until=2026-10-01": 1,
        "category=noise&area=10532": 0,
    }
    for query, count in counts.items():
        assert len(rows(client, "json", query)) == count, query
    for form in FORMS:
        answer = client.get(f"{PATH}/reports.{form}?since=2025-01-01&until=2026-01-02")
        assert (answer.status_code, list(answer.json["errors"])) == (422, ["until"])


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_empty_period_is_an_empty_file(client: FlaskClient) -> None:
    assert [rows(client, form) for form in FORMS] == [[], [], []]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_file_is_sent_as_it_is_read(app: Flask, client: FlaskClient) -> None:
    put(app, *(report(submitted_at=NOW) for _ in range(1500)))
    with clock.frozen(NOW):
        answer = client.get(f"{PATH}/reports.csv", buffered=False)
        pieces = answer.iter_encoded()
        next(pieces)
        assert next(pieces).count(b"\r\n") == 1000
        put(app, report(submitted_at=NOW + timedelta(seconds=1)))
        assert next(pieces).count(b"\r\n") == 501
    answer.close()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_dictionary_tells_every_column(client: FlaskClient) -> None:
    told = client.get(f"{PATH}/dictionary.json").json["items"]
    by_set = {name: [c["name"] for c in told if c["dataset"] == name] for name in open_data.COLUMNS}
    for name, path in {"reports": f"{PATH}/reports.csv", "statistics": f"{PUBLIC}.csv"}.items():
        header = client.get(path, buffered=True).data.decode("utf-8-sig").splitlines()[0]
        assert header.replace('"', "").split(",") == by_set[name]
    lines = csv.DictReader(
        io.StringIO(client.get(f"{PATH}/dictionary.csv", buffered=True).data.decode("utf-8-sig"))
    )
    assert list(lines) == told
    assert all(c["about_vi"] and c["about_en"] and c["type"] for c in told)
