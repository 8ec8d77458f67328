"""Uploads that break off and go on: tus 1.0.0, over the test client and over a cut connection."""

import base64
import hashlib
import socket
import uuid
from collections.abc import Callable
from datetime import timedelta
from email.utils import parsedate_to_datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from smartcity.core import clock
from smartcity.media import jobs
from smartcity.media.inspection import LARGEST
from smartcity.media.models import Media, Upload
from smartcity.media.resumable import MOST_PARTS
from tests.conftest import MakeApp
from tests.helpers import Headers, at_once, bearer, citizen, count, file_report, rows, served, until
from tests.media.pictures import jpeg

TUS = {"Tus-Resumable": "1.0.0"}
PATH = "/api/v1/media/uploads"
PHOTO = jpeg(320, 240)


class Phone:
    """A tus client: it asks where the server is and goes on from there."""

    def __init__(self, client: FlaskClient, headers: Headers) -> None:
        self.client = client
        self.headers = {**headers, **TUS}

    def create(self, length: int) -> TestResponse:
        headers = {**self.headers, "Upload-Length": str(length)}
        return self.client.post(PATH, headers=headers)

    def begin(self, length: int = len(PHOTO)) -> str:
        answer = self.create(length)
        assert answer.status_code == 201, answer.json
        return str(uuid.UUID(answer.headers["Location"].rpartition("/")[2]))

    def send(self, upload: str, offset: int, part: bytes, **more: str) -> TestResponse:
        headers = {**self.headers, "Upload-Offset": str(offset), **more}
        headers.setdefault("Content-Type", "application/offset+octet-stream")
        return self.client.patch(f"{PATH}/{upload}", data=part, headers=headers)

    def head(self, upload: str) -> TestResponse:
        return self.client.head(f"{PATH}/{upload}", headers=self.headers)

    def offset(self, upload: str) -> int:
        return int(self.head(upload).headers["Upload-Offset"])

    def photo(self, upload: str) -> dict[str, object]:
        return self.client.get(f"/api/v1/media/{upload}", headers=self.headers).json

    def whole(self, content: bytes = PHOTO) -> str:
        upload = self.begin(len(content))
        assert self.send(upload, 0, content).status_code == 204
        return upload


@pytest.fixture
def phone(client: FlaskClient, me: Headers) -> Phone:
    return Phone(client, me)


def test_the_server_says_what_it_speaks(client: FlaskClient) -> None:
    answer = client.options(PATH)
    assert answer.status_code == 204
    assert answer.headers["Tus-Version"] == "1.0.0"
    assert {"creation", "expiration", "checksum"} <= set(answer.headers["Tus-Extension"].split(","))
    assert answer.headers["Tus-Max-Size"] == str(LARGEST)
    assert "sha1" in answer.headers["Tus-Checksum-Algorithm"].split(",")


def test_a_photo_in_three_parts_becomes_a_picture(phone: Phone, work: Callable[[], int]) -> None:
    created = phone.create(len(PHOTO))
    expires = parsedate_to_datetime(created.headers["Upload-Expires"])
    assert timedelta(hours=23) < expires - clock.now() < timedelta(hours=25)
    upload = created.headers["Location"].rpartition("/")[2]
    assert phone.photo(upload)["status"] == "uploading"
    assert phone.photo(upload)["links"] is None
    for start, end in ((0, 1000), (1000, 1001), (1001, len(PHOTO))):
        answer = phone.send(upload, start, PHOTO[start:end])
        assert (answer.status_code, answer.headers["Upload-Offset"]) == (204, str(end))
    work()
    photo = phone.photo(upload)
    assert (photo["status"], photo["width"], photo["height"]) == ("ready", 320, 240)
    assert photo["bytes"] == len(PHOTO)


def test_parts_are_gone_once_the_photo_is_whole(
    phone: Phone, app: Flask, work: Callable[[], int], stored: Callable[[], list[str]]
) -> None:
    upload = phone.whole()
    assert [name for name in stored() if name.startswith("part-")]
    work()
    with app.app_context():
        jobs.sweep()
    assert not [name for name in stored() if name.startswith("part-")]
    assert "original" in stored()
    assert phone.head(upload).headers["Upload-Offset"] == str(len(PHOTO))


