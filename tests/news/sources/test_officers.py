"""Officers and operators keep sources, and read how each is doing."""

import csv
import io
import uuid
from datetime import timedelta

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient

from smartcity.audit.models import AuditEntry
from smartcity.cli import main
from smartcity.core.db import transaction
from smartcity.identity.permissions import Role
from smartcity.news.models import Article
from smartcity.news.sources import keeping
from smartcity.news.sources.models import Source
from smartcity.sandbox.feeds import Feeds
from tests.helpers import UNIT, Headers, bearer, count, key, officer, rows, work
from tests.news.sources.feeds_made import item, rss

PATH = "/api/v1/officer/sources"
SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def editor(app: Flask) -> Headers:
    return bearer(officer(app, Role.CONTENT_EDITOR, None))


def held(client: FlaskClient, editor: Headers, ident: str) -> Headers:
    """What an editor sends with a change of the version that he sees."""
    return {**editor, "If-Match": client.get(f"{PATH}/{ident}", headers=editor).headers["ETag"]}


def test_a_source_is_added_once_and_says_what_it_holds(app, client, editor, feeds: Feeds) -> None:
    url = feeds.put("them", rss(item("Dọn kênh", "1"), item("Chợ đêm", "2", "Mở cửa.")))
    body = {"name": "Cổng tin phường", "url": url, "category": "society", "licence": "full"}
    headers = {**editor, **key()}
    first, again = (client.post(PATH, json=body, headers=headers) for _ in range(2))
    assert first.status_code == again.status_code == 201, first.json
    assert first.json == again.json
    assert first.json["found"] == {
        "title": "Tin phường",
        "entries": 2,
        "titles": ["Dọn kênh", "Chợ đêm"],
        "newest": "2026-11-21T01:30:00.000+00:00",
        "moved_to": None,
    }
    made = first.json["source"]
    assert made["health"]["state"] == "new"
    assert made["health"]["due_at"] is None  # a poll is under way
    assert client.post(PATH, json=body, headers=editor).status_code == 409
    assert work(app, "sources") == 1
    assert client.get(f"{PATH}/{made['id']}", headers=editor).json["health"]["state"] == "healthy"
    assert count(app, Article) == 2


@SQLITE
@pytest.mark.parametrize(
    ("mode", "told"),
    [
        ("page", "trang ấy cho biết nguồn tin ở http://127.0.0.1"),
        ("error", "trả lời lỗi 503"),
        ("inside", "không phải máy chủ công cộng"),
    ],
)
def test_what_is_no_feed_is_not_added(app, client, editor, feeds, mode: str, told: str) -> None:
    url = feeds.put("hong", rss())
    feeds.suffer(mode)
    body = {"name": "Hỏng", "url": url, "category": "society"}
    answer = client.post(PATH, json=body, headers=editor)
    assert answer.status_code == 422
    assert told in answer.json["errors"]["url"][0]
    assert count(app, Source) == 0


@SQLITE
def test_what_does_not_fit_is_named(client, editor, feeds) -> None:
    body = {"name": "Tin", "url": feeds.put("x", rss()), "category": "society"}
    wrong = {
        "category": "weather_of_mars",
        "agency": "nasa",
        "interval_least": 86_400,
        "url": "ftp://tin.example.vn/rss",
        "licence": "all",
    }
    for field, value in wrong.items():
        answer = client.post(PATH, json={**body, field: value}, headers=editor)
        assert (answer.status_code, list(answer.json["errors"])) == (422, [field])


@SQLITE
def test_the_life_of_a_source(app, client, editor, feeds, add) -> None:
    ident = add("doi", item("Tin", "1"))
    why = {"reason": "Đang đổi trang."}
    steps = (
        ("patch", "", {"name": "Tên khác", "url": feeds.put("moi", rss())}, 200, "new"),
        ("put", "/pause", why, 200, "paused"),
        ("put", "/pause", why, 409, "paused"),
        ("post", "/poll", None, 409, "paused"),
        ("delete", "/pause", None, 200, "new"),
        ("delete", "/pause", None, 409, "new"),
        ("post", "/poll", None, 202, "new"),
        ("put", "/retirement", why, 200, "retired"),
        ("put", "/pause", why, 409, "retired"),
        ("delete", "/retirement", None, 200, "new"),
        ("delete", "/retirement", None, 409, "new"),
    )
    for method, path, body, status, state in steps:
        headers = held(client, editor, ident)
        answer = getattr(client, method)(f"{PATH}/{ident}{path}", json=body, headers=headers)
        assert answer.status_code == status, (method, path, answer.json)
        stands = client.get(f"{PATH}/{ident}", headers=editor).json["health"]["state"]
        assert stands == state, (method, path)
    assert work(app, "sources") == 1  # however often he was told to
    deeds = [row.action for row in rows(app, AuditEntry) if row.action.startswith("source.")]
    steps = ["create", "change", "pause", "resume", "poll", "retire", "restore"]
    assert deeds == [f"source.{step}" for step in steps]


