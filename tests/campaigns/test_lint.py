"""What lint says of a message: one true example of each fault, and one that is none."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from smartcity.campaigns import lint
from smartcity.campaigns.models import Campaign
from tests.campaigns.desk import CAMPAIGNS, CONTENT, WORDS, draft, step
from tests.helpers import Headers

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def message(**other: Any) -> Campaign:
    plain = {"category": "events", "link": "", "tag": "t", "content": CONTENT, "starts_at": None}
    return Campaign(**{**plain, **other})


def told(**other: Any) -> set[tuple[str, str]]:
    """What is said of a message: severity and text."""
    found = lint.findings(message(**other))
    return {(one.severity, one.message.partition("|")[0]) for one in found}


def said(body: str) -> set[tuple[str, str]]:
    return told(content={**CONTENT, "vi": {**WORDS, "body": body}})


def test_nothing_is_said_of_a_good_message(in_app: Flask) -> None:
    assert told() == set()
    assert told(link="/news/x") == told(link="https://dichvucong.gov.vn/p/home") == set()


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ("  ", "empty"),
        ("Mời bạn dự ngày hội".replace("ờ", "o\u031b\u0300"), "not_nfc"),
        ("Mời\u202e bạn", "control"),
        ("Mời\x07 bạn", "control"),
        ("Mời\u200b bạn", "control"),
        ("Mời bạn {ward}", "braces"),
        ("Mời bạn {{ward}}", "braces"),
        ("Xem https://haiduong.gov.vn.evil.com/a", "url"),
        ("Xem https://evil.com\\@gov.vn/", "url"),
        ("Xem https://gov.vn@evil.com/", "url"),
        ("Xem www.evil.com.", "url"),
        ("Xem bit.ly/abc nhé", "url"),
        ("Xem HTTP://EVIL.XYZ", "url"),
        ("Xem https://gоv.vn/ (chữ о Nga)", "url"),
    ],
)
def test_errors(in_app: Flask, body: str, fault: str) -> None:
    assert ("error", f"lint.{fault}") in said(body)


@pytest.mark.parametrize(
    "body",
    [
        "Xem https://dichvucong.gov.vn/p/home.",
        "Xem https://dichvucong.gov.vn.",
        "(xem www.haiduong.gov.vn)",
        "Xem (dichvucong.gov.vn), UBND TP.HCM, v.v. lúc 8.30 tại số 1.2 Trần Phú",
        "Gia đình 👨‍👩‍👧 cùng đi\nđúng giờ",
        "Gọi 114, 115 khi khẩn cấp",
        "UBND",
    ],
)
def test_what_is_no_fault(in_app: Flask, body: str) -> None:
    assert said(body) == set()


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ("MƯA LỚN KHẨN CẤP, KHÔNG RA ĐƯỜNG", "capitals"),
        ("Gọi 0912 345 678 để nhận quà", "phone"),
        ("Gọi +84.912.345.678", "phone"),
        ("Tổng đài 1900 1022", "phone"),
        ("a" * 179, "cut_off"),
    ],
)
def test_warnings(in_app: Flask, body: str, fault: str) -> None:
    assert said(body) == {("warning", f"lint.{fault}")}


def test_a_link_leads_to_the_app_or_to_an_official_page(in_app: Flask) -> None:
    for link in ("https://evil.com/", "http://gov.vn/", "/admin/", "/news/../me/", "javascript:1"):
        assert told(link=link) == {("error", "lint.link")}, link


def test_the_4097th_byte_is_one_too_many(in_app: Flask) -> None:
    room = lint.bytes_left(message())["vi"]
    fits = {"vi": {**WORDS, "body": WORDS["body"] + "x" * room}}
    assert lint.bytes_left(message(content=fits)) == {"vi": 0}
    assert ("error", "lint.too_large") not in told(content=fits)
    over = {"vi": {**WORDS, "body": WORDS["body"] + "x" * (room + 1)}}
    assert lint.bytes_left(message(content=over)) == {"vi": -1}
    assert ("error", "lint.too_large") in told(content=over)
    accented = {"vi": {**WORDS, "body": WORDS["body"] + "ữ"}}  # counted in bytes of UTF-8
    assert lint.bytes_left(message(content=accented))["vi"] == room - 3


def test_a_preview_cuts_as_phones_do(in_app: Flask) -> None:
    words = {"title": "t" * 70, "body": "b" * 200}
    shown = lint.preview(message(content={"vi": words}))["vi"]
    assert (shown["ios"]["title"], shown["ios"]["body"]) == ("t" * 49 + "…", "b" * 177 + "…")
    assert (shown["android"]["title"], shown["android"]["body"]) == ("t" * 64 + "…", "b" * 200)


def test_an_officer_reads_it_in_his_language(client: FlaskClient, operator: Headers) -> None:
    made = draft(
        client, operator, content={"vi": {**WORDS, "body": "Xem evil.com"}}, link="https://evil.com"
    )
    path = f"{CAMPAIGNS}/{made['id']}/lint"
    answer = client.post(path, headers={**operator, "Accept-Language": "en"}).json
    found = [(one["severity"], one["field"], one["code"]) for one in answer["findings"]]
    assert found == [
        ("error", "link", "lint.link"),
        ("error", "content.vi.body", "lint.url"),
        ("warning", "content.en", "lint.no_language"),
    ]
    assert answer["findings"][1]["message"] == "The address evil.com is not of an official host."
    assert 3_000 < answer["bytes_left"]["vi"] < 4_096
    assert answer["preview"]["vi"]["ios"]["title"] == WORDS["title"]


def test_errors_stop_a_submission_and_warnings_do_not(
    app: Flask, client: FlaskClient, operator: Headers
) -> None:
    bad = draft(client, operator, content={"vi": {**WORDS, "body": "Xem evil.com {x}"}})
    answer = step(client, operator, bad, "submission")
    assert (answer.status_code, answer.json["errors"].keys()) == (422, {"content.vi.body"})
    loud = draft(client, operator, content={"vi": {**WORDS, "title": "MƯA LỚN KHẨN CẤP"}})
    answer = step(client, operator, loud, "submission")
    assert answer.json["errors"].keys() == {"audience"}  # not a word of the capitals
