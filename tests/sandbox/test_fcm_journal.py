"""What each device shows, how often each message came to it, and what outlives a kill."""

from __future__ import annotations

import json
import time

import jwt

from smartcity.sandbox.account import GRANT_TYPE
from smartcity.sandbox.fcm import Fcm
from smartcity.sandbox.fcm_screens import Screens


def tagged(address, mid, tag="campaign-1", **data):
    return {
        "fid": address,
        "notification": {"title": f"title of {tag}"},
        "android": {"notification": {"tag": tag}},
        "data": {"mid": mid, **data},
    }


def asked(fcm, https, path):
    return https.request("GET", f"{fcm.url}/{path}").json()


def grant(fcm, https):
    account = json.loads(fcm.credentials_file.read_text())
    now = int(time.time())
    claims = {"iss": account["client_email"], "aud": account["token_uri"]}
    assertion = jwt.encode(
        {**claims, "iat": now, "exp": now + 60}, account["private_key"], algorithm="RS256"
    )
    fields = {"grant_type": GRANT_TYPE, "assertion": assertion}
    answer = https.request("POST", f"{fcm.url}/token", fields=fields, encode_multipart=False)
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}


def post(fcm, https, headers, message):
    url = f"{fcm.url}/v1/projects/smartcity-sandbox/messages:send"
    return https.request("POST", url, json={"message": message}, headers=headers).status


def test_the_same_message_twice_under_its_tag_is_shown_once_and_counted(fcm, https, send):
    for message in (tagged("a", "c.0.1"), tagged("a", "c.0.1"), tagged("b", "c.0.2")):
        assert send(message).status == 200
    told = asked(fcm, https, "journal?address=a")
    assert told["arrivals"] == {"c.0.1": 2}
    assert [shown["data"]["mid"] for shown in told["shown"]] == ["c.0.1"]
    stats = asked(fcm, https, "stats")
    assert (stats["arrived"], stats["arrived_again"], stats["shown_again"]) == (3, 1, 0)
    assert stats["devices"] == 2


def test_without_a_tag_it_is_shown_twice(fcm, https, send):
    for _ in range(2):
        send({"fid": "a", "notification": {"title": "x"}, "data": {"mid": "c.0.1"}})
    stats = asked(fcm, https, "stats")
    assert (stats["arrived_again"], stats["shown_again"]) == (1, 1)


def test_what_an_iphone_collapses_takes_the_place_too(fcm, https, send):
    for title in ("1", "2"):
        headers = {"apns-collapse-id": "campaign-1"}
        send({"fid": "a", "notification": {"title": title}, "apns": {"headers": headers}})
    [shown] = asked(fcm, https, "journal?address=a")["shown"]
    assert (shown["title"], shown["tag"]) == ("2", "campaign-1")


def test_every_device_line_by_line(fcm, https, send):
    for message in (tagged("a", "c.0.1"), tagged("a", "c.0.1"), tagged("b", "c\t\n2", link="/x")):
        send(message)
    lines = https.request("GET", f"{fcm.url}/arrivals").data.decode().splitlines()
    assert lines == ["a\tc.0.1\t2", "b\t'c\\t\\n2'\t1"]


def test_a_device_that_gets_thousands_keeps_the_last(tmp_path):
    screens = Screens()
    for number in range(5_000):
        message = {"title": "x", "body": None, "tag": "t", "data": {"mid": f"{number:036}"}}
        screens.arrive("a", message)
    assert screens.arrived == 5_000
    assert [shown["data"]["mid"] for shown in screens.shown("a")] == [f"{4999:036}"]
    kept = list(screens.arrivals("a"))
    assert kept == [f"{number:036}" for number in range(5_000 - len(kept), 5_000)]
    assert 500 < len(kept) < 2_000


def test_emptied(fcm, https, send):
    send(tagged("a", "c.0.1"))
    assert https.request("DELETE", f"{fcm.url}/journal").status == 204
    assert asked(fcm, https, "journal") == {"sent": [], "devices": {}}
    stats = asked(fcm, https, "stats")
    assert (stats["arrived"], stats["most_in_a_minute"], stats["answers"]) == (0, 0, {})
    assert (stats["connections"], stats["streams"]) == (0, 2)  # it was open before


# Its line is there before the answer is: so it outlives a kill after it, too.
def test_a_file_keeps_it_for_the_next_server(fcm_state, tmp_path, https):
    file = tmp_path / "sent.jsonl"
    with Fcm(fcm_state, journal=file) as first:
        headers = grant(first, https)
        assert post(first, https, headers, tagged("a", "c.0.1")) == 200
        assert post(first, https, headers, tagged("unregistered", "c.0.2")) == 404
        assert [json.loads(line)["status"] for line in file.read_text().splitlines()] == [200, 404]
    with Fcm(fcm_state, journal=file) as second:
        headers = grant(second, https)
        assert post(second, https, headers, tagged("a", "c.0.1")) == 200
        assert asked(second, https, "journal?address=a")["arrivals"] == {"c.0.1": 2}
        stats = asked(second, https, "stats")
        assert stats["answers"] == {"OK": 2, "UNREGISTERED": 1}
        assert (stats["arrived_again"], stats["shown_again"]) == (1, 0)
        https.request("DELETE", f"{second.url}/journal")
        assert file.read_bytes() == b""