def test_a_report_may_go_before_its_photo(
    phone: Phone, client: FlaskClient, me: Headers, work: Callable[[], int]
) -> None:
    upload = phone.begin()
    phone.send(upload, 0, PHOTO[:500])
    report = file_report(client, me, media_ids=[upload])
    assert report["media"][0]["status"] == "uploading"
    phone.send(upload, 500, PHOTO[500:])
    work()
    seen = client.get(f"/api/v1/reports/{report['id']}", headers=me).json
    assert seen["media"][0]["status"] == "ready"


def test_a_repeated_part_changes_nothing(phone: Phone) -> None:
    upload = phone.begin()
    phone.send(upload, 0, PHOTO[:700])
    again = phone.send(upload, 0, PHOTO[:700])
    assert again.status_code == 409
    assert again.headers["Upload-Offset"] == "700"
    assert phone.offset(upload) == 700
    assert phone.send(upload, 900, PHOTO[900:]).status_code == 409


def test_two_senders_of_one_part_are_counted_once(
    phone: Phone, app: Flask, me: Headers, work: Callable[[], int]
) -> None:
    upload = phone.begin()
    senders = [Phone(app.test_client(), me) for _ in range(4)]
    answers = at_once(*(lambda s=s: s.send(upload, 0, PHOTO) for s in senders))
    assert sorted(a.status_code for a in answers) == [204, 409, 409, 409]
    work()
    assert phone.photo(upload)["status"] == "ready"


@settings(
    max_examples=15,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    tries=st.lists(
        st.tuples(st.integers(0, len(PHOTO)), st.integers(0, 4000)), min_size=1, max_size=8
    )
)
def test_whatever_a_client_tries_the_bytes_are_those_of_the_photo(
    phone: Phone, app: Flask, tries: list[tuple[int, int]]
) -> None:
    upload = phone.begin()
    stands = 0
    for offset, size in tries:
        part = PHOTO[offset : offset + size]
        answer = phone.send(upload, offset, part)
        fits = offset == stands
        assert answer.status_code == (204 if fits else 409)
        stands += len(part) if fits else 0
        assert phone.offset(upload) == stands
    phone.send(upload, stands, PHOTO[stands:])
    until_assembled(app)
    [media] = rows(app, Media, Media.id == uuid.UUID(upload))
    assert media.sha256 == hashlib.sha256(PHOTO).hexdigest()


def until_assembled(app: Flask) -> None:
    from tests.media.conftest import do_media_jobs

    assert do_media_jobs(app)


def test_checksums(phone: Phone) -> None:
    upload = phone.begin()
    part = PHOTO[:100]
    good = base64.b64encode(hashlib.sha1(part).digest()).decode()
    answer = phone.send(upload, 0, PHOTO[1:101], **{"Upload-Checksum": f"sha1 {good}"})
    assert answer.status_code == 460
    assert answer.json["detail"]
    assert phone.offset(upload) == 0
    for unknown in ("crc32 AAAA", f"sha1{good}", "sha1 ???", ""):
        refused = phone.send(upload, 0, part, **{"Upload-Checksum": unknown})
        assert refused.status_code == 400, unknown
    assert phone.send(upload, 0, part, **{"Upload-Checksum": f"sha1 {good}"}).status_code == 204


def test_what_is_refused(phone: Phone, client: FlaskClient, me: Headers) -> None:
    assert phone.create(LARGEST + 1).status_code == 413
    assert phone.create(0).status_code == 422
    for length in ("-1", "1.5", "x", "9" * 20, ""):
        answer = client.post(PATH, headers={**phone.headers, "Upload-Length": length})
        assert "Upload-Length" in answer.json["errors"], length
    upload = phone.begin(10)
    assert phone.send(upload, 0, b"x" * 11).status_code == 413
    assert phone.send(upload, 0, b"x", **{"Content-Type": "image/jpeg"}).status_code == 415
    other = client.head(f"{PATH}/{upload}", headers={**me, "Tus-Resumable": "0.2.2"})
    assert (other.status_code, other.headers["Tus-Version"]) == (412, "1.0.0")
    assert client.head(f"{PATH}/{upload}", headers=me).status_code == 412