@SQLITE
def test_a_stale_version_changes_nothing(app, client, editor, add) -> None:
    ident = add("cu", item("Tin", "1"))
    old = held(client, editor, ident)
    assert client.patch(f"{PATH}/{ident}", json={"name": "A"}, headers=old).status_code == 200
    assert client.patch(f"{PATH}/{ident}", json={"name": "B"}, headers=old).status_code == 412
    assert client.patch(f"{PATH}/{ident}", json={"name": "B"}, headers=editor).status_code == 428
    work(app, "sources")  # a poll is no change of an officer's
    assert client.get(f"{PATH}/{ident}", headers=editor).headers["ETag"] == '"2"'


def test_the_list_its_filters_and_the_spreadsheet(app, client, editor, add, feeds) -> None:
    add("Báo Hải Phòng", licence="full", auto_publish=True)
    add("Sở Xây dựng", agency=UNIT)
    failing = add("Đài =1+1")
    with app.app_context(), transaction() as session:
        row = keeping.hold(session, uuid.UUID(failing))
        row.failures, row.fault = 2, "source.fault.http|status=500"
        row.name = "=Đài"

    def names(headers: Headers = editor, **query: object) -> set[str]:
        answer = client.get(PATH, query_string=query, headers=headers)
        assert answer.status_code == 200, answer.json
        return {found["name"] for found in answer.json["items"]}

    everything = {"Báo Hải Phòng", "Sở Xây dựng", "=Đài"}
    assert names() == everything
    assert names(q="bao hai phong") == {"Báo Hải Phòng"}
    assert names(state="failing") == {"=Đài"}
    assert names(state=["new", "dead"]) == everything - {"=Đài"}
    assert names(agency=UNIT) == {"Sở Xây dựng"}
    assert names(licence="full", auto_publish=True) == {"Báo Hải Phòng"}
    assert names(state="paused") == names(state="retired") == names(category="health") == set()
    unit = bearer(officer(app, Role.UNIT_OFFICER, UNIT))
    assert names(unit) == {"Sở Xây dựng"}
    assert client.get(f"{PATH}/{failing}", headers=unit).status_code == 404

    page = client.get(PATH, query_string={"limit": 2}, headers=editor).json
    rest = names(limit=2, cursor=page["next_cursor"])
    assert {found["name"] for found in page["items"]} | rest == everything

    sheet = client.get(f"{PATH}.csv", headers={**editor, "Accept-Language": "en"}).text
    lines = list(csv.DictReader(io.StringIO(sheet.removeprefix("\ufeff"))))
    told = next(line for line in lines if line["Id"] == failing)
    assert (told["Name"], told["State"]) == ("'=Đài", "Failing")
    assert told["Fault"] == "The feed's server answered with the error 500."


@SQLITE
def test_figures_for_the_alarm(app, client, add, feeds) -> None:
    add("tot", item("Tin", "1"))
    work(app, "sources")
    quiet = add("im")
    with app.app_context(), transaction() as session:
        row = keeping.hold(session, uuid.UUID(quiet))
        row.failures, row.made_at = 3, row.made_at - timedelta(days=3)
        row.dead_at = row.made_at
    told = set(client.get("/metrics").text.splitlines())
    assert 'news_sources{state="healthy"} 1.0' in told
    assert 'news_sources{state="dead"} 1.0' in told
    assert "news_sources_failing 1.0" in told
    silence = next(line for line in told if line.startswith("news_source_silence_seconds "))
    assert 3 * 86_400 <= float(silence.split()[1]) < 3 * 86_400 + 600


@SQLITE
def test_the_command_line(app, database_url: str, tmp_path, feeds: Feeds) -> None:
    env = {
        "SMARTCITY_DATABASE_URL": database_url,
        "SMARTCITY_VAR_DIR": str(tmp_path),
    }

    def run(*words: str) -> tuple[int, str]:
        done = CliRunner().invoke(main, ["sources", *words], env=env)
        return done.exit_code, done.output

    url = feeds.put("lenh", rss(item("Dọn kênh", "1")))
    told = "Tin phường: 1 entries\n  Dọn kênh\n"
    assert run("check", url) == (0, told)
    assert count(app, Source) == 0
    status, output = run("add", url)
    ident, _, rest = output.partition("\n")
    assert (status, rest) == (0, told)
    assert work(app, "sources") == 1
    assert count(app, Article) == 1
    assert run("list") == (0, f"{ident}  healthy  Tin phường  {url}\n")
    assert run("poll", ident) == (0, "")
    assert run("pause", ident, "--reason", "Thử") == (0, "")
    assert "  paused  " in run("list")[1]
    assert run("resume", ident) == (0, "")
    assert run("retire", ident, "--reason", "Thử") == (0, "")
    assert run("list") == (0, "")
    feeds.suffer("page")
    status, output = run("check", url)
    assert status == 1
    assert output.startswith("Error: This address is a web page; it names its feed: http://")
