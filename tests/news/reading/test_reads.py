"""What is read is counted, and nobody is known to have read it."""

import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text as sql
from werkzeug.test import TestResponse

from smartcity.changes.bytecache import ByteCache
from smartcity.core import clock
from smartcity.core.db import Base, reading
from smartcity.core.ratelimit import limiter
from smartcity.identity.permissions import Role
from smartcity.news.models import Reads
from smartcity.news.reading import reads
from tests.conftest import MakeApp
from tests.helpers import OTHER_UNIT, UNIT, Headers, at_once, bearer, officer, rows, statements
from tests.news.reading.articles import article, published, take_back

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ADDRESS = "203.0.113.77"
EVENING = datetime(2026, 11, 22, 16, 30, tzinfo=UTC)  # half past eleven in the province


def tell(
    client: FlaskClient, times: dict[str, int], headers: Headers | None = None
) -> TestResponse:
    items = [{"id": ref, "times": number} for ref, number in times.items()]
    return client.post("/api/v1/news/reads", json={"items": items}, headers=headers)


def counted(app: Flask) -> dict[str, int]:
    return {str(row.article_id): row.reads for row in rows(app, Reads)}


def test_reads_add_up_by_article_and_day(app: Flask, client: FlaskClient) -> None:
    first, second = published(app, article(1), article(2))
    with clock.frozen(EVENING):
        assert tell(client, {first: 2, second: 1}).status_code == 204
        assert tell(client, {first: 20}).status_code == 204
    with clock.frozen(EVENING + timedelta(hours=1)):
        tell(client, {first: 1})
    found = {(str(row.article_id), row.day.day): row.reads for row in rows(app, Reads)}
    assert found == {(first, 22): 22, (second, 22): 1, (first, 23): 1}


def test_only_public_articles_count(app: Flask, client: FlaskClient) -> None:
    shown, hidden = published(app, article(1), article(2))
    take_back(app, hidden)
    assert tell(client, {hidden: 1, str(uuid.uuid4()): 1, shown: 1}).status_code == 204
    assert tell(client, {hidden: 1}).status_code == 204
    assert counted(app) == {shown: 1}


def test_phones_that_tell_at_once_lose_nothing(app: Flask) -> None:
    refs = published(app, *(article(number) for number in range(4)))

    def phone(order: list[str]) -> TestResponse:
        return tell(app.test_client(), dict.fromkeys(order, 1))

    orders = [refs, refs[::-1], refs[2:] + refs[:2], [*refs[1:], refs[0]]]
    answers = at_once(*(lambda order=order: phone(order) for order in orders))
    assert [answer.status_code for answer in answers] == [204] * 4
    assert counted(app) == dict.fromkeys(refs, 4)


@SQLITE
def test_fifty_articles_are_one_look_and_one_write(app: Flask, client: FlaskClient) -> None:
    refs = published(app, *(article(number) for number in range(50)))
    with statements(app) as seen:
        tell(client, dict.fromkeys(refs, 1))
    assert len(seen) == 2


@SQLITE
@pytest.mark.parametrize(
    "items",
    [
        [],
        [{"id": "x", "times": 1}],
        [{"id": str(uuid.UUID(int=1)), "times": 21}],
        [{"id": str(uuid.UUID(int=1)), "times": 0}],
        [{"id": str(uuid.UUID(int=1)), "times": 1, "citizen": "me"}],
        [{"id": str(uuid.UUID(int=n)), "times": 1} for n in range(51)],
    ],
    ids=["nothing", "no id", "too often", "never", "a name", "too many"],
)
def test_what_no_phone_tells_is_refused(client: FlaskClient, items: list[Any]) -> None:
    assert client.post("/api/v1/news/reads", json={"items": items}).status_code == 422


@SQLITE
def test_one_address_tells_so_often(make_app: MakeApp) -> None:
    client = make_app(read_limit_address="2 per hour").test_client()
    told = [tell(client, {str(uuid.uuid4()): 1}).status_code for _ in range(3)]
    assert told == [204, 204, 429]
    client.environ_base["REMOTE_ADDR"] = ADDRESS
    assert tell(client, {str(uuid.uuid4()): 1}).status_code == 204


def everything(app: Flask, folder: Path) -> str:
    """All that the database and the application's folder hold, in words."""
    with app.app_context(), reading() as session:
        tables = [table.name for table in Base.metadata.sorted_tables]
        held = {name: session.execute(sql(f'SELECT * FROM "{name}"')).all() for name in tables}
    files = [f.read_bytes() for f in folder.rglob("*") if f.is_file() and "sqlite" not in f.name]
    return f"{held} {files}"


