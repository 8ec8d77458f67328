"""An ordinary day with the city guide: what is near, what it costs, and an error put right."""

import uuid
from typing import Any

from smartcity.demo.client import Phone
from smartcity.demo.telling import Story

HERE = "latitude=20.8561&longitude=106.6822"  # the opera house of Hải Phòng
PLACES = "/api/v1/places"


def tell_guide(story: Story, phone: Phone) -> None:
    """Tell it; `phone` is a citizen's, signed in."""
    place = story.step("Bệnh viện gần nhất, cách bao nhiêu mét", lambda: _nearest(phone))
    print(f"            {place['title']}: {place['metres']} m")
    story.step("Bản đồ: mọi địa điểm trong khung nhìn (GeoJSON)", lambda: _box(phone))
    story.step("Giá chợ hôm nay, tăng giảm so với lần trước", lambda: _prices(phone))
    story.step("Lịch sự kiện đưa vào lịch của điện thoại", lambda: _calendar(phone))
    code = story.step("Báo sai giờ mở cửa: thành một phản ánh", lambda: _error(phone, place))
    print(f"            {code}")


def _nearest(phone: Phone) -> Any:
    query = f"{PLACES}/nearest?{HERE}&category=hospital&limit=3"
    near = phone.ask("GET", query)["items"]
    assert near, "no hospital"
    assert [place["metres"] for place in near] == sorted(place["metres"] for place in near)
    return near[0]


def _box(phone: Phone) -> None:
    query = "west=106.6&south=20.8&east=106.8&north=20.95"
    answer = phone.answer("GET", f"{PLACES}/box?{query}")
    assert answer.headers["Content-Type"] == "application/geo+json", answer.headers
    assert answer.json()["features"], answer.status


def _prices(phone: Phone) -> None:
    goods = phone.ask("GET", "/api/v1/prices?market=cho-ga")["items"]
    assert len(goods) >= 10, goods
    assert any(price["change"] is not None for good in goods for price in good["prices"]), goods


def _calendar(phone: Phone) -> None:
    calendar = phone.answer("GET", "/feeds/events.ics").data.decode()
    assert calendar.count("BEGIN:VEVENT") >= 5, calendar[:200]


def _error(phone: Phone, place: Any) -> str:
    told = {"what": "hours", "text": "Khoa khám bệnh nay mở cửa từ 6h30, không phải 7h."}
    path = f"{PLACES}/{place['id']}/error-reports"
    filed = phone.ask("POST", path, told, Idempotency_Key=str(uuid.uuid4()))
    assert filed["code"], filed
    return str(filed["code"])
