"""The pages of coming in and of one's own account, as an officer goes through them."""

import re
from datetime import UTC, datetime, timedelta

import pyotp
import pytest

from smartcity.audit.models import AuditEntry
from smartcity.console.cookies import console_sign_in
from smartcity.core import clock
from smartcity.identity.permissions import OFFICER_ROLES, Principal, Role
from tests.console.conftest import Browser
from tests.helpers import rows
from tests.identity.officers import PASSWORD, made

AT = datetime(2026, 3, 26, 5, 0, tzinfo=UTC)
STEP = timedelta(seconds=30)


@pytest.fixture(autouse=True)
def noon():
    with clock.frozen(AT):
        yield


def set_up(browser):
    """A second factor, by the pages; the app and the recovery codes."""
    browser.get("/account")
    page = browser.post("/account/second-factor").text
    secret = "".join(re.search(r'class="secret">([^<]+)<', page)[1].split())
    assert f"secret={secret}" in page
    assert 'src="data:image/svg+xml' in page
    totp = pyotp.TOTP(secret)
    wrong = browser.post("/account/second-factor/confirmation", code="000000")
    assert wrong.status_code == 422
    assert secret not in wrong.text
    done = browser.post("/account/second-factor/confirmation", code=totp.at(clock.now()))
    assert done.status_code == 200
    return totp, re.findall(r"<li>((?:[A-Z2-7]{4}-?){4})</li>", done.text)


def test_a_stranger_is_shown_the_way_in(browser):
    answer = browser.get("/")
    assert (answer.status_code, answer.mimetype) == (401, "text/html")
    assert '<html lang="vi">' in answer.text
    assert "Đăng nhập" in answer.text
    assert '<html lang="en">' in browser.get("/", headers={"Accept-Language": "en"}).text


def test_what_is_wrong_is_said_at_its_field(browser):
    browser.get("/sign-in")
    wrong = browser.post("/sign-in", username="<b>x</b>", password="not it")
    assert wrong.status_code == 401
    assert 'role="alert"' in wrong.text
    assert "&lt;b&gt;x&lt;/b&gt;" in wrong.text
    assert "not it" not in wrong.text
    empty = browser.post("/sign-in", username="thuy.linh", password="")
    assert (empty.status_code, 'aria-invalid="true"' in empty.text) == (422, True)


def test_the_first_page_says_who_one_is_and_what_one_may_do(browser):
    browser.sign_in()
    page = browser.get("/").text
    for words in ("Nguyễn Thùy Linh", "Lãnh đạo đơn vị xử lý", "Sở Xây dựng", "Xử lý phản ánh"):
        assert words in page
    assert "Quản lý tài khoản" not in page


@pytest.mark.parametrize("role", sorted(OFFICER_ROLES))
def test_every_officer_has_a_first_page(app, new_browser, role):
    made(app, "someone", role)
    browser = new_browser()
    browser.sign_in("someone")
    assert browser.get("/").status_code == 200


def test_by_password_and_code(browser, new_browser):
    browser.sign_in()
    before = browser.cookie
    totp, codes = set_up(browser)
    assert len(codes) == 10
    assert browser.cookie != before
    assert browser.get("/account").status_code == 200
    other = new_browser()
    with clock.frozen(AT + STEP):
        assert other.sign_in().location == "/console/sign-in/code"
        assert other.cookie is None
        assert other.get("/").status_code == 401
        other.get("/sign-in/code")
        wrong = other.post("/sign-in/code", code="000000")
        assert (wrong.status_code, 'aria-invalid="true"' in wrong.text) == (422, True)
        assert other.post("/sign-in/code", code=totp.at(clock.now())).location == "/console/"
        assert other.get("/").status_code == 200


def test_by_a_recovery_code_and_new_ones(browser, new_browser):
    browser.sign_in()
    totp, codes = set_up(browser)
    other = new_browser()
    with clock.frozen(AT + STEP):
        other.sign_in()
        assert other.post("/sign-in/code", code=codes[0]).location == "/console/"
        other.get("/account")
        assert other.post("/account/recovery-codes", code="000000").status_code == 422
        fresh = other.post("/account/recovery-codes", code=totp.at(clock.now()))
        assert fresh.status_code == 200
        assert codes[1] not in fresh.text