def test_nobody_is_known_to_have_read(
    app: Flask,
    client: FlaskClient,
    me: Headers,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """Even of a phone that sends its token, its address and its device along."""
    (ref,) = published(app, article(1))
    who = client.get("/api/v1/me", headers=me).json["id"]
    device = str(uuid.uuid4())
    client.environ_base["REMOTE_ADDR"] = ADDRESS
    before = everything(app, tmp_path)
    capfd.readouterr()
    caplog.clear()
    sent = {**me, "X-Installation-Id": device, "User-Agent": "phone-of-lan/7"}
    assert tell(client, {ref: 3}, sent).status_code == 204
    assert client.get(f"/api/v1/news/{ref}", headers=sent).status_code == 200
    assert client.get(f"/api/v1/news/{ref}/speech", headers=sent).status_code == 200
    after = everything(app, tmp_path)
    logged = caplog.text + "".join(capfd.readouterr())
    assert "request" in logged
    for trace in (who, uuid.UUID(who).hex, ADDRESS, device, "phone-of-lan", ref):
        assert trace not in logged
    for trace in (ADDRESS, device, uuid.UUID(device).hex, "phone-of-lan"):
        assert trace not in after
    assert after.count(who) + after.count(uuid.UUID(who).hex) == (
        before.count(who) + before.count(uuid.UUID(who).hex)
    )
    assert Reads.__table__.columns.keys() == ["article_id", "day", "reads"]


@SQLITE
def test_what_is_kept_in_memory_ties_nobody_to_an_article(app: Flask, client: FlaskClient) -> None:
    (ref,) = published(app, article(1))
    client.environ_base["REMOTE_ADDR"] = ADDRESS
    sent = {"X-Installation-Id": "lan-7", "User-Agent": "phone-of-lan/7"}
    for _ in range(3):
        client.get(f"/api/v1/news/{ref}", headers=sent)
        tell(client, {ref: 1}, sent)
    assert isinstance(app.wsgi_app, ByteCache)
    kept, counters = repr(app.wsgi_app._answers), repr(vars(limiter.storage))
    assert (ref in kept, ADDRESS in counters) == (True, True)
    assert [trace for trace in (ADDRESS, "lan-7", "phone-of-lan") if trace in kept] == []
    assert ref not in counters


@SQLITE
def test_officers_see_the_numbers_of_what_they_may_see(app: Flask, client: FlaskClient) -> None:
    ref, unread = published(app, article(1, agency=UNIT), article(2, agency=UNIT))
    for day in range(3):
        with clock.frozen(EVENING + timedelta(days=day)):
            tell(client, {ref: 1 + day})
    people = {role: bearer(officer(app, Role.UNIT_OFFICER, role)) for role in (UNIT, OTHER_UNIT)}
    told = client.get(f"/api/v1/officer/articles/{ref}/reads", headers=people[UNIT]).json
    assert told == {
        "total": 6,
        "days": [{"day": f"2026-11-{24 - n}", "reads": 3 - n} for n in range(3)],
    }
    path = f"/api/v1/officer/articles/{unread}/reads"
    assert client.get(path, headers=people[UNIT]).json == {"total": 0, "days": []}
    assert client.get(path, headers=people[OTHER_UNIT]).status_code == 404


def popular(client: FlaskClient) -> list[str]:
    return [card["id"] for card in client.get("/api/v1/news/popular").json["items"]]


def test_the_most_read_of_seven_days(app: Flask, client: FlaskClient) -> None:
    refs = published(app, *(article(number) for number in range(12)))
    assert popular(client) == []
    with clock.frozen(clock.now() - timedelta(days=8)):
        tell(client, {refs[0]: 20})
    for number, ref in enumerate(refs[1:], start=1):
        tell(client, {ref: number})
    assert popular(client) == []  # ranked a moment ago
    with app.app_context():
        reads.ranking().forget()
    best = refs[:1:-1]
    assert popular(client) == best
    take_back(app, best[0])
    assert popular(client) == best[1:]  # at once


@SQLITE
def test_the_most_read_is_the_same_bytes_until_it_changes(app: Flask, client: FlaskClient) -> None:
    (ref,) = published(app, article(1))
    tell(client, {ref: 1})
    first = client.get("/api/v1/news/popular")
    assert first.headers["Cache-Control"].startswith("public, max-age=2")
    held = {"If-None-Match": first.headers["ETag"]}
    assert client.get("/api/v1/news/popular", headers=held).status_code == 304


@SQLITE
def test_an_article_is_given_as_a_voice_reads_it(app: Flask, client: FlaskClient) -> None:
    written = article(title="UBND họp", lead="", body="<p>Lúc 7h30 ngày 26/3/2026.</p>")
    (ref,) = published(app, written)
    answer = client.get(f"/api/v1/news/{ref}/speech")
    assert answer.text == "Ủy ban nhân dân họp.\nLúc 7 giờ 30 phút ngày 26 tháng 3 năm 2026.\n"
    assert answer.content_type == "text/plain; charset=utf-8"
    held = {"If-None-Match": answer.headers["ETag"]}
    assert client.get(f"/api/v1/news/{ref}/speech", headers=held).status_code == 304
    take_back(app, ref)
    assert client.get(f"/api/v1/news/{ref}/speech").status_code == 410
