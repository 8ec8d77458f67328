"""Officers sign in at the province's own provider: the whole way of a browser, there and back."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import update

from smartcity.audit.models import AuditEntry
from smartcity.core import clock
from smartcity.core.datafile import BadFile
from smartcity.core.db import transaction
from smartcity.core.ids import new_id
from smartcity.identity.claims import check_map
from smartcity.identity.federation_models import AuthorizationRequest, OfficerIdentity
from smartcity.identity.models import Officer, SignedIn
from smartcity.identity.permissions import Role
from smartcity.identity.service import SESSION_COOKIE, create_officer
from smartcity.safety import UnsafeSettings
from smartcity.sandbox.oidc_forgeries import FORGERIES
from smartcity.sandbox.oidc_grants import FALSE_ISS
from smartcity.settings import Settings
from tests.helpers import at_once, count, rows
from tests.identity.provider import CALLBACK, log_in, person, queried, sent_back, settings_of

START, BACK = "/console/sso", "/console/sso/callback"


@pytest.fixture
def app(make_app, provider):
    return make_app(**settings_of(provider), password_limit_address="10000 per hour")


@pytest.fixture
def linh(provider):
    return officer(provider, "linh", "smartcity-ioc", name="Nguyễn Thùy Linh")


def officer(provider, login, *groups, **claims):
    """Somebody of these groups; a new one, whatever earlier tests made of the name."""
    told = {"sub": f"{login}-{new_id()}", "groups": list(groups), "amr": ["pwd", "mfa"], **claims}
    return person(provider, login, **told)


def begun(client):
    answer = client.get(START)
    assert answer.status_code == 302
    return answer.headers["Location"]


def signing_in(client, login):
    """All the way, in one browser."""
    return client.get(BACK, query_string=sent_back(begun(client), login))


def came_in(answer):
    cookies = answer.headers.getlist("Set-Cookie")
    return answer.status_code == 303 and any(c.startswith(f"{SESSION_COOKIE}=") for c in cookies)


def refused(answer, status, words):
    told = answer.get_data(as_text=True)
    return answer.status_code == status and words in told and 'lang="vi"' in told


def deeds(app, *actions):
    return [entry for entry in rows(app, AuditEntry) if entry.action in actions]


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


def test_the_first_rule_that_fits_decides(app, client, provider):
    both = officer(provider, "both", "smartcity-unit", "smartcity-ioc-lead", agency="so-y-te")
    assert came_in(signing_in(client, both))
    assert [(a.role, a.agency) for a in rows(app, Officer)] == [("ioc_lead", "ioc-lead")]


def test_an_agency_comes_from_a_claim(app, client, provider):
    unit = officer(provider, "unit", "smartcity-unit-leader", agency="so-xay-dung")
    assert came_in(signing_in(client, unit))
    assert [(a.role, a.agency) for a in rows(app, Officer)] == [("unit_leader", "so-xay-dung")]


@pytest.mark.parametrize("agency", ["so-bay", "", None, ["so-y-te"], {"a": 1}, 7])
def test_an_agency_that_is_not_ours_is_refused(app, client, provider, agency):
    unit = officer(provider, "unit", "smartcity-unit", agency=agency)
    assert refused(signing_in(client, unit), 403, "đơn vị chưa có")
    assert count(app, Officer) == 0


@pytest.mark.parametrize(
    "groups",
    [
        [],
        "smartcity-adm",
        ["smartcity-admin "],
        [["smartcity-admin"]],
        {"smartcity-admin": 1},
        None,
    ],
)
def test_who_fits_no_rule_is_refused(app, client, provider, groups):
    told = {"sub": str(new_id()), "groups": groups, "role": "admin", "amr": ["mfa"]}
    nobody = person(provider, "nobody", **told)
    assert refused(signing_in(client, nobody), 403, "chưa được cấp vai trò")
    assert count(app, Officer) == 0


def test_one_factor_is_not_enough(app, client, provider):
    for amr in (["pwd"], None, ["mfa-not"]):
        weak = officer(provider, "weak", "smartcity-ioc", amr=amr)
        assert refused(signing_in(client, weak), 403, "xác thực nhiều lớp")
    assert count(app, Officer) == 0


def test_a_province_may_trust_its_provider_with_it(make_app, provider, tmp_path):
    rule = "{claim: groups, contains: x, role: auditor, agency: ioc}"
    (tmp_path / "sso.yaml").write_text(f"multi_factor: []\nrules: [{rule}]\n")
    app = make_app(**settings_of(provider), province_dir=tmp_path)
    assert came_in(signing_in(app.test_client(), officer(provider, "x", "x", amr=["pwd"])))
    assert [a.role for a in rows(app, Officer)] == ["auditor"]


def test_a_new_role_holds_from_the_next_sign_in(app, client, provider):
    sub = str(new_id())
    officer(provider, "mai", "smartcity-unit", sub=sub, agency="so-y-te")
    assert came_in(signing_in(client, "mai"))
    officer(provider, "mai", "smartcity-ioc", sub=sub)
    assert came_in(signing_in(client, "mai"))
    [account] = rows(app, Officer)
    assert (account.role, account.agency, account.version) == ("ioc_operator", "ioc", 2)
    [change] = deeds(app, "officer.change")
    assert (change.before["role"], change.before["agency"]) == ("unit_officer", "so-y-te")
    assert (change.after["role"], change.after["agency"]) == ("ioc_operator", "ioc")


def test_who_lost_his_groups_is_refused(app, client, provider):
    sub = str(new_id())
    officer(provider, "mai", "smartcity-ioc", sub=sub)
    assert came_in(signing_in(client, "mai"))
    officer(provider, "mai", sub=sub)
    assert refused(signing_in(client, "mai"), 403, "chưa được cấp vai trò")


def test_a_deactivated_account_stays_shut(app, client, provider, linh):
    assert came_in(signing_in(client, linh))
    with app.app_context(), transaction() as session:
        session.execute(update(Officer).values(active=False, role="auditor"))
    assert refused(signing_in(client, linh), 403, "ngừng hoạt động")
    assert [(a.active, a.role) for a in rows(app, Officer)] == [(False, "auditor")]
    assert count(app, SignedIn) == 1


def local(app, username):
    with app.app_context(), transaction() as session:
        return create_officer(
            session,
            username,
            "cầu Hoàng Văn Thụ 2019",
            role=Role.ADMIN,
            agency="ioc",
            display_name="Quản trị",
        )


def test_a_local_account_of_the_same_name_is_another(app, client, provider):
    """Whatever the provider calls him."""
    admin = local(app, "linh")
    same = officer(
        provider, "linh", "smartcity-ioc", sub="linh", preferred_username="linh", username="linh"
    )
    assert came_in(signing_in(client, same))
    accounts = {account.id: account for account in rows(app, Officer)}
    assert (len(accounts), accounts[admin].role) == (2, "admin")
    assert rows(app, OfficerIdentity)[0].officer_id != admin


def test_a_local_account_is_never_taken_over(app, client, provider, linh):
    """Even one that somebody named like ours on purpose."""
    assert came_in(signing_in(client, linh))
    [ours] = rows(app, Officer)
    with app.app_context(), transaction() as session:
        session.query(OfficerIdentity).delete()
    assert refused(signing_in(client, linh), 409, "tên đã có người dùng")
    assert rows(app, Officer)[0].role == ours.role


def test_no_password_opens_the_account(app, client, linh):
    assert came_in(signing_in(client, linh))
    [account] = rows(app, Officer)
    for password in ("x", "the password of an account that is not there"):
        tried = {"username": account.username, "password": password}
        assert app.test_client().post("/api/v1/officer/auth/tokens", json=tried).status_code == 401
    assert count(app, SignedIn) == 1


def test_the_sign_in_page_offers_the_door(client, make_app):
    assert START in client.get("/console/").get_data(as_text=True)
    assert START not in make_app().test_client().get("/console/").get_data(as_text=True)


def test_without_a_provider_there_is_no_such_door(make_app):
    assert refused(make_app().test_client().get(START), 404, "chưa bật")


def test_an_address_is_limited(make_app, provider):
    app = make_app(**settings_of(provider), password_limit_address="2 per hour")
    statuses = [app.test_client().get(START).status_code for _ in range(3)]
    assert statuses == [302, 302, 429]


FAULTS = [
    ("{claim: a, contains: b, role: citizen, agency: ioc}", r"rules\[0\].role"),
    ("{claim: a, contains: b, role: newcomer, agency: ioc}", r"rules\[0\].role"),
    ("{claim: a, contains: b, role: auditor}", r"rules\[0\].agency"),
    ("{claim: a, contains: b, role: auditor, agency: x, agency_claim: y}", "agency"),
    ("{claim: a, contains: b, role: auditor, agency: so-bay}", "so-bay is no agency"),
    ("{claim: a, role: auditor, agency: ioc}", "contains"),
    ("{claim: a, contains: b, role: auditor, agency: ioc, extra: 1}", "extra"),
]


def test_a_map_with_a_fault_is_refused_whole(in_app, tmp_path):
    for rule, fault in FAULTS:
        (tmp_path / "sso.yaml").write_text(f"multi_factor: []\nrules: [{rule}]\n")
        with transaction() as session, pytest.raises(BadFile, match=fault):
            check_map(session, tmp_path)


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
    with pytest.raises(ValueError, match=f"{door}_OIDC_CLIENT or _SECRET is empty"):
        Settings.from_env({f"SMARTCITY_{door}_OIDC_ISSUER": "https://id.example.gov.vn"})
