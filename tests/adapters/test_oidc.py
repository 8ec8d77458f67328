"""The relying party by itself: how long it waits, and what it makes of a strange provider."""

from __future__ import annotations

import time

import pytest

from smartcity.adapters.oidc import Exchange, Provider
from smartcity.core.errors import Temporary
from smartcity.sandbox.oidc import Oidc
from smartcity.sandbox.oidc_grants import Client

BACK = "https://app.example/callback"
EXCHANGE = Exchange(BACK, "the-state", "the-nonce", "v" * 43)


@pytest.fixture
def server():
    with Oidc([Client("the-client", "the-secret", (BACK,))]) as running:
        yield running


def provider(server, issuer=None):
    return Provider(issuer or server.url, "the-client", "the-secret")


def test_a_slow_provider_is_not_waited_for(server):
    server.faults.suffer({"mode": "slow", "delay": 30})
    began = time.monotonic()
    with pytest.raises(Temporary):
        provider(server).authorization_url(EXCHANGE)
    assert time.monotonic() - began < 7


def test_the_issuer_is_compared_letter_by_letter(server):
    with pytest.raises(Temporary, match="another issuer"):
        provider(server, f"{server.url}/").authorization_url(EXCHANGE)


def test_what_was_wrong_once_is_not_kept(server):
    ours = provider(server)
    server.faults.suffer({"mode": "false_issuer"})
    with pytest.raises(Temporary):
        ours.authorization_url(EXCHANGE)
    server.faults.clear()
    assert ours.authorization_url(EXCHANGE).startswith(f"{server.url}/authorize?")
