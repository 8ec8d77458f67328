"""The wire protocol of FCM, without the SDK."""

from __future__ import annotations

import json
import socket
import stat

import jwt
import pytest
import urllib3
from cryptography.hazmat.primitives.asymmetric import rsa

from smartcity.sandbox.fcm import Fcm

GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
FCM_ERROR = "type.googleapis.com/google.firebase.fcm.v1.FcmError"


def journal(fcm, https):
    return https.request("GET", f"{fcm.url}/journal").json()


def test_a_token_is_granted_to_the_account_for_either_audience(ask):
    answer = ask()
    assert answer.status == 200
    assert answer.json()["expires_in"] == 3600
    assert ask(aud="https://oauth2.googleapis.com/token").status == 200


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "https://example.org/token"},
        {"exp": 1_700_000_000},
        {"exp": None},
        {"iss": "somebody@example.org"},
    ],
    ids=["audience", "expired", "endless", "issuer"],
)
def test_an_assertion_that_is_not_the_accounts_is_refused(ask, claims):
    answer = ask(**claims)
    assert (answer.status, answer.json()["error"]) == (400, "invalid_grant")


def test_an_assertion_of_another_key_is_refused(ask):
    stranger = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    assert ask(key=stranger).json()["error"] == "invalid_grant"


def test_an_unsigned_assertion_or_another_grant_is_refused(https, account):
    url = account["token_uri"]
    unsigned = jwt.encode({"iss": account["client_email"]}, None, algorithm="none")
    for fields, error in [
        ({"grant_type": GRANT, "assertion": unsigned}, "invalid_grant"),
        ({"grant_type": GRANT}, "invalid_grant"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
    ]:
        answer = https.request("POST", url, fields=fields, encode_multipart=False)
        assert (answer.status, answer.json()["error"]) == (400, error)


def test_without_a_token_or_for_another_project_nothing_is_sent(fcm, https, send):
    assert send({"fid": "a"}, authorization="Bearer ya29.guess").status == 401
    assert send({"fid": "a"}, authorization="").json()["error"]["status"] == "UNAUTHENTICATED"
    assert send({"fid": "a"}, project="other").json()["error"]["status"] == "PERMISSION_DENIED"
    assert journal(fcm, https) == {"sent": [], "devices": {}}


@pytest.mark.parametrize("kind", ["token", "fid"])
def test_a_message_is_named_and_shown(fcm, https, send, account, kind):
    message = {kind: "phone-1", "notification": {"title": "Đã tiếp nhận"}, "data": {"mid": "1"}}
    answer = send(message)
    assert answer.status == 200
    assert answer.json()["name"].startswith(f"projects/{account['project_id']}/messages/")
    kept = journal(fcm, https)
    [sent] = kept["sent"]
    assert sent.pop("at")
    assert sent == {
        "address": "phone-1",
        "kind": kind,
        "message": message,
        "status": 200,
        "error": None,
        "arrived": True,
    }
    assert kept["devices"] == {
        "phone-1": [{"title": "Đã tiếp nhận", "body": None, "tag": None, "data": {"mid": "1"}}]
    }


def test_a_later_message_of_the_same_tag_takes_the_place_of_the_earlier(fcm, https, send):
    def tagged(address, title, tag):
        notice = {"title": title} | ({"tag": tag} if tag else {})
        return {"fid": address, "android": {"notification": notice}}

    for address, title, tag in [
        ("a", "1", "report-7"),
        ("a", "2", "report-8"),
        ("b", "3", "report-7"),
        ("a", "4", "report-7"),
        ("a", "5", None),
        ("a", "6", None),
    ]:
        assert send(tagged(address, title, tag)).status == 200
    devices = journal(fcm, https)["devices"]
    assert [shown["title"] for shown in devices["a"]] == ["2", "4", "5", "6"]
    assert [shown["title"] for shown in devices["b"]] == ["3"]


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("unregistered", (404, "NOT_FOUND", "UNREGISTERED")),
        ("sender-mismatch", (403, "PERMISSION_DENIED", "SENDER_ID_MISMATCH")),
        ("invalid", (400, "INVALID_ARGUMENT", "INVALID_ARGUMENT")),
        ("apns-auth", (401, "UNAUTHENTICATED", "THIRD_PARTY_AUTH_ERROR")),
        ("quota", (429, "RESOURCE_EXHAUSTED", "QUOTA_EXCEEDED")),
        ("unavailable", (503, "UNAVAILABLE", "UNAVAILABLE")),
        ("internal", (500, "INTERNAL", "INTERNAL")),
    ],
)
def test_an_address_says_how_it_fails(fcm, https, send, word, expected):
    status, rpc, code = expected
    answer = send({"token": f"phone-{word}-1", "notification": {"title": "x"}})
    error = answer.json()["error"]
    assert (answer.status, error["code"], error["status"]) == (status, status, rpc)
    assert {"@type": FCM_ERROR, "errorCode": code} in error["details"]
    assert ("Retry-After" in answer.headers) == (word == "quota")
    kept = journal(fcm, https)
    assert [(sent["status"], sent["error"]) for sent in kept["sent"]] == [(status, code)]
    assert kept["devices"] == {}


