"""Browsers' sessions at the console: begun, kept awake, renewed, over."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from smartcity.core import clock
from smartcity.core.db import transaction
from smartcity.identity.models import Officer, SignedIn
from smartcity.identity.permissions import Role
from tests.console.conftest import SESSION
from tests.helpers import rows, statements
from tests.identity.officers import PASSWORD, bearer, made, sign_in

NOON = datetime(2026, 3, 26, 5, 0, tzinfo=UTC)
NEW = "con trâu đi trước cái cày"


@pytest.fixture(autouse=True)
def noon():
    with clock.frozen(NOON):
        yield


def after(**time):
    return clock.frozen(NOON + timedelta(**time))


def test_a_cookie_is_of_this_host_and_no_scripts(browser):
    answer = browser.sign_in()
    (told,) = [c for c in answer.headers.getlist("Set-Cookie") if c.startswith(SESSION)]
    attributes = set(told.split("; ")[1:])
    assert attributes == {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"}
    assert browser.get("/").status_code == 200


def test_only_its_digest_is_kept(app, browser):
    browser.sign_in()
    (row,) = rows(app, SignedIn)
    assert len(browser.cookie) == 43  # 256 bits
    assert browser.cookie not in str(vars(row))


def test_a_planted_session_is_not_gone_on_with(browser, new_browser):
    """Session fixation: whatever the browser showed before, sign-in gives it another id."""
    browser.take("planted" * 6)
    browser.sign_in()
    assert browser.cookie != "planted" * 6
    thief = new_browser()
    thief.take("planted" * 6)
    assert thief.get("/").status_code == 401


def test_signing_in_again_ends_the_session_before(browser, new_browser):
    browser.sign_in()
    before = browser.cookie
    browser.sign_in()
    assert browser.cookie != before
    other = new_browser()
    other.take(before)
    with after(seconds=61):
        assert other.get("/").status_code == 401
        assert browser.get("/").status_code == 200


def test_a_changed_password_gives_a_new_id_and_ends_the_others(browser, new_browser):
    browser.sign_in()
    other, before = new_browser(), browser.cookie
    other.sign_in()
    browser.get("/account")
    done = browser.post("/account/password", current=PASSWORD, new=NEW)
    assert (done.status_code, browser.cookie != before) == (303, True)
    late = new_browser()
    late.take(before)
    with after(seconds=61):
        assert browser.get("/account").status_code == 200
        assert other.get("/").status_code == late.get("/").status_code == 401


def test_signing_out_ends_it_on_the_server(browser, new_browser):
    browser.sign_in()
    cookie = browser.cookie
    assert browser.post("/sign-out").status_code == 303
    assert browser.cookie is None
    thief = new_browser()
    thief.take(cookie)
    assert thief.get("/").status_code == 401


def test_half_an_hour_of_silence_ends_it(browser):
    browser.sign_in()
    for minutes in (29, 58, 87):
        with after(minutes=minutes):
            assert browser.get("/").status_code == 200
    with after(minutes=87 + 31):
        assert browser.get("/").status_code == 401


def test_twelve_hours_end_it_however_busy(browser):
    browser.sign_in()
    for minutes in range(20, 12 * 60, 20):
        with after(minutes=minutes):
            assert browser.get("/").status_code == 200
    with after(hours=12, seconds=1):
        assert browser.get("/").status_code == 401


def test_it_is_looked_up_once_a_minute(app, browser):
    browser.sign_in()
    with statements(app) as seen:
        for _ in range(3):
            browser.get("/sign-in/code")
    assert seen == []
    with after(seconds=61), statements(app) as seen:
        for _ in range(3):
            browser.get("/sign-in/code")
    assert [words.split()[0] for words in seen] == ["SELECT", "UPDATE", "SELECT"]


@pytest.mark.parametrize(
    ("change", "status"), [({"active": False}, 401), ({"role": Role.AUDITOR.value}, 200)]
)
def test_what_an_admin_changes_holds_within_a_minute(app, browser, change, status):
    browser.sign_in()
    with app.app_context(), transaction() as session:
        session.execute(update(Officer).values(**change))
    with after(seconds=60):
        answer = browser.get("/", headers={"Accept-Language": "en"})
    assert answer.status_code == status
    assert ("Read the audit record" in answer.text) == (status == 200)


def test_the_api_reads_no_cookie(browser):
    browser.sign_in()
    for path in ("/api/v1/officer/me", "/api/v1/officer/reports"):
        assert browser.client.get(path).status_code == 401


def test_the_console_reads_no_bearer(client, browser):
    headers = bearer(sign_in(client))
    assert client.get("/api/v1/officer/me", headers=headers).status_code == 200
    for path in ("/console/", "/console/account"):
        assert client.get(path, headers=headers).status_code == 401


def test_a_session_of_the_list_is_ended(browser, new_browser):
    browser.sign_in()
    other = new_browser()
    other.sign_in()
    page = other.get("/account").text
    path = page.split('/revocation"')[0].rpartition("/console")[2] + "/revocation"
    assert other.post(path).status_code == 303
    assert browser.get("/").status_code == 401
    assert other.get("/account").text.count("/revocation") == 0


def test_nobody_ends_another_persons_session(app, browser, new_browser):
    made(app, "minh.anh")
    browser.sign_in()
    (mine,) = rows(app, SignedIn)
    stranger = new_browser()
    stranger.sign_in("minh.anh")
    assert stranger.post(f"/account/sessions/{mine.id}/revocation").status_code == 404
    assert browser.get("/").status_code == 200


def test_cookies_that_are_none_of_ours(new_browser):
    for cookie in ("", "x", "é", "x" * 4_000, "'; DROP TABLE sessions"):
        browser = new_browser()
        browser.take(cookie)
        assert browser.get("/").status_code == 401