def test_a_code_comes_within_five_minutes_of_the_password(browser):
    browser.sign_in()
    totp, _ = set_up(browser)
    browser.post("/sign-out")
    browser.sign_in()
    with clock.frozen(AT + timedelta(minutes=5, seconds=1)):
        assert browser.get("/sign-in/code").status_code == 401
        late = browser.post("/sign-in/code", code=totp.at(clock.now()))
        assert (late.status_code, browser.cookie) == (401, None)


def test_no_code_without_a_password(browser, new_browser):
    browser.sign_in()
    totp, _ = set_up(browser)
    stranger = new_browser()
    stranger.get("/sign-in")
    for pending in (None, "x", "WyJ4IiwieCIsOTk5OTk5OTk5OTld.x"):
        if pending:
            stranger.client.set_cookie("__Host-pending", pending)
        with clock.frozen(AT + STEP):
            assert stranger.post("/sign-in/code", code=totp.at(clock.now())).status_code == 401


def test_a_known_browser_is_not_locked_out(browser, new_browser):
    browser.sign_in()
    browser.post("/sign-out")
    attacker = new_browser()
    attacker.get("/sign-in")
    tries = [attacker.post("/sign-in", username="thuy.linh", password="not it") for _ in range(11)]
    assert [answer.status_code for answer in tries] == [401] * 10 + [429]
    assert attacker.sign_in().status_code == 429
    assert browser.sign_in().location == "/console/"


def test_officers_of_one_computer_are_both_known(app, browser):
    made(app, "minh.anh")
    browser.sign_in()
    browser.sign_in("minh.anh")
    names = [cookie.key for cookie in browser.client._cookies.values()]
    assert sum(name.startswith("__Host-device-") for name in names) == 2


def test_a_password_that_nobody_may_have_is_refused_at_its_field(browser):
    browser.sign_in()
    browser.get("/account")
    for new in ("short", "password1234", "thuy.linh và tôi"):
        answer = browser.post("/account/password", current=PASSWORD, new=new)
        assert (answer.status_code, 'id="new-fault"' in answer.text) == (422, True)
    wrong = browser.post("/account/password", current="not it", new="con trâu đi trước cái cày")
    assert (wrong.status_code, 'id="current-fault"' in wrong.text) == (422, True)


def test_where_it_is_required_a_newcomer_is_sent_to_secure_his_account(make_app):
    app = make_app(second_factor="required")
    made(app)
    browser = Browser(app)
    browser.sign_in()
    assert "hãy bảo vệ tài khoản" in browser.get("/").text
    set_up(browser)
    assert "hãy bảo vệ tài khoản" not in browser.get("/").text


@pytest.mark.parametrize(("proved", "warned"), [("sso", False), (None, True)])
def test_a_providers_own_second_factor_counts(make_app, proved, warned):
    app = make_app(second_factor="required")
    who = Principal(Role.UNIT_LEADER, str(made(app)), "so-xay-dung")
    with app.test_request_context("/console/sso/callback"):
        answer = console_sign_in(who, second_factor=proved)
    browser = Browser(app)
    cookies = dict(c.split(";")[0].split("=", 1) for c in answer.headers.getlist("Set-Cookie"))
    browser.take(cookies["__Host-session"])
    assert ("hãy bảo vệ tài khoản" in browser.get("/").text) == warned


def test_a_provider_without_one_is_asked_for_ours(app, account, browser):
    browser.sign_in()
    set_up(browser)
    who = Principal(Role.UNIT_LEADER, str(account), "so-xay-dung")
    with app.test_request_context("/console/sso/callback"):
        assert console_sign_in(who).location == "/console/sign-in/code"


def test_coming_and_going_is_audited(app, account, browser):
    browser.sign_in()
    browser.post("/sign-in", username="thuy.linh", password="not it")
    browser.post("/sign-out")
    deeds = [(entry.action, entry.actor) for entry in rows(app, AuditEntry)]
    me = f"officer:{account}"
    assert deeds == [("sign_in", me), ("sign_in_failed", me), ("sign_out", me)]


def test_what_is_not_there_is_a_page_too(browser):
    browser.sign_in()
    answer = browser.get("/nothing")
    assert (answer.status_code, answer.mimetype) == (404, "text/html")
