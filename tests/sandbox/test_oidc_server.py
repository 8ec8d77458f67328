"""The sandbox's OpenID provider refuses what a provider must refuse, and forges on demand."""

from __future__ import annotations

from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
import pytest
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from urllib3.util import make_headers

from smartcity.sandbox.oidc import Oidc
from smartcity.sandbox.oidc_forgeries import FORGERIES
from smartcity.sandbox.oidc_grants import Client

BACK = "https://app.example/callback"
VERIFIER = "v" * 43
CLIENT, OTHER = Client("the-client", "the-secret", (BACK,)), Client("other", "s", (BACK,))
ASKED = {
    "response_type": "code",
    "client_id": CLIENT.id,
    "redirect_uri": BACK,
    "scope": "openid",
    "state": "the-state",
    "nonce": "the-nonce",
    "code_challenge": create_s256_code_challenge(VERIFIER),
    "code_challenge_method": "S256",
}


@pytest.fixture(scope="module")
def running():
    with Oidc([CLIENT, OTHER]) as server:
        yield server


@pytest.fixture
def oidc(running, http):
    running.faults.clear()
    running.books.nonces.clear()
    http.request("PUT", f"{running.url}/people/linh", json={"groups": ["ioc"]})
    return running


def log_in(http, oidc, name="linh", **other):
    asked = {k: v for k, v in {**ASKED, **other}.items() if v is not None}
    url = f"{oidc.url}/authorize?{urlencode(asked)}"
    return http.request("POST", url, fields={"name": name}, redirect=False)


def told(answer):
    return {k: v[0] for k, v in parse_qs(urlsplit(answer.headers["Location"]).query).items()}


def tokens(http, oidc, code, client=CLIENT, **other):
    asked = {"grant_type": "authorization_code", "redirect_uri": BACK, "code_verifier": VERIFIER}
    return http.request(
        "POST",
        f"{oidc.url}/token",
        fields={**asked, "code": code, **other},
        encode_multipart=False,
        headers=make_headers(basic_auth=f"{client.id}:{client.secret}"),
    )


def id_token(http, oidc):
    return tokens(http, oidc, told(log_in(http, oidc))["code"]).json()["id_token"]


def test_a_person_signs_in(http, oidc):
    page = http.request("GET", f"{oidc.url}/authorize?{urlencode(ASKED)}")
    assert (page.status, "Tên đăng nhập" in page.data.decode()) == (200, True)
    back = told(log_in(http, oidc))
    assert (back["state"], back["iss"]) == ("the-state", oidc.url)
    granted = tokens(http, oidc, back["code"]).json()
    metadata = http.request("GET", f"{oidc.url}/.well-known/openid-configuration").json()
    assert metadata["issuer"] == oidc.url
    key = jwt.PyJWKClient(metadata["jwks_uri"]).get_signing_key_from_jwt(granted["id_token"])
    claims = jwt.decode(granted["id_token"], key, ["RS256"], audience=CLIENT.id, issuer=oidc.url)
    assert (claims["sub"], claims["nonce"], claims["groups"]) == ("linh", "the-nonce", ["ioc"])
    shown = {"Authorization": f"Bearer {granted['access_token']}"}
    told_of = http.request("GET", metadata["userinfo_endpoint"], headers=shown).json()
    assert told_of == {"sub": "linh", "groups": ["ioc"]}


def test_userinfo_wants_a_token(http, oidc):
    for headers in ({}, {"Authorization": "Bearer wrong"}):
        assert http.request("GET", f"{oidc.url}/userinfo", headers=headers).status == 401


def test_nobody_else_signs_in(http, oidc):
    answer = log_in(http, oidc, name="nobody")
    assert (answer.status, "Không có người dùng này" in answer.data.decode()) == (200, True)


def test_a_person_may_refuse(http, oidc):
    url = f"{oidc.url}/authorize?{urlencode(ASKED)}"
    answer = http.request("POST", url, fields={"name": "linh", "refuse": "yes"}, redirect=False)
    assert (told(answer)["error"], told(answer)["state"]) == ("access_denied", "the-state")


@pytest.mark.parametrize(
    "uri",
    [f"{BACK}/", f"{BACK}?a=b", f"{BACK}#a", "https://app.example/", "https://evil.example/", None],
)
def test_a_redirect_uri_is_exact(http, oidc, uri):
    answer = log_in(http, oidc, redirect_uri=uri)
    assert (answer.status, answer.headers.get("Location")) == (400, None)


@pytest.mark.parametrize(
    "wrong",
    [
        {"code_challenge": None},
        {"code_challenge_method": None},
        {"code_challenge_method": "plain"},
        {"nonce": None},
        {"response_type": "token"},
    ],
)
def test_a_request_without_pkce_or_nonce_is_refused(http, oidc, wrong):
    answer = log_in(http, oidc, **wrong)
    assert "error" in told(answer)
    assert "code" not in told(answer)


def test_a_code_is_spent_once_by_its_own_client_with_its_verifier(http, oidc):
    def code():
        oidc.books.nonces.clear()
        return told(log_in(http, oidc))["code"]

    spent = code()
    assert tokens(http, oidc, spent).status == 200
    assert tokens(http, oidc, spent).json()["error"] == "invalid_grant"
    assert tokens(http, oidc, code(), code_verifier="w" * 43).json()["error"] == "invalid_grant"
    assert tokens(http, oidc, code(), redirect_uri=f"{BACK}/").json()["error"] == "invalid_grant"
    assert tokens(http, oidc, code(), client=OTHER).json()["error"] == "invalid_grant"
    wrong = Client(CLIENT.id, "wrong", ())
    assert tokens(http, oidc, code(), client=wrong).json()["error"] == "invalid_client"


def test_a_nonce_is_used_once(http, oidc):
    assert tokens(http, oidc, told(log_in(http, oidc))["code"]).status == 200
    assert "error" in told(log_in(http, oidc))


@pytest.mark.parametrize("mode", FORGERIES)
def test_each_forgery_differs_from_what_is_honest(http, oidc, mode):
    honest = id_token(http, oidc)
    oidc.books.nonces.clear()
    oidc.faults.suffer({"mode": mode})
    forged = id_token(http, oidc)
    unverified = {"options": {"verify_signature": False}}
    ours, theirs = (jwt.decode(token, **unverified) for token in (honest, forged))
    ours.pop("at_hash"), theirs.pop("at_hash") if mode != "wrong_at_hash" else None
    differs = any(ours.get(k) != theirs.get(k) for k in ours.keys() | theirs.keys() - {"iat"})
    heads = jwt.get_unverified_header(honest) != jwt.get_unverified_header(forged)
    assert differs or heads or mode == "another_key"


def test_keys_rotate(http, oidc):
    first = jwt.get_unverified_header(id_token(http, oidc))["kid"]
    published = http.request("POST", f"{oidc.url}/keys").json()["keys"]
    oidc.books.nonces.clear()
    second = jwt.get_unverified_header(id_token(http, oidc))["kid"]
    assert first != second
    assert {first, second} <= {key["kid"] for key in published}
    assert all("d" not in key for key in published)


def test_the_provider_fails_on_demand(http, oidc):
    oidc.faults.suffer({"status": 503, "retry_after": 2})
    for path in ("/.well-known/openid-configuration", "/jwks", "/userinfo"):
        answer = http.request("GET", f"{oidc.url}{path}")
        assert (answer.status, answer.headers["Retry-After"]) == (503, "2")
