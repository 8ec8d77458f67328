"""No other site changes anything at the console: every route of the URL map is tried."""

import io
import re
import uuid

import pytest
from flask import Flask

from smartcity.audit.models import AuditEntry
from smartcity.core.signing import mac
from tests.helpers import count
from tests.identity.officers import PASSWORD

UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}
PAGES = re.compile(r"<script|<style| style=| on\w+=|javascript:")
GOOD = {"username": "thuy.linh", "password": PASSWORD}


class Unread(io.BytesIO):
    """A body that nobody may touch."""

    def read(self, *_size: object) -> bytes:
        raise AssertionError("the body was read")

    readline = readinto = read1 = read  # type: ignore[assignment]


def changes(app: Flask) -> list[tuple[str, str]]:
    """Every route under /console that changes something."""
    found = []
    for rule in app.url_map.iter_rules():
        if str(rule).startswith("/console"):
            _, path = rule.build(dict.fromkeys(rule.arguments, uuid.uuid4()))
            found += [(method, path) for method in (rule.methods or set()) & UNSAFE]
    return found


def test_no_change_without_the_field(app, browser):
    browser.sign_in()
    entries = count(app, AuditEntry)
    routes = changes(app)
    assert len(routes) >= 8
    for method, path in routes:
        for form in ({}, {"csrf": ""}, {"csrf": "x" * 43}, {"csrf": "é"}):
            sent = {**GOOD, "current": PASSWORD, "new": "con trâu đi trước cái cày", **form}
            answer = browser.client.open(path, method=method, data=sent)
            assert answer.status_code == 403, path
    assert browser.get("/").status_code == 200
    assert count(app, AuditEntry) == entries


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:81"},
    ],
)
def test_no_change_from_other_pages_not_even_with_the_field(app, browser, headers):
    browser.sign_in()
    for method, path in changes(app):
        answer = browser.client.open(
            path,
            method=method,
            headers={**headers, "Content-Length": "100"},
            input_stream=Unread(b"x" * 100),
            content_type="application/x-www-form-urlencoded",
        )
        assert answer.status_code == 403, path
    assert browser.post("/sign-out", headers).status_code == 403
    assert browser.get("/").status_code == 200


@pytest.mark.parametrize(
    "headers",
    [{}, {"Sec-Fetch-Site": "same-origin"}, {"Origin": "http://localhost"}],
)
def test_our_own_pages_change(browser, headers):
    browser.sign_in()
    assert browser.post("/sign-out", headers).status_code == 303


def test_a_stranger_is_refused_before_his_body_is_read(app):
    open_to_all = {"/console/sign-in", "/console/sign-in/code"}
    client = app.test_client()
    for method, path in changes(app):
        if path in open_to_all:
            continue
        answer = client.open(path, method=method, input_stream=Unread(b"x" * 100))
        assert answer.status_code == 401, path


def test_a_field_is_of_one_session(browser, new_browser):
    browser.sign_in()
    attacker = new_browser()
    attacker.sign_in()
    assert browser.post("/sign-out", csrf=attacker.csrf).status_code == 403
    before = browser.csrf
    browser.sign_in()
    assert browser.post("/sign-out", csrf=before).status_code == 403


def test_nobody_is_signed_in_as_somebody_else(app, browser, new_browser):
    """Login CSRF: the form is bound to the browser that it was shown in."""
    attacker = new_browser()
    attacker.get("/sign-in")
    assert browser.post("/sign-in", csrf=attacker.csrf, **GOOD).status_code == 403
    browser.get("/sign-in")
    assert browser.post("/sign-in", csrf=attacker.csrf, **GOOD).status_code == 403
    with app.app_context():
        empty = mac("csrf", "visit:")
    assert browser.post("/sign-in", csrf=empty, **GOOD).status_code == 403
    assert browser.sign_in().status_code == 303


def test_pages_hold_no_script_and_no_style(browser):
    browser.get("/sign-in")
    pages = [browser.get("/sign-in"), browser.post("/sign-in", username="x", password="y")]
    browser.sign_in()
    pages += [browser.get(path) for path in ("/", "/account")]
    pages += [browser.post("/account/second-factor"), browser.post("/sign-out", csrf="x")]
    for page in pages:
        assert page.mimetype == "text/html"
        assert not PAGES.search(page.text)
        assert page.headers["Cache-Control"] == "no-store"
        assert "style-src 'self'" in page.headers["Content-Security-Policy"]
