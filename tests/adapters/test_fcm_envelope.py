"""One notification, encoded once: what arrives is the same by either transport."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from smartcity.adapters.fcm.answers import ACCEPTED, Answer
from smartcity.adapters.fcm.envelope import MOST, MOST_OF_TOPIC, Notification, encode
from smartcity.adapters.fcm.multi import Multi
from smartcity.adapters.fcm.sdk import push
from smartcity.core.clock import frozen
from smartcity.sandbox.fcm import Fcm
from smartcity.settings import Settings

AT = datetime(2027, 3, 26, 1, 0, tzinfo=UTC)
DAY = Notification(
    title="Ngày chuyển đổi số",
    body="Mời bạn dự",
    link="/news/1",
    tag="day",
    category="news",
    ttl=3600,
)
FLOOD = Notification("Lũ", 'Nước "lên"', "/warnings/2", "lũ", "warnings", 600, critical=True)


def sized(size: int, title: str = "") -> Notification:
    """A notification whose payload takes so many bytes."""
    empty = Notification(title, "", "/news/1", "t", "news", 60)
    return Notification(title, "x" * (size - encode(empty).size), "/news/1", "t", "news", 60)


@pytest.mark.parametrize("notification", [DAY, FLOOD])
@pytest.mark.usefixtures("sending")
def test_both_transports_send_the_same(
    fcm: Fcm, fcm_settings: Settings, notification: Notification
) -> None:
    with frozen(AT):
        assert push().send(notification, ("token", "one"), "mid-1") == ACCEPTED
        multi = Multi(fcm_settings)
        assert multi.send([encode(notification).body("token", "two", "mid-1")]) == [ACCEPTED]
        multi.close()
    by_sdk, by_multi = (sent(fcm, address) for address in ("one", "two"))
    assert by_sdk == by_multi
    assert by_multi["data"] == {
        "mid": "mid-1",
        "link": notification.link,
        "category": notification.category,
    }
    assert by_multi["apns"]["headers"]["apns-expiration"] == str(
        int(AT.timestamp()) + notification.ttl
    )


def test_what_is_critical_is_urgent_everywhere() -> None:
    calm, urgent = encode(DAY).payload, encode(FLOOD).payload
    assert (calm["android"]["priority"], urgent["android"]["priority"]) == ("normal", "high")
    assert urgent["apns"]["payload"]["aps"]["interruption-level"] == "time-sensitive"
    assert urgent["apns"]["headers"]["apns-priority"] == "10"
    assert urgent["webpush"]["headers"] == {"TTL": "600", "Urgency": "high"}
    assert "payload" not in calm["apns"]


@pytest.mark.parametrize("tag", ["lũ", "t" * 65, "ũ" * 40])
def test_a_tag_that_apple_would_refuse_is_hashed(tag: str) -> None:
    notification = Notification("a", "b", "/news/1", tag, "news", 60)
    collapse_id = encode(notification).payload["apns"]["headers"]["apns-collapse-id"]
    assert len(collapse_id) == 64
    assert collapse_id.isascii()
    assert encode(notification).payload["android"]["notification"]["tag"] == tag


@pytest.mark.parametrize(
    ("kind", "most"), [("token", MOST), ("fid", MOST), ("topic", MOST_OF_TOPIC)]
)
@pytest.mark.usefixtures("sending")
def test_a_byte_too_many_is_refused(kind: str, most: int) -> None:
    fits, too_big = sized(most, "Lũ “lớn” 🌊"), sized(most + 1)
    mid = "m" * 50
    assert encode(fits).size == most
    assert push().validate(fits, (kind, "address"), mid) == ACCEPTED
    refused = push().validate(too_big, (kind, "address"), mid)
    assert refused.answer is Answer.REFUSED
    assert "too big" in refused.detail


def test_address_and_id_cannot_break_out_of_their_places() -> None:
    value, mid = 'a","topic":"everybody', 'm"}\\\n'
    message = json.loads(encode(DAY).body("token", value, mid))["message"]
    assert message["token"] == value
    assert message["data"]["mid"] == mid
    assert "topic" not in message


def test_text_is_sent_in_one_form() -> None:
    decomposed = Notification("Lu\u0303", "e\u0302\u0301", "/news/1", "t", "news", 60)
    assert encode(decomposed).payload["notification"] == {"title": "Lũ", "body": "ế"}
    with pytest.raises(ValueError, match="surrogates"):
        encode(Notification("\ud800", "", "/news/1", "t", "news", 60))


def sent(fcm: Fcm, address: str) -> dict[str, Any]:
    journal = fcm.app.test_client().get("/journal").get_json()
    (entry,) = (e for e in journal["sent"] if e["address"] == address)
    assert entry["message"].pop("token") == address
    message: dict[str, Any] = entry["message"]
    return message
