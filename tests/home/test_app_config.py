"""What the app is told at its start: from the file, then from admins, each version kept."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from smartcity.audit.models import AuditEntry
from tests.helpers import Headers, at_once, rows
from tests.home.desk import APP, CONFIG, delta

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
STORES = {
    "android": "https://play.google.com/store/apps/details?id=vn.gov.haiphong.app",
    "ios": "https://apps.apple.com/vn/app/id1234567890",
}
NOTICE = {
    "vi": "Bảo trì từ 22 giờ.",
    "en": "Maintenance from 10 p.m.",
    "from": "2026-11-24T22:00:00+07:00",
    "until": "2026-11-24T23:00:00+07:00",
}


def wished(minimum: str = "3.0.0", latest: str = "3.2.0", **other: Any) -> dict[str, Any]:
    """A good configuration."""
    platforms = {
        name: {"minimum": minimum, "latest": latest, "store": store}
        for name, store in STORES.items()
    }
    return {**platforms, "maintenance": None, "features": {}, "reason": "Bản mới.", **other}


def put(client: FlaskClient, who: Headers, seen: int, noun: str = "", **body: Any) -> TestResponse:
    return client.put(f"{CONFIG}{noun}", json=body, headers={**who, "If-Match": f'"{seen}"'})


@SQLITE
def test_the_file_holds_until_an_admin_says_otherwise(client: FlaskClient, admin: Headers) -> None:
    told = client.get(APP).json
    assert (told["version"], told["android"]["minimum"], told["maintenance"]) == (0, "1.0.0", None)
    assert set(told["features"].values()) == {True}
    assert (told["languages"], told["privacy_policy"]) == (["vi", "en"], 1)
    seen = client.get(CONFIG, headers=admin)
    assert (seen.json["version"], seen.json["made_at"], seen.headers["ETag"]) == (0, None, '"0"')


def test_versions_are_told_kept_and_restored(
    app: Flask, client: FlaskClient, admin: Headers, auditor: Headers
) -> None:
    first = put(client, admin, 0, **wished(features={"search": False}, maintenance=NOTICE))
    assert (first.status_code, first.headers["ETag"]) == (200, '"1"'), first.json
    assert first.json["content"]["maintenance"]["from"] == "2026-11-24T15:00:00.000+00:00"
    told = client.get(APP).json
    assert (told["version"], told["features"]["search"], told["features"]["news"]) == (
        1,
        False,
        True,
    )
    assert told["maintenance"]["until"] == "2026-11-24T16:00:00.000+00:00"
    assert put(client, admin, 1, **wished("3.1.0", reason="Lỗi nặng.")).status_code == 200
    assert client.get(APP).json["android"]["minimum"] == "3.1.0"
    assert put(client, admin, 1, **wished()).status_code == 412
    back = put(client, admin, 2, "/restoration", version=1, reason="Nhầm.")
    assert (back.status_code, back.json["version"]) == (200, 3)
    assert client.get(APP).json["features"]["search"] is False
    kept = client.get(f"{CONFIG}/versions", headers=auditor).json["items"]
    assert [(v["version"], v["reason"]) for v in kept] == [
        (3, "Nhầm."),
        (2, "Lỗi nặng."),
        (1, "Bản mới."),
    ]
    older = client.get(f"{CONFIG}/versions?before=3&limit=1", headers=auditor).json["items"]
    assert [v["version"] for v in older] == [2]
    assert put(client, admin, 3, "/restoration", version=9, reason="x").status_code == 404
    deeds = rows(app, AuditEntry, AuditEntry.subject_kind == "app_config")
    assert [d.action.partition(".")[2] for d in deeds] == ["change", "change", "restore"]
    assert (deeds[1].before["android"]["minimum"], deeds[1].detail) == (
        "3.0.0",
        {"reason": "Lỗi nặng."},
    )
    assert delta(client)[0] == [("app_config", "current", False)]


@SQLITE
@pytest.mark.parametrize(
    ("field", "asked"),
    [
        ("android", wished("abc")),
        ("android", wished("3.3.0", "3.2.0")),
        ("ios", wished(ios={**wished()["ios"], "store": STORES["android"]})),
        ("android", wished(android={**wished()["android"], "store": "https://evil.example/app"})),
        ("features", wished(features={"time_travel": True})),
        ("features", wished(features={"search": "perhaps"})),
        ("maintenance", wished(maintenance={**NOTICE, "until": NOTICE["from"]})),
        ("maintenance", wished(maintenance={k: v for k, v in NOTICE.items() if k != "en"})),
        ("reason", wished(reason="")),
        ("android", {k: v for k, v in wished().items() if k != "android"}),
    ],
)
def test_what_no_app_could_follow_is_named(
    client: FlaskClient, admin: Headers, field: str, asked: dict[str, Any]
) -> None:
    answer = put(client, admin, 0, **asked)
    assert (answer.status_code, field in answer.json["errors"]) == (422, True), answer.json
    assert client.get(APP).json["version"] == 0


def test_of_two_admins_at_once_one_is_told(app: Flask, admin: Headers) -> None:
    calls: list[Callable[[], TestResponse]] = [
        partial(put, app.test_client(), admin, 0, **wished(f"3.{n}.0")) for n in range(2)
    ]
    assert sorted(answer.status_code for answer in at_once(*calls)) == [200, 412]
    assert app.test_client().get(APP).json["version"] == 1
