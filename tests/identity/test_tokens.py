"""Access tokens: forged ones, keys that rotate, keys that are made."""

import base64
import json
import stat
import subprocess
import sys
import time

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from smartcity.identity.tokens import keys
from tests.identity import people

ME = "/api/v1/me"


def part(value):
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def pem(key):
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


@pytest.fixture
def good(app):
    """A good token with the keys that made it."""
    token = people.citizen(app).access_token
    with app.app_context():
        return token, keys()


def forged(good, *, claims=None, header=None, key=None, algorithm="ES256"):
    token, ours = good
    payload = jwt.decode(token, options={"verify_signature": False})
    payload.update(claims or {})
    payload = {name: value for name, value in payload.items() if value is not ...}
    heading = {"kid": ours.kid, **(header or {})}
    return jwt.encode(payload, key or ours.private, algorithm, headers=heading)


def public_pem(ours):
    return ours.public[ours.kid].public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def signed_with_the_public_key(good):
    """HS256 under the bytes of the public key, which a careless verifier takes for a secret."""
    token, ours = good
    body = f"{part({'alg': 'HS256', 'typ': 'JWT', 'kid': ours.kid})}.{token.split('.')[1]}"
    algorithm = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256)
    return f"{body}.{part(algorithm.sign(body.encode(), public_pem(ours)))}"


def unsigned(good, name):
    token, ours = good
    return f"{part({'alg': name, 'kid': ours.kid})}.{token.split('.')[1]}."


NOW = int(time.time())
OTHER_KEY = ec.generate_private_key(ec.SECP256R1())
FORGED = {
    "alg none": lambda good: unsigned(good, "none"),
    "alg None": lambda good: unsigned(good, "None"),
    "alg absent": lambda good: f"{part({'kid': good[1].kid})}.{good[0].split('.')[1]}.",
    "HS256 with the public key": signed_with_the_public_key,
    "HS256": lambda good: forged(good, key="s" * 40, algorithm="HS256"),
    "RS256": lambda good: forged(
        good, key=rsa.generate_private_key(65537, 2048), algorithm="RS256"
    ),
    "ES384": lambda good: forged(
        good, key=ec.generate_private_key(ec.SECP384R1()), algorithm="ES384"
    ),
    "another's key": lambda good: forged(good, key=OTHER_KEY),
    "key in the header": lambda good: forged(
        good,
        key=OTHER_KEY,
        header={"jwk": jwt.algorithms.ECAlgorithm.to_jwk(OTHER_KEY.public_key(), as_dict=True)},
    ),
    "unknown kid": lambda good: forged(good, header={"kid": "another"}),
    "kid a path": lambda good: forged(good, header={"kid": "../../dev/null"}),
    "kid a list": lambda good: f"{part({'alg': 'ES256', 'kid': ['x']})}.{good[0].split('.')[1]}.AA",
    "no kid": lambda good: f"{part({'alg': 'ES256'})}.{good[0].split('.', 1)[1]}",
    "critical extension": lambda good: forged(good, header={"crit": ["b64"], "b64": False}),
    "wrong aud": lambda good: forged(good, claims={"aud": "another"}),
    "no aud": lambda good: forged(good, claims={"aud": ...}),
    "wrong iss": lambda good: forged(good, claims={"iss": "https://another.example"}),
    "no iss": lambda good: forged(good, claims={"iss": ...}),
    "no sid": lambda good: forged(good, claims={"sid": ...}),
    "unknown sid": lambda good: forged(good, claims={"sid": "0" * 32}),
    "expired": lambda good: forged(good, claims={"iat": NOW - 901, "exp": NOW - 1}),
    "no exp": lambda good: forged(good, claims={"exp": ...}),
    "of the future": lambda good: forged(good, claims={"iat": NOW + 600, "exp": NOW + 900}),
    "other claims, same signature": lambda good: ".".join(
        [good[0].split(".")[0], part({"role": "admin"}), good[0].split(".")[2]]
    ),
    "no signature": lambda good: good[0].rsplit(".", 1)[0] + ".",
    "two parts": lambda good: good[0].rsplit(".", 1)[0],
    "a megabyte": lambda good: good[0] + "A" * 2**20,
    "deep JSON": lambda _: part(b"[" * 1_400) + ".e30.AA",
    "empty": lambda _: "",
    "not UTF-8": lambda _: part(b"\xff\xfe") + ".e30.AA",
    "accents": lambda _: "mã.thông.báo",
    "refresh token": lambda _: "rt_" + "0" * 32 + ".1." + "A" * 43,
}


