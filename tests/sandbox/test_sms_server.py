from __future__ import annotations

import pytest

KEY = {"Authorization": "Bearer the-key"}


def send(http, sms, headers=KEY, **message):
    return http.request("POST", f"{sms.url}/send", json=message, headers=headers)


def messages(http, sms, query=""):
    return http.request("GET", f"{sms.url}/messages{query}").json()


def test_a_message_is_kept_with_its_code(http, sms):
    answer = send(http, sms, to="+84912345678", text="Mã xác thực: 042917. Hết hạn sau 5 phút.")
    assert answer.status == 202
    assert answer.json()["id"]
    [message] = messages(http, sms)
    assert message.keys() == {"phone", "text", "code", "at"}
    assert (message["phone"], message["code"]) == ("+84912345678", "042917")


def test_a_longer_number_is_no_code(http, sms):
    send(http, sms, to="+84912345678", text="Đơn số 12345678, gọi 19001234")
    assert messages(http, sms)[0]["code"] is None


@pytest.mark.parametrize("query", ["%2B84912345678", "+84912345678", "84912345678", "0912345678"])
def test_messages_of_a_phone_are_found_in_any_form_newest_last(http, sms, query):
    send(http, sms, to="+84912345678", text="một", reference="r-1")
    send(http, sms, to="+84987654321", text="khác")
    send(http, sms, to="+84912345678", text="hai")
    assert [m["text"] for m in messages(http, sms, f"?phone={query}")] == ["một", "hai"]


@pytest.mark.parametrize(
    "headers", [{}, {"Authorization": "Bearer other"}, {"Authorization": "the-key"}]
)
def test_without_the_key_nothing_is_sent(http, sms, headers):
    assert send(http, sms, headers=headers, to="+84912345678", text="x").status == 401
    assert messages(http, sms) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"to": "0912345678", "text": "x"},
        {"to": "+1 202 555 0100", "text": "x"},
        {"to": 84912345678, "text": "x"},
        {"to": "+84912345678", "text": ""},
        {"to": "+84912345678"},
        {"to": "+84912345678", "text": "x", "priority": 1},
    ],
)
def test_a_message_that_makes_no_sense_is_400(http, sms, wrong):
    assert send(http, sms, **wrong).status == 400
    assert messages(http, sms) == []


def test_the_gateway_fails_on_demand(http, sms):
    http.request("PUT", f"{sms.url}/faults", json={"status": 429, "seconds": 60, "retry_after": 3})
    answer = send(http, sms, to="+84912345678", text="x")
    assert (answer.status, answer.headers["Retry-After"]) == (429, "3")
    http.request("DELETE", f"{sms.url}/faults")
    assert send(http, sms, to="+84912345678", text="x").status == 202
    assert len(messages(http, sms)) == 1
