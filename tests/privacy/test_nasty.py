"""What nobody expects in the fields of a person's rights and of the registers: never a crash."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.helpers import Headers
from tests.privacy.test_breaches import entered, told
from tests.test_nasty_values import NASTY, SOME_ID, bodies

QUERIES = {
    f"/exports/{SOME_ID}": ["expires", "signature"],
    "/api/v1/admin/data-requests": ["cursor", "limit", "kind", "open", "late"],
    "/api/v1/admin/breaches": ["cursor", "limit", "open"],
}


def test_no_body_makes_us_crash(client: FlaskClient, me: Headers, admin: Headers) -> None:
    breach = entered(client, admin)
    tagged = {**admin, "If-Match": f'"{breach["version"]}"'}
    times = {"authority_notified_at": "x", "people_notified_at": "x", "closed_at": "x"}
    asks: list[tuple[str, str, Headers, dict[str, Any]]] = [
        ("PUT", "/api/v1/me/consents/campaigns", me, {"granted": True, "policy_version": 1}),
        ("PATCH", "/api/v1/me", me, {"display_name": "x"}),
        ("PUT", "/api/v1/me/phone", me, {"challenge_id": SOME_ID, "code": "123456"}),
        ("POST", "/api/v1/admin/breaches", admin, told(measures="x")),
        ("PATCH", f"/api/v1/admin/breaches/{breach['id']}", tagged, {**told(), **times}),
    ]
    crashed = []
    for method, path, headers, body in asks:
        for sent in bodies(body):
            answer = client.open(
                path, method=method, data=sent, headers=headers, content_type="application/json"
            )
            if answer.status_code >= 500:
                crashed.append((path, sent[:200], answer.text))
    assert crashed == []


def test_no_query_makes_us_crash(client: FlaskClient, admin: Headers) -> None:
    crashed = []
    for path, names in QUERIES.items():
        for name in names:
            for value in map(str, NASTY):
                text = value.encode(errors="surrogatepass").decode("latin-1")
                answer = client.get(path, query_string={name: text}, headers=admin)
                if answer.status_code >= 500:
                    crashed.append((path, name, value, answer.text))
    assert crashed == []


@pytest.mark.parametrize("purpose", ["%00", "%ff", "x" * 3_000, "..%2f..", "%F0%9F%92%A9"])
def test_no_purpose_makes_us_crash(
    app: Flask, client: FlaskClient, me: Headers, purpose: str
) -> None:
    body = {"granted": True, "policy_version": 1}
    answer = client.put(f"/api/v1/me/consents/{purpose}", json=body, headers=me)
    assert answer.status_code == 404
