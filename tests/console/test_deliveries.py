"""The officers' page of deliveries: what it shows, and its buttons."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask

from smartcity.identity.permissions import Role
from smartcity.ioc.models import Delivery
from smartcity.jobs.models import QueueRow
from smartcity.sandbox.ioc import Ioc
from tests.console.conftest import Browser
from tests.helpers import bearer, citizen, file_report, rows
from tests.identity.officers import made
from tests.ioc.conftest import SECRET, add_destination, forward


@pytest.fixture
def ioc() -> Iterator[Ioc]:
    with Ioc([SECRET]) as server:
        server.app.test_client().put("/faults", json={"mode": "error", "status": 422})
        yield server


@pytest.fixture
def refused(app: Flask, ioc: Ioc) -> str:
    """The code of a report whose first step the centre refuses."""
    add_destination(app, f"{ioc.url}/events")
    report = file_report(app.test_client(), bearer(citizen(app)))
    forward(app)
    return str(report["code"])


def signed_in(app: Flask, role: Role) -> Browser:
    made(app, f"{role}.mot", role=role)
    browser = Browser(app)
    assert browser.sign_in(f"{role}.mot").status_code == 303
    return browser


def test_a_lead_sees_what_is_stuck_and_sends_it_again(app: Flask, refused: str) -> None:
    browser = signed_in(app, Role.IOC_LEAD)
    page = browser.get("/deliveries").text
    assert refused in page
    assert "HTTP 422" in page
    assert "Bị từ chối" in page
    (path,) = re.findall(r'action="/console(/deliveries/ioc/[^"]+/replay)"', page)
    answer = browser.post(path)
    assert (answer.status_code, answer.location) == (303, "/console/deliveries?done=replay")
    assert [d.state for d in rows(app, Delivery)] == ["pending"]
    assert "Đã xếp hàng để gửi lại" in browser.get("/deliveries?done=replay").text


def test_giving_up_and_pausing_need_a_reason(app: Flask, refused: str) -> None:
    browser = signed_in(app, Role.ADMIN)
    page = browser.get("/deliveries").text
    (skip,) = re.findall(r'action="/console(/deliveries/ioc/[^"]+/skip)"', page)
    empty = browser.post(skip, reason=" ")
    assert (empty.status_code, "Cần nêu lý do" in empty.text) == (422, True)
    assert browser.post(skip, reason="Báo cáo thử.").status_code == 303
    assert [d.state for d in rows(app, Delivery)] == ["superseded"]
    assert browser.post(skip, reason="Báo cáo thử.").status_code == 409
    assert browser.post("/deliveries/ioc/pause", reason="Bảo trì <đêm>.").status_code == 303
    shown = browser.get("/deliveries").text
    assert "Đang tạm dừng" in shown
    assert "Bảo trì &lt;đêm&gt;." in shown
    assert browser.post("/deliveries/ioc/resumption", reason="Xong.").status_code == 303
    assert [q.paused_at for q in rows(app, QueueRow) if q.name == "ioc:ioc"] == [None]


def test_an_operator_looks_and_changes_nothing(app: Flask, refused: str) -> None:
    browser = signed_in(app, Role.IOC_OPERATOR)
    page = browser.get("/deliveries").text
    assert refused in page
    assert "/replay" not in page
    assert browser.post("/deliveries/ioc/pause", reason="x").status_code == 403


def test_a_unit_does_not_look(app: Flask) -> None:
    browser = signed_in(app, Role.UNIT_OFFICER)
    assert browser.get("/deliveries").status_code == 403
    assert "/console/deliveries" not in browser.get("/").text
