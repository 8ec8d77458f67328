"""Everything that is held of somebody, in one archive, for one day, for him alone."""

import io
import json
import tracemalloc
import uuid
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from smartcity.adapters.storage import storage
from smartcity.core import clock
from smartcity.core.db import transaction
from smartcity.privacy import jobs
from smartcity.privacy.archive import write
from smartcity.privacy.exports import storage_key
from smartcity.privacy.holdings import HOLDINGS
from smartcity.privacy.models import DataRequest, Export
from smartcity.push.models import InboxMessage
from tests.conftest import MakeApp
from tests.helpers import Headers, at_once, bearer, citizen, count, key, rows, take, work
from tests.privacy.life import ADDRESS, NAME, PHONE, TOKEN, Life, live

EXPORT = "/api/v1/me/export"
DAY = timedelta(days=1)


@pytest.fixture
def life(app: Flask) -> Life:
    return live(app, among_others=True)


def ask(client: FlaskClient, headers: Headers) -> Any:
    return client.post(EXPORT, headers={**headers, **key()})


def fetched(client: FlaskClient, headers: Headers) -> zipfile.ZipFile:
    found = client.get(EXPORT, headers=headers).json
    assert found["state"] == "ready", found
    answer = client.get(path_of(found["link"]))
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert len(answer.data) == found["size"]
    return zipfile.ZipFile(io.BytesIO(answer.data))


def path_of(link: str) -> str:
    parts = urlsplit(link)
    assert parts.scheme
    assert parts.netloc
    return f"{parts.path}?{parts.query}"


def stored(tmp_path: Path) -> list[Path]:
    return list((tmp_path / "media").rglob("*-export.zip"))


def test_all_that_is_held_is_in_it(app: Flask, client: FlaskClient, life: Life) -> None:
    with fetched(client, life.headers) as archive:
        assert archive.testzip() is None
        files = {n: json.loads(archive.read(n)) for n in archive.namelist() if n.endswith("json")}
        assert files.keys() == {f"{holding.name}.json" for holding in HOLDINGS if holding.told}
        assert all(files.values()), "a file is empty"
        readme = archive.read("README.txt").decode()
        pictures = [name for name in archive.namelist() if name.startswith("photos/")]
        assert all(archive.read(name) for name in pictures)
    (account,) = files["account.json"]
    assert (account["phone"], account["display_name"]) == (PHONE, NAME)
    (report,) = files["reports.json"]
    assert report["code"] == life.report["code"]
    assert [step["move"] for step in report["timeline"]] == [
        "submit",
        "request_info",
        "answer_info",
    ]
    assert report["timeline"][2]["public_text"] == "Trước cổng chợ"
    assert "officer:" not in json.dumps(report), "it tells who the officers are"
    assert {f"photos/{life.unused_photo}.jpeg"} < set(pictures)
    assert len(pictures) == len(files["photos.json"]) == 2
    assert files["devices.json"][0]["value"] == TOKEN
    assert {c["purpose"] for c in files["consents.json"]} == {"campaigns", "nearby"}
    assert {deed["private"]["address"] for deed in files["deeds.json"] if deed["private"]} == {
        ADDRESS
    }
    assert report["code"] in files["inbox.json"][0]["title"]
    (read,) = files["broadcasts_read.json"]
    assert (read["title"], bool(read["read_at"])) == ("Lịch cắt điện", True)
    assert "DỮ LIỆU CỦA BẠN" in readme
    assert "YOUR DATA" in readme


def test_nobody_elses_is_in_it(app: Flask, client: FlaskClient, life: Life) -> None:
    other = live(app, "+84987654321", "another-token")
    with fetched(client, other.headers) as archive:
        whole = b"".join(archive.read(name) for name in archive.namelist() if "json" in name)
    for trace in (PHONE, TOKEN, str(life.id), life.report["id"], life.unused_photo):
        assert trace.encode() not in whole


def test_it_tells_how_far_it_is(app: Flask, client: FlaskClient, me: Headers) -> None:
    assert client.get(EXPORT, headers=me).status_code == 404
    asked = ask(client, me)
    assert asked.status_code == 202
    assert (asked.json["state"], asked.json["progress"]) == ("waiting", 0)
    assert asked.json["link"] is None
    assert ask(client, me).json["id"] == asked.json["id"], "one at a time"
    assert work(app, "exports") == 1
    ready = client.get(EXPORT, headers=me).json
    assert (ready["state"], ready["progress"]) == ("ready", 100)
    (request,) = rows(app, DataRequest)
    assert (request.kind, request.outcome) == ("export", "done")
    assert request.answered_at == request.done_at