def test_our_own_token_is_good(client, good):
    assert client.get(ME, headers={"Authorization": f"Bearer {good[0]}"}).status_code == 200
    again = forged(good)
    assert client.get(ME, headers={"Authorization": f"bearer {again}"}).status_code == 200


def test_every_forged_token_is_refused(client, good):
    def answer(kind):
        token = FORGED[kind](good).encode().decode("latin-1")
        given = client.get(ME, headers={"Authorization": f"Bearer {token}"})
        return given.status_code, given.json.get("type"), given.headers.get("WWW-Authenticate")

    refusal = (401, "urn:problem:identity.token_refused", 'Bearer error="invalid_token"')
    assert {kind: answer(kind) for kind in FORGED} == dict.fromkeys(FORGED, refusal)


def test_a_public_route_answers_who_comes_with_a_bad_token(client):
    bad = {"Authorization": "Bearer x"}
    assert client.post("/api/v1/auth/otp", json={}, headers=bad).status_code == 422


def test_without_a_token_one_has_to_sign_in(client):
    for header in ({}, {"Authorization": "Basic eDp5"}, {"Authorization": ""}):
        answer = client.get(ME, headers=header)
        assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
        assert answer.json["type"] == "urn:problem:identity.sign_in"


def test_keys_rotate_without_signing_anybody_out(make_app, tmp_path):
    old, new = tmp_path / "old.pem", tmp_path / "new.pem"
    for file in (old, new):
        file.write_bytes(pem(ec.generate_private_key(ec.SECP256R1())))
    before = make_app(signing_keys=(old,))
    after = make_app(signing_keys=(new, old))
    tokens = people.citizen(before)
    assert after.test_client().get(ME, headers=people.bearer(tokens)).status_code == 200
    fresh = people.citizen(after)
    assert before.test_client().get(ME, headers=people.bearer(fresh)).status_code == 401
    old_gone = make_app(signing_keys=(new,)).test_client()
    assert old_gone.get(ME, headers=people.bearer(tokens)).status_code == 401
    renewed = old_gone.post("/api/v1/auth/refresh", json={"refresh_token": tokens.refresh_token})
    assert renewed.status_code == 200


def test_a_key_of_another_kind_is_refused(make_app, tmp_path):
    file = tmp_path / "rsa.pem"
    file.write_bytes(pem(rsa.generate_private_key(65537, 2048)))
    with make_app(signing_keys=(file,)).app_context(), pytest.raises(ValueError, match="P-256"):
        keys()


MAKE_KEY = """
import sys
from pathlib import Path
from flask import Flask
from smartcity.core.context import attach
from smartcity.identity.tokens import keys
from smartcity.settings import Settings
app = Flask("x")
attach(app, Settings(var_dir=Path(sys.argv[1])))
sys.stdin.read()
with app.app_context():
    print(keys().kid)
"""


def test_processes_that_start_together_agree_on_a_key(tmp_path):
    command = [sys.executable, "-c", MAKE_KEY, str(tmp_path / "var")]
    started = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    for process in started:
        process.stdin.close()
        process.stdin = None
    kids = {process.communicate(timeout=60)[0] for process in started}
    assert len(kids) == 1
    assert kids != {""}
    [file] = (tmp_path / "var").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
