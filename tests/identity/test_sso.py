"""Officers sign in at the province's own provider: the whole way of a browser, there and back."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest

from smartcity.core import clock
from smartcity.identity.federation_models import AuthorizationRequest, OfficerIdentity
from smartcity.identity.models import Officer, SignedIn
from smartcity.safety import UnsafeSettings
from smartcity.sandbox.oidc_forgeries import FORGERIES
from smartcity.sandbox.oidc_grants import FALSE_ISS
from smartcity.settings import Settings
from tests.helpers import at_once, count, rows
from tests.identity.provider import CALLBACK, log_in, queried, sent_back, settings_of
from tests.identity.signing_on import (
    BACK,
    START,
    begun,
    came_in,
    deeds,
    officer,
    refused,
    signing_in,
)


@pytest.fixture
def app(make_app, provider):
    return make_app(**settings_of(provider), password_limit_address="10000 per hour")


@pytest.fixture
def linh(provider):
    return officer(provider, "linh", "smartcity-ioc", name="Nguyễn Thùy Linh")


def test_an_officer_comes_in_with_role_and_agency(app, client, provider, linh):
    assert client.get("/console/").status_code == 401
    assert came_in(signing_in(client, linh))
    assert "Nguyễn Thùy Linh" in client.get("/console/").get_data(as_text=True)
    [account] = rows(app, Officer)
    assert (account.role, account.agency) == ("ioc_operator", "ioc")
    assert (account.display_name, account.active) == ("Nguyễn Thùy Linh", True)
    [link] = rows(app, OfficerIdentity)
    assert (link.issuer, link.officer_id) == (provider.url, account.id)
    [session] = rows(app, SignedIn)
    assert (session.principal_id, session.second_factor) == (account.id, "sso")
    assert [e.after["role"] for e in deeds(app, "officer.create")] == ["ioc_operator"]


def test_he_comes_back_to_the_same_account(app, client, linh):
    assert came_in(signing_in(client, linh))
    assert came_in(signing_in(app.test_client(), linh))
    assert count(app, Officer) == 1
    assert deeds(app, "officer.change") == []


def test_of_two_first_sign_ins_at_once_one_makes_the_account(app, linh):
    clients = [app.test_client() for _ in range(2)]
    told = [sent_back(begun(client), linh) for client in clients]
    calls = [
        partial(client.get, BACK, query_string=answer)
        for client, answer in zip(clients, told, strict=True)
    ]
    assert all(came_in(answer) for answer in at_once(*calls))
    assert count(app, Officer) == 1


def test_the_browser_carries_no_secret(client):
    answer = client.get(START)
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-sso=")
    for word in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=600"):
        assert word in cookie
    asked = queried(answer.headers["Location"])
    assert (asked["redirect_uri"], asked["code_challenge_method"]) == (CALLBACK, "S256")
    assert asked["nonce"] not in cookie
    assert asked["state"] not in cookie


def test_a_state_of_another_browser_is_refused(app, client, linh):
    """Neither can somebody have me sign in as him, nor sign in by what I was sent back with."""
    told = sent_back(begun(client), linh)
    stranger = app.test_client()
    assert refused(stranger.get(BACK, query_string=told), 409, "hãy bắt đầu lại")
    begun(stranger)
    assert refused(stranger.get(BACK, query_string=told), 409, "hãy bắt đầu lại")
    assert came_in(client.get(BACK, query_string=told))


def test_a_state_is_spent_once(app, client, linh):
    told = sent_back(begun(client), linh)
    assert came_in(client.get(BACK, query_string=told))
    assert refused(client.get(BACK, query_string=told), 409, "hãy bắt đầu lại")
    assert count(app, SignedIn) == 1


def test_of_two_answers_at_once_one_comes_in(app, client, linh):
    told = sent_back(begun(client), linh)
    cookie = client.get_cookie("__Host-sso").value

    def answered():
        browser = app.test_client()
        browser.set_cookie("__Host-sso", cookie)
        return browser.get(BACK, query_string=told).status_code

    assert sorted(at_once(answered, answered)) == [303, 409]


def test_wrong_missing_and_late_states_are_refused(app, client, linh):
    told = sent_back(begun(client), linh)
    for wrong in ({**told, "state": "x" * 43}, {"code": told["code"]}, {"state": "\x00"}, {}):
        assert refused(client.get(BACK, query_string=wrong), 409, "hãy bắt đầu lại")
    with clock.frozen(clock.now() + timedelta(minutes=10)):
        assert refused(client.get(BACK, query_string=told), 409, "hãy bắt đầu lại")
    assert count(app, Officer) == 0


def test_a_code_of_another_sign_in_fails_pkce(app, client, linh):
    stolen = sent_back(begun(app.test_client()), linh)["code"]
    told = {**sent_back(begun(client), linh), "code": stolen}
    assert refused(client.get(BACK, query_string=told), 409, "không xác nhận")


def test_who_refuses_at_the_provider_is_not_in(client):
    told = {"error": "access_denied", "state": queried(begun(client))["state"]}
    assert refused(client.get(BACK, query_string=told), 403, "không đồng ý")
    told["error"] = "temporarily_unavailable"
    assert refused(client.get(BACK, query_string=told), 409, "không xác nhận")


def test_a_mix_up_of_providers_shows(client, provider, linh):
    url = begun(client)
    provider.faults.suffer({"mode": FALSE_ISS})
    answer = client.get(BACK, query_string=sent_back(url, linh))
    assert refused(answer, 409, "không xác nhận")


def test_a_forged_token_lets_nobody_in(app, client, provider, linh):
    for mode in FORGERIES:
        told = sent_back(begun(client), linh)
        provider.faults.suffer({"mode": mode})
        assert refused(client.get(BACK, query_string=told), 409, "không xác nhận"), mode
        provider.faults.clear()
    assert (count(app, Officer), count(app, SignedIn)) == (0, 0)
    assert came_in(signing_in(client, linh))


def test_a_provider_that_is_away_is_told(app, client, provider, linh):
    told = sent_back(begun(client), linh)
    provider.faults.suffer({"status": 503})
    answer = client.get(BACK, query_string=told)
    assert refused(answer, 503, "không phản hồi")
    assert int(answer.headers["Retry-After"]) > 0
    assert (count(app, Officer), count(app, AuthorizationRequest)) == (0, 0)


def test_a_redirect_uri_is_exact(make_app, provider, linh):
    """The provider knows ours letter by letter."""
    for url in ("http://127.0.0.1:8000/extra", "http://localhost:8000"):
        client = make_app(**settings_of(provider), public_url=url).test_client()
        assert log_in(begun(client), linh).status == 400


def test_the_sign_in_page_offers_the_door(client, make_app):
    assert START in client.get("/console/").get_data(as_text=True)
    assert START not in make_app().test_client().get("/console/").get_data(as_text=True)


def test_without_a_provider_there_is_no_such_door(make_app):
    assert refused(make_app().test_client().get(START), 404, "chưa bật")


def test_an_address_is_limited(make_app, provider):
    app = make_app(**settings_of(provider), password_limit_address="2 per hour")
    statuses = [app.test_client().get(START).status_code for _ in range(3)]
    assert statuses == [302, 302, 429]


@pytest.mark.parametrize("door", ["OFFICER", "CITIZEN"])
def test_production_takes_no_provider_without_tls_or_on_this_machine(door):
    client = {f"SMARTCITY_{door}_OIDC_{part}": "x" for part in ("CLIENT", "SECRET")}
    back = {"SMARTCITY_CITIZEN_OIDC_REDIRECT": "https://app.example.vn/identity"}
    production = {"SMARTCITY_ENVIRONMENT": "production", **client, **back}
    name = f"SMARTCITY_{door}_OIDC_ISSUER"
    for issuer in ("http://id.example.gov.vn", "https://127.0.0.1", "https://localhost:8443"):
        with pytest.raises(UnsafeSettings, match=f"{name} must be an https address"):
            Settings.from_env({**production, name: issuer})
    with pytest.raises(UnsafeSettings) as others:  # the test leaves other things undone
        Settings.from_env({**production, name: "https://id.example.gov.vn"})
    assert name not in str(others.value)


@pytest.mark.parametrize("door", ["OFFICER", "CITIZEN"])
def test_a_provider_without_a_client_is_refused(door):
    with pytest.raises(ValueError, match=f"{door}_OIDC_CLIENT is empty"):
        Settings.from_env({f"SMARTCITY_{door}_OIDC_ISSUER": "https://id.example.gov.vn"})