def test_a_link_is_good_for_a_day_and_then_the_archive_is_destroyed(
    app: Flask, client: FlaskClient, life: Life, tmp_path: Path
) -> None:
    link = path_of(client.get(EXPORT, headers=life.headers).json["link"])
    assert len(stored(tmp_path)) == 1
    with clock.frozen(clock.now() + DAY * 0.99), app.app_context():
        jobs.destroy_expired()
        assert client.get(link).status_code == 200
    with clock.frozen(clock.now() + DAY * 1.01):
        assert client.get(link).status_code == 410
        headers = bearer(citizen(app))
        before = client.get(EXPORT, headers=headers).json
        assert (before["state"], before["link"]) == ("expired", None)
        with app.app_context():
            jobs.destroy_expired()
        assert stored(tmp_path) == []
        assert client.get(link).status_code == 410
        assert client.get(EXPORT, headers=headers).json["state"] == "expired"


def test_a_link_opens_its_own_archive_only(
    app: Flask, client: FlaskClient, life: Life, me: Headers
) -> None:
    link = path_of(client.get(EXPORT, headers=life.headers).json["link"])
    good = client.get(link).status_code
    other = link.replace(link.split("/")[2][:36], str(uuid.uuid4()))
    longer = link.replace("expires=", "expires=9")
    assert (good, client.get(other).status_code, client.get(longer).status_code) == (200, 404, 404)
    assert client.get(link[:-1] + ("A" if link[-1] != "A" else "B")).status_code == 404
    assert client.get(link.partition("?")[0]).status_code == 422


def test_three_a_day(app: Flask, client: FlaskClient, me: Headers) -> None:
    for _ in range(3):
        assert ask(client, me).status_code == 202
        work(app, "exports")
    refused = ask(client, me)
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0
    with clock.frozen(clock.now() + DAY):
        assert ask(client, bearer(citizen(app))).status_code == 202


def test_asked_twice_at_once_one_is_made(app: Flask, me: Headers) -> None:
    answers = at_once(*(lambda: ask(app.test_client(), me) for _ in range(4)))
    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.json["id"] for answer in answers}) == 1
    assert count(app, Export) == 1


def test_whoever_is_erased_while_it_is_made_leaves_none(
    app: Flask, client: FlaskClient, me: Headers, tmp_path: Path
) -> None:
    export_id = uuid.UUID(ask(client, me).json["id"])
    client.delete("/api/v1/me", headers=me)
    with app.app_context():
        (lease,) = take("exports")
        with clock.frozen(clock.now() + timedelta(days=7, minutes=3)):
            jobs.erase_due()
    assert work(app, "exports") == 1
    with app.app_context():
        slow = io.BytesIO(b"what a worker writes that was killed before it could say so")
        storage().put(storage_key(export_id), slow, "application/zip")
        assert len(stored(tmp_path)) == 1
        jobs.make_export(lease)  # as its job is repeated
    assert stored(tmp_path) == []


def test_what_the_store_lost_does_not_stop_it(
    app: Flask, client: FlaskClient, life: Life, tmp_path: Path
) -> None:
    for file in (tmp_path / "media").rglob("*"):
        if file.is_file():
            file.unlink()
    assert ask(client, life.headers).status_code == 202
    work(app, "exports")
    with fetched(client, life.headers) as archive:
        assert not any(name.startswith("photos/") for name in archive.namelist())
        assert len(json.loads(archive.read("photos.json"))) == 2


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_long_life_takes_little_memory(make_app: MakeApp, tmp_path: Path) -> None:
    app = make_app()
    me = uuid.UUID(app.test_client().get("/api/v1/me", headers=bearer(citizen(app))).json["id"])
    with app.app_context(), transaction() as session:
        session.add_all(_message(me, number, "x" * 4_000) for number in range(5_000))
    with app.app_context(), (tmp_path / "archive.zip").open("wb") as file:
        tracemalloc.start()
        write(file, me, lambda _percent: None)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert file.name
    assert most < 12 * 2**20, f"{most / 2**20:.0f} MiB"
    with zipfile.ZipFile(tmp_path / "archive.zip") as archive:
        assert archive.getinfo("inbox.json").file_size > 5_000 * 4_000


def _message(citizen_id: uuid.UUID, number: int, words: str) -> InboxMessage:
    return InboxMessage(
        id=uuid.uuid4(),
        citizen_id=citizen_id,
        category="reports",
        text="push.report.accept",
        values={"code": "x", "public_text": words},
        link=f"/reports/{number}",
        created_at=clock.now(),
    )
