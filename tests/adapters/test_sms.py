import socket
from collections.abc import Iterator

import pytest
import urllib3
from flask import redirect

from smartcity.adapters.sms import HttpSms, NoSms
from smartcity.core.errors import Permanent, Temporary
from smartcity.sandbox.server import Server
from smartcity.sandbox.sms import Sms

TO = "+84912345678"


@pytest.fixture
def gateway() -> Iterator[Sms]:
    with Sms("the-key") as server:
        yield server


def send(gateway, key="the-key", to=TO):
    HttpSms(gateway.url, key).send(to, "Mã: 042917", "r-1")


def received(gateway):
    return urllib3.request("GET", f"{gateway.url}/messages").json()


def fail(gateway, status, **more):
    faults = {"status": status, "seconds": 60, **more}
    assert urllib3.request("PUT", f"{gateway.url}/faults", json=faults).status < 300


def test_a_message_arrives(gateway):
    send(gateway)
    [message] = received(gateway)
    assert (message["phone"], message["text"]) == (TO, "Mã: 042917")


@pytest.mark.parametrize("status", [408, 429, 500, 503])
def test_a_busy_gateway_is_asked_again(gateway, status):
    fail(gateway, status)
    with pytest.raises(Temporary) as fault:
        send(gateway)
    assert not fault.value.opens_breaker


def test_the_gateway_says_when(gateway):
    fail(gateway, 429, retry_after=7)
    with pytest.raises(Temporary) as fault:
        send(gateway)
    assert fault.value.retry_after == 7


def test_a_refused_key_stops_everything_but_loses_nothing(gateway):
    with pytest.raises(Temporary) as fault:
        send(gateway, key="another")
    assert fault.value.opens_breaker
    assert received(gateway) == []


def test_a_message_that_the_gateway_never_takes(gateway):
    with pytest.raises(Permanent):
        send(gateway, to="12")


def test_a_redirect_is_not_followed(gateway):
    elsewhere = Server(0)
    elsewhere.app.post("/send", endpoint="send")(lambda: redirect(f"{gateway.url}/send", 307))
    with elsewhere, pytest.raises(Temporary):
        send(elsewhere)
    assert received(gateway) == []


def test_nobody_there_and_the_phone_is_not_told():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(Temporary) as fault:
        HttpSms(f"http://127.0.0.1:{port}", "k").send(TO, "x", "r")
    assert TO not in str(fault.value)


def test_without_a_gateway_nothing_is_sent():
    with pytest.raises(Permanent):
        NoSms().send(TO, "x", "r")
