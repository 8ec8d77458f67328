"""HTTP/2 as three clients see it: frame by frame, through httpx, through libcurl."""

from __future__ import annotations

import io
import ssl
from collections.abc import Callable, Iterator

import httpx
import pycurl
import pytest
from h2 import events
from h2.settings import SettingCodes

from smartcity.sandbox.fcm import Fcm
from tests.sandbox.h2_client import SEND, Client

REFUSED = "reset 7"


@pytest.fixture
def client(fcm: Fcm, bearer: str) -> Iterator[Client]:
    with Client(fcm.port, fcm.ca_file, bearer) as opened:
        yield opened


@pytest.fixture
def arrived(fcm, https) -> Callable[[], list[str]]:
    """Addresses in the order in which messages arrived."""

    def read() -> list[str]:
        sent = https.request("GET", f"{fcm.url}/journal").json()["sent"]
        return [entry["address"] for entry in sent if entry["arrived"]]

    return read


def last_stream(client: Client) -> int:
    return next(
        e.last_stream_id for e in client.events() if isinstance(e, events.ConnectionTerminated)
    )


def test_a_hundred_streams_and_each_gets_its_answer(client, arrived):
    changed = next(e for e in client.events() if isinstance(e, events.RemoteSettingsChanged))
    assert changed.changed_settings[SettingCodes.MAX_CONCURRENT_STREAMS].new_value == 100
    addresses = [f"phone-{i}" for i in range(99)] + ["unregistered"]
    streams = client.send(*addresses)
    assert client.outcomes(100) == [(s, "200") for s in streams[:99]] + [(streams[99], "404")]
    assert arrived() == addresses[:99]


def test_the_same_bytes_of_headers_may_mean_another_path(client):
    """Each path is put into HPACK's table, and then called by the same index."""
    other = SEND.replace("smartcity-sandbox", "other")
    statuses = []
    for path in (SEND, SEND, other, other, SEND):
        client.begin(path, {"message": {"fid": "a"}})
        client.flush()
        statuses += [status for _, status in client.outcomes(1)]
    assert statuses == ["200", "200", "403", "403", "200"]


def test_a_refused_stream_was_not_processed(client, put, arrived):
    put("faults", mode="refuse_stream", rate=0.5)
    a, b, c, d = client.send("a", "b", "c", "d")
    assert client.outcomes(4) == [(a, "200"), (b, REFUSED), (c, "200"), (d, REFUSED)]
    assert arrived() == ["a", "c"]


def test_what_goaway_leaves_out_was_not_processed(fcm, client, put, arrived, bearer):
    put("faults", mode="goaway", rate=0.25)
    streams = client.send("a", "b", "c", "d", "e")
    assert last_stream(client) == streams[2]
    assert arrived() == ["a", "b", "c"]
    with Client(fcm.port, fcm.ca_file, bearer) as again:
        d, e = again.send("d", "e")
        assert again.outcomes(2) == [(d, "200"), (e, "200")]
    assert arrived() == ["a", "b", "c", "d", "e"]


def test_goaway_after_so_many_messages_of_a_connection(client, put, arrived):
    put("behaviour", goaway_after=2)
    streams = client.send("a", "b", "c")
    assert last_stream(client) == streams[1]
    assert arrived() == ["a", "b"]


def test_goaway_on_demand(fcm, https, client):
    [stream] = client.send("a")
    assert client.outcomes(1) == [(stream, "200")]
    assert https.request("POST", f"{fcm.url}/goaway").status == 204
    assert last_stream(client) == stream


def test_a_dropped_connection_takes_the_answer_with_it(client, put, arrived):
    put("faults", mode="accept_then_drop")
    client.send("a", "b")
    assert client.outcomes(1) == []
    assert arrived() == ["a"]


def test_one_answer_is_late_and_holds_up_no_other(client, put):
    put("faults", mode="slow", delay=0.1, rate=0.5)
    a, b, c = client.send("a", "b", "c")
    assert client.outcomes(3) == [(a, "200"), (c, "200"), (b, "200")]


