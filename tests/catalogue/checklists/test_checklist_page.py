"""The sheet to print: what a paper needs on it, readable by everybody, without a script."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.catalogue.reading.test_service_routes import SOURCE, withdraw
from tests.catalogue.records_made import bring, record

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
CODE = "1.900001"
SHEET = f"/services/{CODE}/checklist"
PAPERS = [
    {"name": "Tờ khai", "form": "Mẫu số 01", "originals": 2},
    {"name": "Giấy ủy quyền <b>", "copies": 1, "case": "nhờ người khác nộp thay"},
]


def text_of(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page.split("<body>")[1]).split())


def test_the_sheet_says_what_to_bring_and_where(app: Flask, client: FlaskClient) -> None:
    bring(app, record(documents=PAPERS, source=SOURCE, steps=["Đến nộp"], name_en="Elephants"))
    answer = client.get(f"{SHEET}?ward=11383")
    page = answer.text
    for said in (
        "Cấp giấy phép nuôi voi",
        "Trung tâm Phục vụ hành chính công phường Lê Chân",
        "từ 3 đến 5 ngày làm việc, tùy cách nộp",
        "Miễn phí – 8.000 đ, tùy cách nộp",
        "Tờ khai (Mẫu số 01) · 2 bản chính",
        "Giấy ủy quyền &lt;b&gt; · 1 bản sao Trường hợp: nhờ người khác nộp thay",
        "Trực tiếp 05 ngày làm việc 8.000 đồng",
        "Đến nộp",
        f"{SHEET}",
        "Đối chiếu ngày 20/07/2026",
    ):
        assert said in text_of(page), said
    assert page.count('type="checkbox"') == 2
    assert len(set(re.findall(r'<label for="(p\w+)"', page))) == 2
    assert '<html lang="vi">' in page
    assert "Elephants" not in page
    assert not re.search(r"<script|<style|style=|\son\w+=", page)
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["ETag"]


def test_the_sheet_speaks_english_too(app: Flask, client: FlaskClient) -> None:
    bring(app, record(documents=PAPERS, name_en="Elephants"))
    page = client.get(f"{SHEET}?lang=en&ward=11383", headers={"Accept-Language": "vi"}).text
    assert '<html lang="en">' in page
    for said in ("Elephants", "Public service centre, Le Chan Ward", "For demonstration"):
        assert said in text_of(page), said
    assert text_of(page) != text_of(client.get(f"{SHEET}?ward=11383").text)
    # the same bytes for everybody: what the browser speaks does not count
    assert client.get(SHEET, headers={"Accept-Language": "en"}).text == client.get(SHEET).text


def test_what_cannot_be_shown_is_said(app: Flask, client: FlaskClient) -> None:
    bring(app, record())
    for path, status, said in (
        ("/services/1.999999/checklist", 404, "Không có thủ tục nào"),
        (f"{SHEET}?ward=31", 422, "Không có xã, phường"),
    ):
        answer = client.get(path)
        assert (answer.status_code, answer.mimetype) == (status, "text/html")
        assert said in answer.text
    withdraw(app)
    assert client.get(SHEET).status_code == 410
