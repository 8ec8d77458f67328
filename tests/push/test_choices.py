"""What a phone chooses, what there is to choose from, and when it is quiet."""

import shutil
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from smartcity.core.clock import LOCAL
from smartcity.core.datafile import BadFile
from smartcity.push.categories import categories, link_allowed
from smartcity.push.models import DeviceChoice
from smartcity.push.quiet import ends_at, province_quiet_ends
from smartcity.settings import Settings
from tests.conftest import MakeApp
from tests.helpers import Headers, at_once, rows
from tests.push.conftest import Register

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def path(register: Register) -> str:
    return f"/api/v1/me/devices/{register('phone-a')}/preferences"


def test_a_phone_switches_categories_and_follows_topics(
    app: Flask, client: FlaskClient, me: Headers, stranger: Headers, path: str
) -> None:
    body = {"categories": {"news": False, "events": True}, "topics": {"weather": True}}
    told = client.put(path, json=body, headers=me).json
    assert [name for name, on in told["categories"].items() if not on] == ["news"]
    assert [name for name, on in told["topics"].items() if on] == ["weather"]
    assert {(c.name, c.wanted) for c in rows(app, DeviceChoice)} == {
        ("news", False),
        ("weather", True),
    }
    body = {"topics": {"weather": False}, "quiet_hours": {"from": "22:30", "to": "05:30"}}
    told = client.put(path, json=body, headers=me).json
    assert (told["categories"]["news"], told["topics"]["weather"]) == (False, False)
    assert told["quiet_hours"] == {"from": "22:30", "to": "05:30"}
    assert [c.name for c in rows(app, DeviceChoice)] == ["news"], "only what is not the default"
    assert client.put(path, json={"quiet_hours": None}, headers=me).json["quiet_hours"] is None
    assert client.put(path, json=body, headers=stranger).status_code == 404


def test_choices_made_at_once_do_not_meet(
    app: Flask, client: FlaskClient, me: Headers, path: str
) -> None:
    def put(wanted: bool) -> int:
        body = {"categories": {"news": wanted}, "topics": {"jobs": wanted}}
        return app.test_client().put(path, json=body, headers=me).status_code

    assert set(at_once(*(lambda n=n: put(n % 2 == 0) for n in range(6)))) == {200}
    assert {c.name for c in rows(app, DeviceChoice)} in ({"news"}, {"jobs"})


@on_sqlite
def test_what_cannot_be_chosen_is_refused_by_name(
    app: Flask, client: FlaskClient, me: Headers, path: str
) -> None:
    faults: list[tuple[dict[str, Any], list[str]]] = [
        ({"categories": {"pigeons": False}}, ["categories", "pigeons"]),
        ({"categories": {"warnings": False}}, ["categories", "warnings"]),
        ({"topics": {"news": True}}, ["topics", "news"]),
        ({"topics": ["weather"]}, ["topics"]),
        ({"quiet_hours": {"from": "24:00", "to": "05:00"}}, ["quiet_hours", "from"]),
        ({"quiet_hours": {"from": "22:00"}}, ["quiet_hours", "to"]),
        ({"colour": "red"}, ["colour"]),
    ]
    for body, where in faults:
        answer = client.put(path, json=body, headers=me)
        assert answer.status_code == 422, body
        told = answer.json["errors"]
        for step in where:
            told = told[step]
        assert isinstance(told, list), told
    assert rows(app, DeviceChoice) == []
    switched = {"categories": {"warnings": True}}
    assert client.put(path, json=switched, headers=me).status_code == 200


@on_sqlite
def test_everybody_reads_what_there_is_to_choose(client: FlaskClient) -> None:
    told = client.get("/api/v1/push/categories").json
    assert [c["id"] for c in told["categories"] if c["critical"]] == ["warnings"]
    assert told["topics"][0] == {"id": "weather", "name_vi": "Thời tiết", "name_en": "Weather"}
    assert told["quiet_hours"] == {"from": "22:00", "to": "06:00"}


