"""Nothing that opens an account, and no number, gets into a log."""

import io
import logging
import re

import pytest

from tests.identity.conftest import PHONE, UNLIMITED


@pytest.fixture
def app(make_app, gateway):
    return make_app(sms_url=gateway.url, sms_key="the-key", log_level="DEBUG", **UNLIMITED)


@pytest.fixture
def logged(app):
    """Every line, as it is printed and as it was before the mask."""
    lines, root = io.StringIO(), logging.getLogger()
    printed, raw = logging.StreamHandler(lines), logging.StreamHandler(lines)
    printed.setFormatter(root.handlers[0].formatter)
    for handler in (printed, raw):
        root.addHandler(handler)
    yield lines.getvalue
    for handler in (printed, raw):
        root.removeHandler(handler)


def test_no_log_holds_what_is_secret(client, logged, challenged, code, signed_in):
    tokens = signed_in()
    challenged()
    digits = code()
    client.post("/api/v1/auth/tokens", json={"challenge_id": "x", "code": digits})
    client.get("/api/v1/me", headers={"Authorization": f"Bearer {tokens['access_token']}"})
    client.post("/api/v1/auth/refresh", json={"refresh_token": tokens["refresh_token"]})
    lines = logged()
    assert "auth/tokens" in lines
    assert PHONE[3:] not in lines
    assert not re.search(rf"(?<![\w.]){digits}(?![\w.])", lines)
    for token in (tokens["access_token"], tokens["refresh_token"]):
        assert token not in lines
        assert token[-20:] not in lines
