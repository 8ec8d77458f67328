"""Jobs: what may stand in one, how they are found, and until when."""

from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from smartcity.core import clock
from smartcity.core.db import transaction
from smartcity.core.errors import Conflict
from smartcity.core.texts import message
from smartcity.guide.jobs.job import JOB
from smartcity.identity.permissions import SYSTEM
from smartcity.registers import service as registers
from tests.helpers import Headers, key
from tests.registers.records_made import drafted, made, published

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
NOW = datetime(2026, 11, 22, 1, tzinfo=UTC)
GOOD: dict[str, Any] = {
    "title": "Công nhân lắp ráp điện tử",
    "employer": "Công ty Điện tử Ví Dụ A",
    "trade": "manufacturing",
    "positions": 60,
    "pay_least": 8_500_000,
    "pay_most": 12_000_000,
    "pay_unit": "month",
    "contract": "full_time",
    "contact": "0225 3000 011",
    "ward": "11581",
    "deadline": "2026-12-17T17:00:00+07:00",
}


def titles(client: FlaskClient, query: str = "") -> list[str]:
    answer = client.get(f"/api/v1/jobs?{query}")
    assert answer.status_code == 200, answer.json
    return [job["title"] for job in answer.json["items"]]


def test_jobs_are_found_by_what_they_pay_a_month(app: Flask, client: FlaskClient) -> None:
    def paid(title: str, least: int, most: int | None, unit: str) -> None:
        pay = {"pay_least": least, "pay_most": most, "pay_unit": unit}
        published(app, JOB, **{**GOOD, **pay, "title": title})

    paid("Tháng", 8_000_000, 12_000_000, "month")
    paid("Ngày", 307_692, None, "day")  # times 26: a little less than eight million
    paid("Giờ", 38_462, None, "hour")  # times 208: a little more
    nothing = {"pay": "agreed", "pay_least": None, "pay_most": None, "pay_unit": None}
    published(app, JOB, **{**GOOD, **nothing, "title": "Thỏa thuận"})
    published(app, JOB, **{**GOOD, "title": "Tỷ đồng", "pay_least": 10**9, "pay_most": None})
    assert titles(client, "pay_least=8000000") == ["Tỷ đồng", "Giờ", "Tháng"]
    assert titles(client, "pay_least=7999992") == ["Tỷ đồng", "Giờ", "Ngày", "Tháng"]
    assert len(titles(client)) == 5


@SQLITE
def test_filters_by_trade_contract_ward_and_words(app: Flask, client: FlaskClient) -> None:
    other = {"trade": "logistics", "contract": "part_time", "ward": "11411"}
    published(app, JOB, **GOOD)
    published(app, JOB, **{**GOOD, **other, "title": "Lái xe đầu kéo"})
    for query in ("trade=logistics", "contract=part_time", "ward=11411", "q=lai xe"):
        assert titles(client, query) == ["Lái xe đầu kéo"]
    assert titles(client) == ["Lái xe đầu kéo", GOOD["title"]]  # newest first
    for query in ("trade=astrology", "contract=none", "pay_least=0", "category=it", "ward=1"):
        assert client.get(f"/api/v1/jobs?{query}").status_code == 422


@pytest.mark.parametrize(
    ("fields", "refused"),
    [
        ({"pay_least": 0}, "pay_least"),
        ({"pay_most": 10**12}, "pay_most"),
        ({"pay_least": 12_000_001}, "pay_most"),
        ({"pay_least": None}, "pay_least"),
        ({"pay_unit": None}, "pay_unit"),
        ({"pay": "agreed"}, "pay_least"),
        ({"positions": 0}, "positions"),
        ({"deadline": None}, "deadline"),
        ({"deadline": "2026-12-17T17:00:00"}, "deadline"),
        ({"deadline": "9999-12-31T23:59:59+00:00"}, "deadline"),
        ({"apply": "javascript:alert(1)"}, "apply"),
        ({"apply": "http://example.com/"}, "apply"),
        ({"apply": "https://example.com@evil.vn/"}, "apply"),
        ({"title": ""}, "title"),
        ({"salary": 1}, "salary"),
    ],
)
def test_what_cannot_be_is_refused_by_its_field(fields: dict[str, Any], refused: str) -> None:
    found = JOB.schema().validate({**GOOD, "ward": None, **fields})
    assert refused in found
    for messages in found.values():
        assert message(messages[0])  # in the catalogue


@SQLITE
def test_an_officer_is_told_which_field_it_is(client: FlaskClient, admin: Headers) -> None:
    for fields, refused in (
        ({"ward": "99999", "pay_most": 10**12}, {"ward", "pay_most"}),
        ({"opens": "2026-12-18T00:00:00+07:00"}, {"deadline"}),
    ):
        headers = {**admin, **key()}
        answer = client.post("/api/v1/officer/jobs", json={**GOOD, **fields}, headers=headers)
        assert (answer.status_code, set(answer.json["errors"])) == (422, refused)


def test_a_deadline_that_is_past_is_not_published(in_app: Flask) -> None:
    entry = drafted(in_app, JOB, **GOOD)
    late, past = datetime(2026, 12, 17, 10, tzinfo=UTC), r"guide\.job\.deadline_past"
    with clock.frozen(late), transaction() as session, pytest.raises(Conflict, match=past):
        registers.move(session, JOB, SYSTEM, entry.id, 1, registers.PUBLISH)
    with clock.frozen(NOW), transaction() as session:
        assert registers.move(session, JOB, SYSTEM, entry.id, 1, registers.PUBLISH).version == 2


@SQLITE
def test_a_job_may_be_closed_before_its_deadline(app: Flask, client: FlaskClient) -> None:
    entry = published(app, JOB, **GOOD)
    with app.app_context(), transaction() as session:
        early = made(JOB, **{**GOOD, "deadline": "2026-11-20T17:00:00+07:00"})
        registers.change(session, JOB, SYSTEM, entry.id, 2, early, "Đã đủ người.")
    assert titles(client) == []
    assert titles(client, "over=true") == [GOOD["title"]]
