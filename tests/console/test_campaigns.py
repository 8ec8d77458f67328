"""The officers' pages of campaigns: what became of one, live, and the buttons."""

import uuid

import pytest
from flask import Flask
from sqlalchemy import update

from smartcity.campaigns.models import Campaign, Outcome, Shard, State, Step
from smartcity.core.db import transaction
from smartcity.identity.permissions import Role
from smartcity.jobs.models import QueueRow
from smartcity.push import service as push
from tests.campaigns.counted import STARTED, Recipient, campaign
from tests.console.conftest import Browser
from tests.console.test_deliveries import signed_in
from tests.helpers import rows

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
RECIPIENTS = [
    *(Recipient(n, platform="ios" if n % 3 else "android", minute=n // 500) for n in range(1_284)),
    Recipient(2_000, Outcome.PRUNED, "android", ""),
    Recipient(2_001, Outcome.UNKNOWN, "web", "10525", 2),
    *(Recipient(3_000 + n, Outcome.PENDING) for n in range(50)),
]


@pytest.fixture
def found(app: Flask) -> uuid.UUID:
    return campaign(app, RECIPIENTS, window=0, name="Ngày <Chuyển đổi số>")


def test_the_list_leads_to_the_page(app: Flask, found: uuid.UUID) -> None:
    browser = signed_in(app, Role.AUDITOR)
    page = browser.get("/campaigns").text
    assert "Ngày &lt;Chuyển đổi số&gt;" in page
    assert f'href="/console/campaigns/{found}"' in page
    assert "1.336" in page
    assert f"{found}" in browser.get("/campaigns?q=chuyen+doi").text
    assert "Không có chiến dịch nào" in browser.get("/campaigns?q=bão").text


def test_the_page_tells_what_became_of_it(app: Flask, found: uuid.UUID) -> None:
    browser = signed_in(app, Role.IOC_OPERATOR)
    page = browser.get(f"/campaigns/{found}").text
    for told in ("1.284", "1.336", "Tổng khớp", "Phường", "Chưa cho biết", "26/03/2026", "ios"):
        assert told in page, told
    assert page.count('class="accepted" x=') == 3  # a bar a minute
    assert (
        f'<noscript><meta http-equiv="refresh" content="5; url=/console/campaigns/{found}">' in page
    )
    still = browser.get(f"/campaigns/{found}?still").text
    assert "http-equiv" not in still
    assert "<script" not in still
    assert f"/console/campaigns/{found}/pause" not in page


def test_polling_costs_a_304_until_something_happens(app: Flask, found: uuid.UUID) -> None:
    browser = signed_in(app, Role.IOC_LEAD)
    page = browser.get(f"/campaigns/{found}")
    tag = page.headers["ETag"]
    assert f"data-tag='{tag}'" in page.text
    known = {"If-None-Match": tag}
    assert browser.get(f"/campaigns/{found}", headers=known).status_code == 304
    with app.app_context(), transaction() as session:
        session.execute(update(Shard).values(sending_from=1_286, sending_to=1_300))
        push.brakes.brake(session, "all", None, "QUOTA_EXCEEDED")
    changed = browser.get(f"/campaigns/{found}", headers=known)
    assert changed.status_code == 200
    assert "QUOTA_EXCEEDED" in changed.text
    assert "Cho đến khi người vận hành" in changed.text


def test_the_figures_as_a_file(app: Flask, found: uuid.UUID) -> None:
    browser = signed_in(app, Role.AUDITOR)
    assert f'href="/console/campaigns/{found}/truth.csv"' in browser.get(f"/campaigns/{found}").text
    answer = browser.get(f"/campaigns/{found}/truth.csv")
    assert answer.content_type == "text/csv; charset=utf-8"
    assert answer.text.count("accepted") == 6  # three minutes, two platforms
    assert browser.get(f"/campaigns/{uuid.uuid4()}/truth.csv").status_code == 404


def test_another_officers_page_is_not_shown_again(app: Flask, found: uuid.UUID) -> None:
    tag = signed_in(app, Role.IOC_LEAD).get(f"/campaigns/{found}").headers["ETag"]
    other = signed_in(app, Role.IOC_OPERATOR)
    answer = other.get(f"/campaigns/{found}", headers={"If-None-Match": tag})
    assert answer.status_code == 200


def test_a_sum_that_does_not_hold_is_shown(app: Flask, found: uuid.UUID) -> None:
    with app.app_context(), transaction() as session:
        session.execute(update(Campaign).values(finished_at=STARTED, state=State.FINISHED))
    page = signed_in(app, Role.IOC_LEAD).get(f"/campaigns/{found}").text
    assert "Tổng không khớp" in page
    assert 'content="60;' in page


def test_a_lead_holds_it_and_lets_it_go_on(app: Flask, found: uuid.UUID) -> None:
    browser = signed_in(app, Role.IOC_LEAD)
    page = browser.get(f"/campaigns/{found}").text
    assert f"/console/campaigns/{found}/pause" in page
    assert "/resumption" not in page
    confirm = browser.get(f"/campaigns/{found}/pause")
    assert "Không gửi thêm cho đến khi" in confirm.text
    empty = browser.post(f"/campaigns/{found}/pause", reason=" ")
    assert (empty.status_code, "Không gửi thêm cho đến khi" in empty.text) == (422, True)
    answer = browser.post(f"/campaigns/{found}/pause", reason="Sai ngày.")
    assert (answer.status_code, answer.location) == (303, f"/console/campaigns/{found}?done=pause")
    assert "Đã tạm dừng" in browser.get(f"/campaigns/{found}?done=pause").text
    assert browser.post(f"/campaigns/{found}/pause", reason="x").status_code == 409
    assert browser.post(f"/campaigns/{found}/resumption", reason="Đúng rồi.").status_code == 303
    assert [s.reason for s in rows(app, Step)] == ["Sai ngày.", "Đúng rồi."]
    assert [q.paused_at for q in rows(app, QueueRow)] == [None]


def test_cancelled_for_good(app: Flask, found: uuid.UUID) -> None:
    browser = signed_in(app, Role.ADMIN)
    assert "Không lấy lại được" in browser.get(f"/campaigns/{found}/cancellation").text
    assert browser.post(f"/campaigns/{found}/cancellation", reason="Nhầm.").status_code == 303
    assert [c.state for c in rows(app, Campaign)] == [State.CANCELLED]
    assert browser.post(f"/campaigns/{found}/cancellation", reason="Nhầm.").status_code == 409
    assert browser.get(f"/campaigns/{found}/discard").status_code == 404


@pytest.mark.parametrize("role", [Role.CONTENT_EDITOR, Role.UNIT_LEADER])
def test_who_may_not_run_campaigns(app: Flask, found: uuid.UUID, role: Role) -> None:
    browser: Browser = signed_in(app, role)
    sees = role is Role.CONTENT_EDITOR
    assert browser.get("/campaigns").status_code == (200 if sees else 403)
    assert ("/console/campaigns" in browser.get("/").text) is sees
    assert browser.post(f"/campaigns/{found}/pause", reason="x").status_code == 403