def local(hour: int, minute: int = 0, day: int = 22) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=LOCAL)


@on_sqlite
def test_quiet_hours_end(in_app: Flask) -> None:
    for now, end in (
        (local(21, 59), None),
        (local(22), local(6, day=23)),
        (local(23, 59), local(6, day=23)),
        (local(0), local(6)),
        (local(5, 59), local(6)),
        (local(6), None),
    ):
        assert province_quiet_ends(now.astimezone(UTC)) == end
        assert ends_at((None, None), now) == end
    noon = 12 * 60
    assert ends_at((noon, noon + 60), local(12, 30)) == local(13)
    assert ends_at((noon, noon + 60), local(23)) is None, "his own, not the province's"
    assert ends_at((0, 0), local(0)) is None
    assert ends_at((1, 0), local(0, 1)) == local(0, day=23)
    assert ends_at((0, 1439), local(23, 58) + timedelta(seconds=59)) == local(23, 59)


GOOD_LINKS = (
    "/reports/0198c0de",
    "/news/2026?from=push#top",
    "https://gov.vn",
    "https://GOV.vn:443/",
    "https://dichvucong.gov.vn/p/home?a=b%20c#d",
    "https://xn--hidng-6na.gov.vn/",
    "https://www.congan.com.vn",
)
BAD_LINKS = (
    "",
    "/",
    "/reports",
    "/admin/",
    "reports/x",
    "//gov.vn/",
    "/\\gov.vn/",
    "/reports/../admin",
    "/reports/%2e%2E/admin",
    "/reports/..\\admin",
    "/reports/x y",
    "/reports/ộ",
    "/reports/x\n",
    "http://gov.vn/",
    "HTTP://gov.vn/",
    "javascript:alert(1)",
    "https:/gov.vn",
    "https://com.vn",
    "https://evilgov.vn",
    "https://gov.vn.evil.com",
    "https://gov-vn.com",
    "https://a@gov.vn/",
    "https://gov.vn@evil.com",
    "https://gov.vn:8443/",
    "https://gov.vn./",
    "https://gov.vn\\@evil.com/",
    "https://evil.com?gov.vn",
    "https://evil.com#.gov.vn",
    "https://.gov.vn",
    "https://g\u043ev.vn/",  # a Cyrillic о
    "https://hảidương.gov.vn/",
    "https://[::1]/",
)


@on_sqlite
def test_links_lead_to_the_app_and_to_official_hosts(in_app: Flask) -> None:
    assert [link for link in GOOD_LINKS if not link_allowed(link)] == []
    assert [link for link in BAD_LINKS if link_allowed(link)] == []


@on_sqlite
def test_a_file_that_is_wrong_is_refused_with_every_fault(
    make_app: MakeApp, tmp_path: Path
) -> None:
    folder = shutil.copytree(Settings.province_dir, tmp_path / "province")
    file = folder / "push.yaml"
    good = file.read_text("utf-8")
    for wrong, right, fault in (
        ('"22:00"', '"22h"', "quiet_hours.from: Must be a time of day"),
        ("id: weather", "id: news", "news is there 2 times"),
        ("cap: 3", "cap: 0", "categories[2].cap"),
        ("gov.vn", "tỉnh.vn", "links.hosts[0]: Must be a host name"),
        ("gov.vn", "https://gov.vn", "links.hosts[0]: Must be a host name"),
        ("/reports/", "reports/", "links.paths[0]"),
        ("    critical: true\n", "", "none is critical"),
    ):
        assert wrong in good
        file.write_text(good.replace(wrong, right, 1), "utf-8")
        with make_app(province_dir=folder).app_context(), pytest.raises(BadFile) as refused:
            categories()
        assert fault in str(refused.value)


@on_sqlite
def test_no_installation_of_nobodys(client: FlaskClient, me: Headers) -> None:
    path = f"/api/v1/me/devices/{uuid.uuid4()}/preferences"
    assert client.put(path, json={}, headers=me).status_code == 404
