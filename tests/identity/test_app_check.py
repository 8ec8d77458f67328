"""Firebase App Check against a key server of ours, with real keys."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import cache
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from flask import Flask, jsonify
from jwt.algorithms import RSAAlgorithm

from smartcity.adapters.app_check import AppCheck, Verdict
from smartcity.core import clock
from smartcity.identity.permissions import Role
from smartcity.sandbox.server import Server
from tests.conftest import MakeApp
from tests.helpers import at_once, bearer, citizen, officer, report_body

PROJECT = "123456789012"
OTP, REPORTS = "/api/v1/auth/otp", "/api/v1/reports"
PHONE = {"phone": "+84912345678"}


@cache
def private(_name: str) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


class KeyServer(Server):
    """Serves the public keys of the names it holds, and counts."""

    def __init__(self) -> None:
        super().__init__(0)
        self.names, self.asked, self.answer = ["one"], 0, self._keys
        self.app.get("/v1/jwks", endpoint="jwks")(self._serve)

    @property
    def jwks(self) -> str:
        return f"{self.url}/v1/jwks"

    def _serve(self) -> Any:
        self.asked += 1
        return self.answer()

    def _keys(self) -> Any:
        made = [RSAAlgorithm.to_jwk(private(n).public_key(), as_dict=True) for n in self.names]
        found = zip(self.names, made, strict=True)
        return jsonify(keys=[{**key, "kid": n, "use": "sig", "alg": "RS256"} for n, key in found])


@pytest.fixture
def google() -> Iterator[KeyServer]:
    with KeyServer() as server:
        yield server


def claims(**changes: Any) -> dict[str, Any]:
    now = int(clock.now().timestamp())
    made = {
        "iss": f"https://firebaseappcheck.googleapis.com/{PROJECT}",
        "aud": [f"projects/{PROJECT}", "projects/citizen-app"],
        "sub": "1:123456789012:android:321abc456def7890",
        "iat": now,
        "exp": now + 3600,
        **changes,
    }
    return {name: value for name, value in made.items() if value is not None}


def token(kid: str = "one", key: str = "one", **changes: Any) -> str:
    return jwt.encode(claims(**changes), private(key), "RS256", headers={"kid": kid})


def by_hand(header: dict[str, Any], signature: Callable[[bytes], bytes]) -> str:
    """A token that no library would make."""
    parts = [json.dumps(part).encode() for part in (header, claims())]
    text = b".".join(base64.urlsafe_b64encode(part).rstrip(b"=") for part in parts)
    return (text + b"." + base64.urlsafe_b64encode(signature(text)).rstrip(b"=")).decode()


def public_pem() -> bytes:
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return private("one").public_key().public_bytes(serialization.Encoding.PEM, form)


def confused(text: bytes) -> bytes:
    return hmac.new(public_pem(), text, hashlib.sha256).digest()


FORGED: dict[str, Callable[[], str]] = {
    "expired": lambda: token(exp=int(clock.now().timestamp()) - 1),
    "from the future": lambda: token(iat=int(clock.now().timestamp()) + 600),
    "no expiry": lambda: token(exp=None),
    "no app": lambda: token(sub=None),
    "another project's issuer": lambda: token(iss="https://firebaseappcheck.googleapis.com/99"),
    "another issuer": lambda: token(iss=f"https://evil.example.vn/{PROJECT}"),
    "another audience": lambda: token(aud=["projects/99"]),
    "no audience": lambda: token(aud=None),
    "text for a time": lambda: token(exp="tomorrow"),
    "another's key": lambda: token(key="forger"),
    "unknown key": lambda: token(kid="nobody", key="forger"),
    "HS256 with the public key": lambda: by_hand(
        {"alg": "HS256", "typ": "JWT", "kid": "one"}, confused
    ),
    "RS256 told, HMAC made": lambda: by_hand(
        {"alg": "RS256", "typ": "JWT", "kid": "one"}, confused
    ),
    "none": lambda: by_hand({"alg": "none", "typ": "JWT", "kid": "one"}, lambda _text: b""),
    "None": lambda: by_hand({"alg": "None", "typ": "JWT", "kid": "one"}, lambda _text: b""),
    "RS512": lambda: jwt.encode(claims(), private("one"), "RS512", headers={"kid": "one"}),
    "ES256": lambda: jwt.encode(
        claims(), ec.generate_private_key(ec.SECP256R1()), "ES256", headers={"kid": "one"}
    ),
    "another type": lambda: jwt.encode(
        claims(), private("one"), "RS256", headers={"kid": "one", "typ": "at+jwt"}
    ),
    "no key named": lambda: jwt.encode(claims(), private("one"), "RS256"),
    "a list for a key's name": lambda: by_hand({"alg": "RS256", "typ": "JWT", "kid": []}, confused),
    "cut": lambda: token()[:-20],
    "garbage": lambda: "garbage",
    "dots": lambda: "..",
    "not ASCII": lambda: "ưỡ.ợ.ở",
    "1 MB": lambda: token() + "a" * 1_000_000,
    "1 MB of header": lambda: "A" * 1_000_000 + ".e30.x",
    "deep": lambda: base64.urlsafe_b64encode(b"[" * 3_000).decode() + ".e30.x",
}


@pytest.fixture
def check(google: KeyServer) -> AppCheck:
    return AppCheck(google.jwks, PROJECT)


def test_a_token_of_our_app_is_good(check: AppCheck, google: KeyServer) -> None:
    assert [check.judge(token()) for _ in range(3)] == [Verdict.GOOD] * 3
    assert check.judge("") is Verdict.ABSENT
    assert google.asked == 1


@pytest.mark.parametrize("how", FORGED)
def test_a_forged_token_is_bad(check: AppCheck, how: str) -> None:
    assert check.judge(token()) is Verdict.GOOD
    assert check.judge(FORGED[how]()) is Verdict.BAD


def test_a_new_key_of_google_is_fetched_but_not_for_every_forger(
    check: AppCheck, google: KeyServer
) -> None:
    assert check.judge(token()) is Verdict.GOOD
    for _ in range(5):
        assert check.judge(token("nobody", "forger")) is Verdict.BAD
    assert google.asked == 1
    google.names = ["two"]
    with clock.frozen(clock.now() + timedelta(minutes=2)):
        assert check.judge(token("two", "two")) is Verdict.GOOD
        assert check.judge(token()) is Verdict.BAD  # a key that Google withdrew
    assert google.asked == 2


def test_keys_are_renewed_and_stay_while_google_is_away(check: AppCheck, google: KeyServer) -> None:
    assert check.judge(token()) is Verdict.GOOD
    with clock.frozen(clock.now() + timedelta(hours=5)):
        assert check.judge(token()) is Verdict.GOOD
    assert google.asked == 1
    with clock.frozen(clock.now() + timedelta(hours=7)):
        assert check.judge(token()) is Verdict.GOOD
    assert google.asked == 2
    google.stop()
    with clock.frozen(clock.now() + timedelta(days=2)):
        assert check.judge(token()) is Verdict.GOOD
        assert check.judge(token(key="forger")) is Verdict.BAD


@pytest.mark.parametrize(
    "answer",
    [
        lambda: ("", 503),
        lambda: "no JSON",
        lambda: "[]",
        lambda: '{"keys": []}',
        lambda: '{"keys": [{"kid": "one", "kty": "RSA"}]}',
        lambda: '{"keys": [{"kid": "one", "kty": "oct", "k": "AAAA"}]}',
        lambda: "x" * 1_000_000,
        lambda: ("", 302, {"Location": "http://127.0.0.1:1/"}),
    ],
)
def test_without_keys_nothing_can_be_said(google: KeyServer, answer: Callable[[], Any]) -> None:
    google.answer = answer
    check = AppCheck(google.jwks, PROJECT)
    assert [check.judge(token()) for _ in range(3)] == [Verdict.UNAVAILABLE] * 3
    assert google.asked == 1  # not at each request
    google.answer = google._keys
    with clock.frozen(clock.now() + timedelta(minutes=2)):
        assert check.judge(token()) is Verdict.GOOD


def test_many_first_requests_fetch_once(check: AppCheck, google: KeyServer) -> None:
    good = token()
    assert set(at_once(*[lambda: check.judge(good)] * 10)) == {Verdict.GOOD}
    assert google.asked == 1


@pytest.fixture
def make(make_app: MakeApp, google: KeyServer) -> Callable[..., Flask]:
    def made(mode: str, **more: Any) -> Flask:
        return make_app(
            app_check=mode, app_check_project=PROJECT, app_check_jwks_url=google.jwks, **more
        )

    return made


def counted(app: Flask) -> dict[str, float]:
    page = app.test_client().get("/metrics").text.splitlines()
    lines = [line for line in page if line.startswith("app_check_total{")]
    return {line.split('"')[1]: float(line.rpartition(" ")[2]) for line in lines}


def test_enforced_on_what_apps_write(make: Callable[..., Flask]) -> None:
    app = make("enforce")
    client, me = app.test_client(), bearer(citizen(app))
    good, bad = ({"X-Firebase-AppCheck": sent} for sent in (token(), token(key="forger")))
    before = counted(app)
    for headers in ({}, bad):
        for ask in (
            client.post(OTP, json=PHONE, headers=headers),
            client.post(REPORTS, json=report_body(), headers={**me, **headers}),
        ):
            assert (ask.status_code, ask.json["type"]) == (403, "urn:problem:app_check.refused")
    assert client.post(OTP, json=PHONE, headers=good).status_code == 202
    assert client.post(REPORTS, json=report_body(), headers={**me, **good}).status_code == 201
    grown = {result: value - before.get(result, 0) for result, value in counted(app).items()}
    assert (grown["good"], grown["bad"], grown["absent"]) == (2, 2, 2)
    english = client.post(OTP, json=PHONE, headers={"Accept-Language": "en"})
    assert "official app" in english.json["detail"]


def test_not_asked_of_others(make: Callable[..., Flask]) -> None:
    app = make("enforce", cors_origins=("https://app.example.vn",))
    client, me = app.test_client(), bearer(citizen(app))
    report = "/api/v1/officer/reports"
    lead = bearer(officer(app, Role.IOC_LEAD, "ioc"))
    origin = {"Origin": "https://app.example.vn", "Access-Control-Request-Method": "POST"}
    asked = {
        "reading": client.get("/api/v1/me/reports", headers=me),
        "preflight": client.options(REPORTS, headers=origin),
        "officer": client.post("/api/v1/media", headers=lead),
        "officer's sign-in": client.post("/api/v1/officer/auth/tokens", json={}),
        "refresh": client.post("/api/v1/auth/refresh", json={}),
        "centre": client.post("/api/v1/ioc/callbacks", json={}),
        "signed out": client.post(REPORTS, json={}),
        "nowhere": client.post("/api/v1/nowhere"),
        "officer's list": client.get(report, headers=lead),
    }
    told = {name: (a.get_json(silent=True) or {}).get("type") for name, a in asked.items()}
    assert "urn:problem:app_check.refused" not in told.values(), told
    assert asked["signed out"].status_code == 401  # so that an app refreshes its session


def test_watched_only(make: Callable[..., Flask], google: KeyServer) -> None:
    app = make("watch")
    before = counted(app).get("bad", 0)
    headers = {"X-Firebase-AppCheck": "garbage"}
    assert app.test_client().post(OTP, json=PHONE, headers=headers).status_code == 202
    assert counted(app)["bad"] == before + 1
    assert google.asked == 0  # garbage costs no call


def test_a_report_arrives_while_google_is_away(
    make: Callable[..., Flask], google: KeyServer
) -> None:
    google.stop()
    app = make("enforce")
    before = counted(app).get("unavailable", 0)
    headers = {**bearer(citizen(app)), "X-Firebase-AppCheck": token()}
    assert app.test_client().post(REPORTS, json=report_body(), headers=headers).status_code == 201
    assert counted(app)["unavailable"] == before + 1


def test_off_asks_nobody(make: Callable[..., Flask], google: KeyServer) -> None:
    headers = {"X-Firebase-AppCheck": token()}
    assert make("off").test_client().post(OTP, json=PHONE, headers=headers).status_code == 202
    assert google.asked == 0