def test_another_ones_upload_is_not_there(
    phone: Phone, client: FlaskClient, stranger: Headers
) -> None:
    upload, other = phone.begin(), Phone(client, stranger)
    assert other.head(upload).status_code == 404
    assert other.send(upload, 0, PHOTO).status_code == 404
    assert client.delete(f"{PATH}/{upload}", headers=other.headers).status_code == 404
    assert phone.offset(upload) == 0


def test_what_is_no_picture_is_told_by_the_photo(phone: Phone, work: Callable[[], int]) -> None:
    upload = phone.whole(b"no picture at all")
    work()
    photo = phone.photo(upload)
    assert photo["status"] == "rejected"
    assert "JPEG" in str(photo["reason"])
    assert phone.head(upload).status_code == 410


def test_an_unfinished_upload_ends_after_a_day(
    phone: Phone, app: Flask, client: FlaskClient, me: Headers, stored: Callable[[], list[str]]
) -> None:
    loose, named = phone.begin(), phone.begin()
    phone.send(named, 0, PHOTO[:100])
    report = file_report(client, me, media_ids=[named])
    with clock.frozen(clock.now() + timedelta(hours=24, minutes=1)):
        fresh = Phone(client, bearer(citizen(app)))
        assert fresh.head(loose).status_code == 410
        with app.app_context():
            jobs.sweep()
        assert fresh.send(named, 100, PHOTO[100:]).status_code == 410
    assert stored() == []
    assert count(app, Upload) == 0
    seen = client.get(f"/api/v1/reports/{report['id']}", headers=me).json
    assert seen["media"][0]["status"] == "rejected"


def test_a_whole_upload_waits_for_a_worker_that_was_away(
    phone: Phone, app: Flask, client: FlaskClient, me: Headers, work: Callable[[], int]
) -> None:
    upload = phone.whole()
    file_report(client, me, media_ids=[upload])
    with clock.frozen(clock.now() + timedelta(days=3)), app.app_context():
        jobs.sweep()
    work()
    assert phone.photo(upload)["status"] == "ready"


def test_an_upload_is_given_up(phone: Phone, client: FlaskClient) -> None:
    upload = phone.begin()
    assert client.delete(f"{PATH}/{upload}", headers=phone.headers).status_code == 204
    assert phone.head(upload).status_code == 410
    assert phone.send(upload, 0, PHOTO).status_code == 410
    assert client.delete(f"{PATH}/{upload}", headers=phone.headers).status_code == 410


def test_too_many_parts_are_refused(phone: Phone, app: Flask) -> None:
    upload = phone.begin()
    from smartcity.core.db import transaction

    with app.app_context(), transaction() as session:
        session.get_one(Upload, uuid.UUID(upload)).named = ["0-x"] * MOST_PARTS
    assert phone.send(upload, 0, PHOTO).status_code == 409


def test_a_post_stands_for_a_method_that_a_network_blocks(phone: Phone) -> None:
    upload = phone.begin()
    headers = {
        **phone.headers,
        "Upload-Offset": "0",
        "Content-Type": "application/offset+octet-stream",
        "X-HTTP-Method-Override": "PATCH",
    }
    answer = phone.client.post(f"{PATH}/{upload}", data=PHOTO[:10], headers=headers)
    assert (answer.status_code, answer.headers["Upload-Offset"]) == (204, "10")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_a_cut_connection_brought_is_kept(make_app: MakeApp) -> None:
    app = make_app()
    phone = Phone(app.test_client(), bearer(citizen(app)))
    upload = phone.begin()
    lines = [
        f"PATCH {PATH}/{upload} HTTP/1.1",
        "Host: localhost",
        f"Authorization: {phone.headers['Authorization']}",
        "Tus-Resumable: 1.0.0",
        "Upload-Offset: 0",
        "Content-Type: application/offset+octet-stream",
        f"Content-Length: {len(PHOTO)}",
    ]
    with served(app) as port:
        with socket.create_connection(("127.0.0.1", port), timeout=10) as wire:
            wire.sendall("\r\n".join([*lines, "", ""]).encode() + PHOTO[:1234])
        until(lambda: phone.offset(upload) == 1234)
    assert phone.send(upload, 1234, PHOTO[1234:]).status_code == 204
    until_assembled(app)
    assert phone.photo(upload)["status"] == "ready"