@pytest.mark.parametrize(
    "message",
    [
        None,
        [],
        {},
        {"topic": "/topics/news"},
        {"topic": "a", "fid": "b"},
        {"condition": "everybody"},
        {"condition": " || ".join(6 * ["'a' in topics"])},
        {"token": "a", "fid": "b"},
        {"fid": ""},
        {"fid": "a", "data": {"n": 1}},
        {"fid": "a", "data": []},
        {"fid": "a", "notification": "x"},
        {"fid": "a", "android": {"notification": []}},
        {"fid": "a", "notification": {"title": 1}},
        {"fid": "a", "android": {"ttl": "2419201s"}},
        {"fid": "a", "android": {"ttl": 60}},
        {"fid": "a", "data": {"google.x": "1"}},
        {"fid": "a", "notifcation": {"title": "x"}},
    ],
)
def test_a_message_that_fcm_could_not_read_is_400_and_not_the_addresss_fault(send, message):
    answer = send(message)
    error = answer.json()["error"]
    assert (answer.status, error["status"]) == (400, "INVALID_ARGUMENT")
    assert [detail["@type"] for detail in error["details"]] == [
        "type.googleapis.com/google.rpc.BadRequest"
    ]


@pytest.mark.parametrize("address", ["điện-thoại", r"\ud800"])
def test_an_address_that_can_be_none_is_the_addresss_fault(fcm, https, bearer, address):
    url = f"{fcm.url}/v1/projects/smartcity-sandbox/messages:send"
    body = f'{{"message": {{"fid": "{address}"}}}}'.encode()
    answer = https.request("POST", url, body=body, headers={"Authorization": bearer})
    assert answer.json()["error"]["details"] == [
        {"@type": FCM_ERROR, "errorCode": "INVALID_ARGUMENT"}
    ]


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 100_000, b'{"message": 1}'])
def test_a_body_that_is_no_message_is_400_and_the_next_is_read(fcm, https, bearer, send, body):
    url = f"{fcm.url}/v1/projects/smartcity-sandbox/messages:send"
    answer = https.request("POST", url, body=body, headers={"Authorization": bearer})
    assert answer.json()["error"]["status"] == "INVALID_ARGUMENT"
    assert send({"fid": "a"}).status == 200


def test_the_payload_is_counted_in_bytes_of_utf8(send):
    frame = len('{"data":{"k":""}}')
    fits = (4096 - frame) // 2
    assert send({"fid": "a" * 200, "data": {"k": "đ" * fits}}).status == 200
    answer = send({"fid": "a", "data": {"k": "đ" * (fits + 1)}})
    assert answer.status == 400
    assert answer.json()["error"]["message"] == "Android message is too big"


def test_a_trial_is_judged_but_reaches_nobody(fcm, https, send):
    assert send({"fid": "a"}, validate_only=True).status == 200
    assert send({"fid": "unregistered"}, validate_only=True).status == 404
    assert journal(fcm, https)["sent"] == []


def test_errors_on_demand(fcm, https, send):
    fault = {"mode": "error", "status": 429, "rate": 0.5, "seconds": 60, "retry_after": 5}
    assert https.request("PUT", f"{fcm.url}/faults", json=fault).status == 200
    answers = [send({"fid": "a", "notification": {"title": "x"}}) for _ in range(4)]
    assert [answer.status for answer in answers] == [200, 429, 200, 429]
    assert answers[1].headers["Retry-After"] == "5"
    https.request("PUT", f"{fcm.url}/faults", json={"status": 502})
    assert send({"fid": "b"}).json()["error"]["status"] == "UNKNOWN"
    assert journal(fcm, https)["devices"].keys() == {"a"}
    https.request("DELETE", f"{fcm.url}/faults")
    assert send({"fid": "b"}).status == 200


def test_a_message_may_arrive_without_an_answer(fcm, https, send):
    https.request("PUT", f"{fcm.url}/faults", json={"mode": "accept_then_drop"})
    with pytest.raises(urllib3.exceptions.ProtocolError):
        send({"fid": "a", "notification": {"title": "x"}})
    assert send({"fid": "unregistered"}).status == 404
    kept = journal(fcm, https)
    assert [sent["error"] for sent in kept["sent"]] == ["NO_ANSWER", "UNREGISTERED"]
    assert kept["devices"].keys() == {"a"}


def test_a_client_that_does_not_shake_hands_holds_up_nobody(fcm, https):
    with socket.create_connection(("127.0.0.1", fcm.port)):
        assert https.request("GET", f"{fcm.url}/healthz", timeout=5).status == 200


def test_only_the_states_own_authority_is_trusted(fcm, http):
    with pytest.raises(urllib3.exceptions.SSLError):
        http.request("GET", f"{fcm.url}/healthz")


def test_a_restarted_server_is_still_trusted_and_still_knows_its_account(tmp_path):
    with Fcm(tmp_path) as first:
        certificate = first.ca_file.read_bytes()
        account = json.loads(first.credentials_file.read_text())
        port = first.port
    with Fcm(tmp_path, port) as second:
        again = json.loads(second.credentials_file.read_text())
        assert second.ca_file.read_bytes() == certificate
        assert again["private_key"] == account["private_key"]
        assert again["token_uri"] == account["token_uri"] == f"{second.url}/token"
    for secret in ("server.pem", "service-account.json"):
        assert stat.S_IMODE((tmp_path / secret).stat().st_mode) == 0o600
