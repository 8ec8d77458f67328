"""A public service, told step by step: from everyday words to the national portal's own page."""

from functools import partial
from typing import Any
from urllib.parse import quote, urlsplit

from smartcity.demo.client import Caller, Phone
from smartcity.demo.telling import Story

QUESTION, BIRTH = "con mới sinh, cần giấy gì", "1.001193"
SERVICES, PORTAL = "/api/v1/services", "dichvucong.gov.vn"


def tell_services(story: Story, phone: Phone) -> None:
    """Tell it; `phone` is a citizen's, signed in."""
    ward = phone.ask("GET", "/api/v1/areas?q=an+bien")["items"][0]["code"]
    story.step(f"Hỏi bằng lời thường: “{QUESTION}”", lambda: _found(phone, ward))
    told = story.step("Giấy tờ, thời hạn, lệ phí, nơi nộp ở phường", partial(_told, phone, ward))
    story.step("Đánh dấu giấy tờ đã có, in danh mục", lambda: _ticked(phone, told))
    story.step("Đi tới trang nộp của Cổng Dịch vụ công quốc gia", lambda: _opened(phone))


def _found(phone: Caller, ward: str) -> None:
    found = phone.ask("GET", f"{SERVICES}?q={quote(QUESTION)}&ward={ward}&limit=3")["items"]
    assert found[0]["code"] == BIRTH, found


def _told(phone: Caller, ward: str) -> Any:
    told = phone.ask("GET", f"{SERVICES}/{BIRTH}?ward={ward}")
    assert told["documents"], told
    assert told["time"]["vi"], told
    assert told["served_by"]["ward"] == ward, told
    return told


def _ticked(phone: Caller, told: Any) -> None:
    first = told["documents"][0]["id"]
    kept = phone.ask("PUT", f"{SERVICES}/{BIRTH}/checklist", {"ticked": [first]})
    assert kept["ticked"] == [first], kept
    page = phone.answer("GET", f"/services/{BIRTH}/checklist")
    assert told["documents"][0]["name"] in page.data.decode(), page.status


def _opened(phone: Caller) -> None:
    path = f"{SERVICES}/{BIRTH}/open?platform=web"
    answer = phone.http.request("GET", phone.base + path, redirect=False)
    went_to = urlsplit(answer.headers.get("Location", "")).hostname
    assert (answer.status, went_to) == (302, PORTAL), answer.status
