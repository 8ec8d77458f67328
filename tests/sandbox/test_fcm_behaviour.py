"""Quota, latency, dead addresses, limits of a message, and faults that a device sees."""

from __future__ import annotations

import socket
import ssl
import time
from collections import Counter

import pytest

from smartcity.sandbox.fcm_window import Window


@pytest.fixture
def stats(fcm, https):
    return lambda: https.request("GET", f"{fcm.url}/stats").json()


def test_over_the_quota_is_429_until_the_oldest_message_is_a_minute_old(send, put, stats):
    put("behaviour", quota=2)
    answers = [send({"fid": address}) for address in ("a", "b", "c", "d")]
    assert [answer.status for answer in answers] == [200, 200, 429, 429]
    error = answers[2].json()["error"]
    assert (error["status"], error["details"][0]["errorCode"]) == (
        "RESOURCE_EXHAUSTED",
        "QUOTA_EXCEEDED",
    )
    assert 50 <= int(answers[2].headers["Retry-After"]) <= 60
    counted = stats()
    assert counted["answers"] == {"OK": 2, "QUOTA_EXCEEDED": 2}
    assert (counted["arrived"], counted["most_in_a_minute"]) == (2, 4)
    put("behaviour")
    assert send({"fid": "c"}).status == 200


def test_a_window_of_sixty_seconds_slides():
    window = Window()
    for moment in (0.0, 0.5, 30.0):
        window.add(moment)
    assert [window.count(now) for now in (59.9, 60.0, 60.4, 60.5, 89.9, 90.0)] == [3, 2, 2, 1, 1, 0]
    assert window.wait(90.0) == 1
    window.add(100.0)
    assert (window.wait(100.5), window.most) == (60, 3)


def test_answers_take_their_time(send, put):
    put("behaviour", latency=[0.05, 0.06])
    began = time.monotonic()
    assert send({"fid": "a"}).status == 200
    assert send({"fid": "unregistered"}).status == 404
    assert time.monotonic() - began >= 0.1


def test_a_share_of_the_addresses_is_dead_and_stays_so(send, put):
    put("behaviour", dead_share=0.3)
    first = [send({"fid": f"phone-{number}"}).status for number in range(100)]
    assert first == [send({"fid": f"phone-{number}"}).status for number in range(100)]
    assert 15 <= Counter(first)[404] <= 45
    assert set(first) == {200, 404}


@pytest.mark.parametrize(
    "wish",
    [
        [],
        {"quota": 0},
        {"quota": "many"},
        {"latency": [2, 1]},
        {"latency": -1},
        {"latency": [1, 2, 3]},
        {"dead_share": 2},
        {"speed": 1},
    ],
)
def test_a_behaviour_that_makes_no_sense_is_400(fcm, https, wish):
    assert https.request("PUT", f"{fcm.url}/behaviour", json=wish).status == 400


def test_503_may_be_the_answer_to_a_message_that_is_shown(fcm, https, send, put, stats):
    put("faults", mode="accept_then_error", status=503)
    message = {"fid": "a", "notification": {"title": "x"}, "data": {"mid": "c.0.1"}}
    assert send(message).json()["error"]["status"] == "UNAVAILABLE"
    assert https.request("DELETE", f"{fcm.url}/faults").status == 204
    assert send(message).status == 200
    told = https.request("GET", f"{fcm.url}/journal?address=a").json()
    assert told["arrivals"] == {"c.0.1": 2}
    assert stats()["answers"] == {"UNAVAILABLE": 1, "OK": 1}


def test_flaky_is_every_fault_in_turn(send, put):
    put("faults", mode="flaky", delay=0.01)
    assert send({"fid": "a"}).status == 503  # error
    assert send({"fid": "a"}).status == 503  # accept_then_error
    with pytest.raises(Exception, match="Connection aborted"):
        send({"fid": "a"})
    assert send({"fid": "a"}).status == 200  # slow
    assert [send({"fid": "a"}).status for _ in range(2)] == [503, 503]  # HTTP/1.1's refusals


def test_a_topics_message_holds_half_as_much(send):
    frame = len('{"data":{"k":""}}')
    fits = {"k": "x" * (2048 - frame)}
    assert send({"topic": "news", "data": fits}).status == 200
    assert send({"condition": "'a' in topics", "data": fits}).status == 200
    answer = send({"topic": "news", "data": {"k": fits["k"] + "x"}})
    assert answer.json()["error"]["message"] == "Android message is too big"
    assert send({"fid": "a", "data": {"k": fits["k"] + "x"}}).status == 200


def test_a_body_in_chunks(fcm, https, bearer):
    url = f"{fcm.url}/v1/projects/smartcity-sandbox/messages:send"
    body = b'{"message": {"fid": "a"}}'
    headers = {"Authorization": bearer}
    pieces = https.request("POST", url, body=iter([body[:5], body[5:]]), headers=headers)
    assert pieces.status == 200
    assert https.request("POST", url, body=body, headers=headers).status == 200


def test_a_body_that_waits_to_be_asked_for(fcm, bearer):
    head = (
        "POST /v1/projects/smartcity-sandbox/messages:send HTTP/1.1\r\nHost: localhost\r\n"
        f"Authorization: {bearer}\r\nContent-Length: 25\r\nExpect: 100-continue\r\n"
        "Connection: close\r\n\r\n"
    )
    context = ssl.create_default_context(cafile=str(fcm.ca_file))
    plain = socket.create_connection(("127.0.0.1", fcm.port), timeout=10)
    with context.wrap_socket(plain, server_hostname="localhost") as client:
        client.sendall(head.encode())
        assert client.recv(1000) == b"HTTP/1.1 100 Continue\r\n\r\n"
        client.sendall(b'{"message": {"fid": "a"}}')
        with client.makefile("rb") as answer:
            assert answer.readline() == b"HTTP/1.1 200 OK\r\n"
            assert b"connection: close\r\n" in list(answer)  # and so it ends