def test_an_answer_waits_for_the_clients_window(client, send):
    words = 3_000 * "ộ"
    for _ in range(30):
        send({"fid": "a", "notification": {"title": "x"}, "data": {"words": words[:1000]}})
    stream = client.begin("/journal")
    client.flush()
    size = 0
    for event in client.events():
        if isinstance(event, events.DataReceived):
            size += len(event.data)
        if isinstance(event, events.StreamEnded):
            break
    assert event.stream_id == stream
    assert size > 2 * 65_535  # the window that a client begins with


def test_httpx(fcm, bearer, arrived):
    trusting = ssl.create_default_context(cafile=str(fcm.ca_file))
    with httpx.Client(http2=True, http1=False, verify=trusting, trust_env=False) as http:
        answer = http.post(
            f"{fcm.url}{SEND}",
            json={"message": {"token": "phone-1", "notification": {"title": "x"}}},
            headers={"Authorization": bearer},
        )
    assert (answer.http_version, answer.status_code) == ("HTTP/2", 200)
    assert answer.json()["name"].startswith("projects/smartcity-sandbox/messages/")
    assert arrived() == ["phone-1"]


def test_a_client_that_knows_only_googles_name_is_led_here(fcm, bearer, arrived):
    handle = curl(fcm, bearer, "phone-1")
    handle.setopt(pycurl.URL, f"https://fcm.googleapis.com{SEND}")
    handle.setopt(pycurl.CONNECT_TO, [f"fcm.googleapis.com:443:127.0.0.1:{fcm.port}"])
    handle.perform()
    assert handle.getinfo(handle.HTTP_CODE) == 200
    assert arrived() == ["phone-1"]


@pytest.mark.parametrize("mode", ["goaway", "refuse_stream"])
def test_libcurl_takes_what_was_not_processed_elsewhere(fcm, bearer, put, https, mode):
    put("faults", mode=mode, rate=0.05)
    statuses = by_curl(fcm, bearer, 100)
    stats = https.request("GET", f"{fcm.url}/stats").json()
    assert statuses == 100 * [(200, pycurl.CURL_HTTP_VERSION_2_0)]
    assert (stats["arrived"], stats["arrived_again"]) == (100, 0)
    assert stats["goaways"] + stats["refused_streams"] > 0


def by_curl(fcm: Fcm, bearer: str, count: int) -> list[tuple[int, int]]:
    """Status and version of HTTP of so many messages, ten at a time over one connection."""
    multi = pycurl.CurlMulti()
    multi.setopt(pycurl.M_MAX_HOST_CONNECTIONS, 1)
    handles = [curl(fcm, bearer, f"phone-{number}") for number in range(count)]
    for handle in handles:
        multi.add_handle(handle)
    left = count
    while left:
        _, left = multi.perform()
        multi.select(0.1)
    return [(h.getinfo(h.HTTP_CODE), h.getinfo(h.INFO_HTTP_VERSION)) for h in handles]


def curl(fcm: Fcm, bearer: str, address: str) -> pycurl.Curl:
    handle = pycurl.Curl()
    handle.setopt(pycurl.URL, f"{fcm.url}{SEND}")
    handle.setopt(pycurl.CAINFO, str(fcm.ca_file))
    handle.setopt(pycurl.HTTP_VERSION, pycurl.CURL_HTTP_VERSION_2TLS)
    handle.setopt(pycurl.PIPEWAIT, 1)
    handle.setopt(pycurl.HTTPHEADER, [f"Authorization: {bearer}"])
    message = f'{{"message": {{"fid": "{address}", "data": {{"mid": "m.1"}}}}}}'
    handle.setopt(pycurl.POSTFIELDS, message.encode())
    handle.setopt(pycurl.WRITEDATA, io.BytesIO())
    return handle
